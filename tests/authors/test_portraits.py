"""A portrait stands under every story of its author: a picture for one story cannot be one."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from authors import workflow
from authors.models import Author
from newsroom.accounts.models import User
from newsroom.images.models import Image
from tests import factories
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db

SENTENCE = "is for a single use in one story. A portrait stands under every story"


@pytest.fixture
def single() -> Image:
    return factories.image(file_name="single.jpg", licence="agency-single-use")


def test_verb_refuses_a_portrait_for_a_single_use(single: Image) -> None:
    with pytest.raises(ValidationError, match=SENTENCE):
        workflow.keep(Author(name="Ana Zimmer", slug="ana-zimmer", portrait=single), by=None)
    assert not Author.objects.exists()


def test_form_refuses_it_with_a_sentence_at_the_portrait(editor: User, single: Image) -> None:
    author = factories.author("Ana Zimmer")
    asked = {
        "name": "Ana Zimmer", "slug": author.slug, "portrait": single.pk,
        "links-TOTAL_FORMS": 0, "links-INITIAL_FORMS": 0,
    }  # fmt: skip
    answer = logged_in(editor).post(f"/admin/authors/author/{author.pk}/change/", asked)
    (sentence,) = answer.context["adminform"].form.errors["portrait"]
    assert SENTENCE in sentence
    assert Author.objects.get().portrait is None


def test_portrait_that_became_a_picture_for_one_story_is_not_shown(client: Client) -> None:
    """Its licence was changed in the library after it had been chosen."""
    portrait = factories.image(alt="Ana at her desk")
    author = factories.author("Ana Zimmer", portrait=portrait)
    assert "Ana at her desk" in client.get(author.get_absolute_url()).text
    Image.objects.update(licence="agency-single-use")
    assert "Ana at her desk" not in client.get(author.get_absolute_url()).text
