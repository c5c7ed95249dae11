"""A picture is stored whole, row and files, or not at all."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import TestCase

from newsroom import caching
from newsroom.images import library
from newsroom.images.models import Image
from newsroom.images.processing import Refused
from newsroom.storage import NotStored, originals
from tests import factories
from tests.images import pictures

pytestmark = pytest.mark.django_db


def test_a_picture_gets_its_row_its_original_and_its_renditions(editor, stored):
    image = library.add(pictures.upload(), by=editor, alt="Red above blue")
    assert (image.width, image.height, image.file_name) == (400, 300, "flag.jpg")
    assert (image.uploaded_by, image.alt) == (editor, "Red above blue")
    whole, crop = [(320, 240), (400, 300)], [(160, 160), (300, 300)]
    assert [(one.width, one.height) for one in image.files("jpeg")] == whole
    assert [(one.width, one.height) for one in image.files("webp")] == whole
    assert [(one.width, one.height) for one in image.files("jpeg", "1x1")] == crop
    assert set(image.renditions) == {"whole", "16x9", "3x2", "1x1", "4x5"}
    assert stored() == sorted([image.original.name, *image.names()])


def test_names_are_random_and_closed(picture):
    assert re.fullmatch(r"originals/[0-9a-f]{32}", picture.original.name)
    for name in picture.names():
        assert re.fullmatch(r"renditions/[0-9a-f]{24}/([0-9x]+-)?[0-9]+\.(jpg|webp)", name)
    for cut in picture.renditions:
        for file in picture.files("jpeg", cut):
            assert default_storage.size(file.name) == file.bytes


def test_the_original_is_kept_byte_for_byte(picture):
    with originals.open(picture.original.name) as original:
        assert original.read() == pictures.jpeg()


def test_a_long_file_name_keeps_its_end(db):
    image = library.add(pictures.upload(name="x" * 300 + ".jpg"), by=None)
    assert len(image.file_name) <= 255
    assert image.file_name.endswith("x.jpg")


@pytest.mark.parametrize("data", [b"", pictures.SVG, pictures.bomb(), pictures.jpeg()[:-400]])
def test_a_refused_file_leaves_no_row_and_no_file(data, stored):
    with pytest.raises(Refused):
        library.add(pictures.upload(data), by=None)
    assert not Image.objects.exists()
    assert stored() == []


def test_a_file_over_the_limit_is_refused(settings, stored):
    settings.MAX_UPLOAD_BYTES = 1_000
    with pytest.raises(Refused, match="larger than"):
        library.add(pictures.upload(), by=None)
    assert stored() == []


@pytest.mark.parametrize(
    "words", [{"licence": "stolen"}, {"focal_x": 1.5}, {"alt": "A flag", "decorative": True}]
)
def test_impossible_words_are_refused_before_anything_is_written(words, stored):
    with pytest.raises(ValidationError):
        library.add(pictures.upload(), by=None, **words)
    assert not Image.objects.exists()
    assert stored() == []


@pytest.mark.parametrize("room", [0, 1, 3, 4])
def test_a_disk_that_fills_up_leaves_no_row_and_no_half_file(room, disk_that_fills_up, stored):
    disk_that_fills_up.room = room
    with pytest.raises(NotStored, match="nothing of it was kept"):
        library.add(pictures.upload(), by=None)
    assert not Image.objects.exists()
    assert stored() == []


def test_a_row_that_the_database_refuses_leaves_no_file(monkeypatch, stored):
    def refuse(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(Image, "save", refuse)
    with pytest.raises(IntegrityError):
        library.add(pictures.upload(), by=None)
    assert stored() == []


@pytest.mark.django_db(transaction=True)
def test_files_go_when_the_transaction_around_them_fails(stored):
    def store_and_fail():
        with library.all_or_nothing(), transaction.atomic():
            library.add(pictures.upload(), by=None)
            assert stored()
            raise IntegrityError

    with pytest.raises(IntegrityError):
        store_and_fail()
    assert not Image.objects.exists()
    assert stored() == []


def test_files_outlive_a_failure_that_was_not_theirs(picture, stored):
    before = stored()
    with pytest.raises(Refused):
        library.add(pictures.upload(pictures.SVG), by=None)
    assert stored() == before


def test_a_replaced_file_has_new_addresses_and_the_old_files_go(picture, editor, stored):
    old = stored()
    with TestCase.captureOnCommitCallbacks(execute=True):
        library.replace_file(picture, pictures.upload(pictures.jpeg(800, 400)), by=editor)
        assert set(old) < set(stored())
    again = Image.objects.get()
    assert (again.width, again.height, again.alt) == (800, 400, "Red above blue")
    assert not set(old) & set(stored())
    assert sorted([again.original.name, *again.names()]) == stored()


def test_a_replacement_that_fails_leaves_the_old_picture(picture, disk_that_fills_up, stored):
    old = stored()
    with (
        TestCase.captureOnCommitCallbacks(execute=True),
        pytest.raises(NotStored),
    ):
        library.replace_file(picture, pictures.upload(pictures.jpeg(800, 400)), by=None)
    again = Image.objects.get()
    assert (again.width, again.height) == (400, 300)
    assert stored() == old


def test_what_shows_a_picture_is_stale_when_it_changes(picture):
    heard = []

    def listen(sender, tags, **kwargs):
        heard.append(tags)

    caching.purged.connect(listen)
    with TestCase.captureOnCommitCallbacks(execute=True):
        library.revise(picture, caption="A new caption.")
        assert heard == []
    assert len(heard) > 0
    heard.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        library.replace_file(picture, pictures.upload(), by=None)
    caching.purged.disconnect(listen)
    assert set(heard) == {frozenset({picture.subject})}
    assert Image.objects.get().caption == "A new caption."


def test_new_words_never_undo_a_replacement_made_meanwhile(picture):
    in_the_form = Image.objects.get()
    library.replace_file(picture, pictures.upload(pictures.jpeg(800, 400)), by=None)
    library.revise(in_the_form, alt="New words")
    again = Image.objects.get()
    assert (again.alt, again.width, again.renditions) == ("New words", 800, picture.renditions)


def test_deleting_a_picture_deletes_its_files_once_that_is_certain(picture, stored):
    with TestCase.captureOnCommitCallbacks(execute=True):
        library.remove(picture)
        assert len(stored()) == 11
    assert stored() == []
    assert not Image.objects.exists()


def test_a_picture_in_use_is_not_deleted(picture, stored):
    factories.draft(lead_image=picture)
    with TestCase.captureOnCommitCallbacks(execute=True), pytest.raises(ProtectedError):
        library.remove(picture)
    assert Image.objects.exists()
    assert len(stored()) == 11


def test_pictures_of_a_page_come_in_one_query(django_assert_num_queries):
    first, second = factories.image(), factories.image()
    with django_assert_num_queries(1):
        found = library.pictures([first.pk, second.pk, second.pk, 999_999])
    assert found == {first.pk: first, second.pk: second}
    with django_assert_num_queries(0):
        assert library.pictures([]) == {}
