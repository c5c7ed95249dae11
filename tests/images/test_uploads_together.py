"""The same file from two people at the same time, in connections of their own."""

import pytest

from newsroom.images import library
from newsroom.images.library import AlreadyThere
from newsroom.images.models import Image
from tests.articles.test_together import together
from tests.images import pictures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_same_file_from_two_at_once_is_stored_once() -> None:
    def keep() -> Image | AlreadyThere:
        try:
            return library.keep_once(Image(), prepared, by=None)
        except AlreadyThere as there:
            return there

    prepared = library.prepare(pictures.upload())
    outcomes = together(keep, keep, keep)
    assert sorted(type(one).__name__ for one in outcomes) == [
        "AlreadyThere",
        "AlreadyThere",
        "Image",
    ]
    assert Image.objects.count() == 1
