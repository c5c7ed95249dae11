"""What the worker makes of a picture, and when it goes."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import TestCase
from django.utils import timezone
from PIL import Image as Pillow

from newsroom import caching, storage
from newsroom.deliveries.models import Delivery
from newsroom.images import embedded, library, rendering
from newsroom.images.models import Image
from newsroom.storage import NotStored
from tests.images import pictures

pytestmark = pytest.mark.django_db

ALL_CUTS = {"whole", "16x9", "3x2", "1x1", "4x5"}


def formats(image: Image) -> dict[str, set[str]]:
    return {cut: set(of) for cut, of in image.renditions.items()}


def later(image: Image) -> Image:
    return Image.objects.get(pk=image.pk)


@pytest.fixture
def whole(picture: Image) -> Image:
    """With every file that it ought to have."""
    rendering.render(picture.pk)
    return later(picture)


def test_an_upload_has_jpeg_of_everything_and_webp_of_the_whole_at_once(picture):
    crops = {cut: {"jpeg"} for cut in ALL_CUTS}
    assert formats(picture) == crops | {"whole": {"jpeg", "webp"}}


def test_the_worker_brings_the_rest(stored):
    with TestCase.captureOnCommitCallbacks(execute=True):
        image = library.add(pictures.upload(), by=None)
        assert Delivery.objects.get(kind="render").subject == image.subject
    image = later(image)
    assert formats(image) == {cut: {"jpeg", "webp", "avif"} for cut in ALL_CUTS}
    assert image.outdated() == []
    assert Delivery.objects.get(kind="render").done_at
    assert stored() == sorted([image.original.name, *image.names()])


def test_a_picture_that_lacks_nothing_is_left_alone_and_costs_a_look(whole, stored, monkeypatch):
    before = stored()
    monkeypatch.setattr(rendering.darkroom, "develop", None)
    assert rendering.render(whole.pk) == 0
    assert stored() == before


def test_every_file_has_the_size_that_the_row_says_and_the_words_of_the_row(whole):
    for cut, of in whole.renditions.items():
        for format in of:
            for file in whole.files(format, cut):
                with default_storage.open(file.name) as opened:
                    data = opened.read()
                assert len(data) == file.bytes
                with Pillow.open(pictures.file(data)) as shown:
                    assert (shown.size, shown.format.lower()) == ((file.width, file.height), format)
                assert embedded.words(data) == {"credit": "Jane Doe / The Agency"}


def test_nothing_else_of_an_upload_is_in_any_file():
    image = library.add(pictures.upload(pictures.with_location()), by=None, credit="Jane Doe")
    rendering.render(image.pk)
    for name in later(image).names():
        with default_storage.open(name) as opened:
            data = opened.read()
        assert [secret for secret in pictures.SECRETS if secret in data] == []
        with Pillow.open(pictures.file(data)) as shown:
            assert not shown.getexif()
            assert not {"exif", "comment", "icc_profile", "photoshop"} & set(shown.info)


def test_new_words_reach_every_file_and_the_old_ones_are_shown_until_then(whole, stored):
    before = set(whole.names())
    library.revise(whole, credit="Ana Reis")
    assert set(later(whole).names()) == before
    rendering.render(whole.pk)
    after = later(whole)
    assert not before & set(after.names())
    assert before < set(stored())
    with default_storage.open(after.best(320, format="avif").name) as opened:
        assert embedded.words(opened.read()) == {"credit": "Ana Reis"}


def test_words_that_are_not_inside_make_no_new_files(whole):
    library.revise(whole, alt="Another text", caption="Another caption.")
    assert later(whole).outdated() == []
    assert Delivery.objects.filter(kind="render").count() == 1


def test_a_focal_point_that_moves_there_and_back_and_there_again_is_followed_each_time(picture):
    for x in (0.1, 0.9, 0.1, 0.9):
        with TestCase.captureOnCommitCallbacks(execute=True):
            library.revise(later(picture), focal_x=x)
        assert later(picture).outdated() == []


def test_moved_crops_replace_the_old_ones_in_every_format_and_the_whole_stays(whole):
    moved = library.recut(whole, (0.5, 0.9))
    library.revise(whole, crops=moved, focal_y=0.9)
    after = later(whole)
    assert formats(after)["16x9"] == formats(after)["3x2"] == {"jpeg"}
    assert after.renditions["whole"] == whole.renditions["whole"]
    assert after.outdated() == [
        ("16x9", "webp"), ("16x9", "avif"), ("3x2", "webp"), ("3x2", "avif"),
    ]  # fmt: skip


def test_crops_around_a_point_that_is_not_saved_are_not_shown(whole):
    moved = library.recut(whole, (0.5, 0.9))
    before = whole.renditions
    library.revise(whole, crops=moved, focal_y=0.8)
    assert later(whole).renditions == before


def test_crops_of_a_file_that_was_replaced_meanwhile_are_not_shown(whole):
    moved = library.recut(whole, (0.5, 0.9))
    library.replace_file(later(whole), pictures.upload(pictures.jpeg(500, 500)), by=None)
    library.revise(whole, crops=moved, focal_y=0.9)
    assert later(whole).width == 500
    assert {file.width for file in later(whole).files("jpeg", "16x9")} == {500}


def test_a_picture_whose_original_is_gone_can_be_revised_and_the_worker_says_so(whole):
    storage.holding(whole.original.name).delete(whole.original.name)
    assert library.recut(whole, (0.5, 0.9)) is None
    with TestCase.captureOnCommitCallbacks(execute=True):
        library.revise(whole, focal_y=0.9)
    assert "cannot be read" in Delivery.objects.failing().get(kind="render").last_error
    assert later(whole).renditions == whole.renditions


# --- What licences allow --------------------------------------------------------------------------


def test_a_picture_that_must_not_be_changed_has_no_crop(stored):
    image = library.add(pictures.upload(), by=None, licence="cc-by-nd-4.0")
    rendering.render(image.pk)
    assert formats(later(image)) == {"whole": {"jpeg", "webp", "avif"}}
    assert not any("x" in Path(name).name for name in stored())


def test_crops_go_with_the_licence_that_allowed_them_and_come_back_with_it(whole):
    library.revise(whole, licence="cc-by-nd-4.0", author="Jane Doe", source_url="https://a.example")
    assert set(later(whole).renditions) == {"whole"}
    library.revise(whole, licence="own-work")
    rendering.render(whole.pk)
    assert set(later(whole).renditions) == ALL_CUTS


# --- Old files ------------------------------------------------------------------------------------


def test_old_files_are_kept_for_thirty_days_and_then_deleted(whole, stored):
    old = set(whole.names())
    library.revise(whole, credit="Ana Reis")
    rendering.render(whole.pk)
    swept = Delivery.objects.filter(kind="sweep")
    assert old < set(stored())
    soon = timezone.now() + timedelta(days=29)
    assert {one.due_at > soon for one in swept} == {True}
    for one in swept:
        library.sweep(one.payload)
    after = later(whole)
    assert stored() == sorted([after.original.name, *after.names()])


def test_a_sweep_leaves_what_is_shown_and_can_be_done_twice(whole, stored):
    before = stored()
    everything = {"image": whole.pk, "names": [*whole.names(), "renditions/gone/320.jpg"]}
    library.sweep(everything)
    library.sweep(everything)
    assert stored() == before


@pytest.mark.parametrize("verb", ["replace", "remove"])
def test_what_was_shown_before_goes_at_once_with_the_picture(whole, stored, verb):
    library.revise(whole, credit="Ana Reis")
    rendering.render(whole.pk)
    image = later(whole)
    with TestCase.captureOnCommitCallbacks(execute=True):
        if verb == "replace":
            library.replace_file(image, pictures.upload(pictures.jpeg(16, 16)), by=None)
        else:
            library.remove(image)
    left = [image.original.name, *later(image).names()] if verb == "replace" else []
    assert set(stored()) == set(left)


def test_files_that_were_shown_not_long_ago_are_known_to_whoever_cleans_up(whole):
    old = set(whole.names())
    library.revise(whole, credit="Ana Reis")
    rendering.render(whole.pk)
    assert old <= set(library.names_of_renditions())


# --- At the same time -----------------------------------------------------------------------------


def meanwhile(monkeypatch: Any, change: Any) -> None:
    """That happens while the first files are made."""
    develop = rendering.darkroom.develop
    changes = [change]

    def watched(*args: Any, **options: Any) -> Any:
        made = develop(*args, **options)
        if changes:
            changes.pop()()
        return made

    monkeypatch.setattr(rendering.darkroom, "develop", watched)


def test_files_with_words_that_have_changed_meanwhile_are_not_shown(picture, monkeypatch, stored):
    meanwhile(monkeypatch, lambda: library.revise(later(picture), credit="Ana Reis"))
    rendering.render(picture.pk)
    rendering.render(picture.pk)
    after = later(picture)
    assert after.outdated() == []
    with default_storage.open(after.best(320, format="webp").name) as opened:
        assert embedded.words(opened.read()) == {"credit": "Ana Reis"}
    for one in Delivery.objects.filter(kind="sweep"):
        library.sweep(one.payload)
    assert stored() == sorted([after.original.name, *after.names()])


def test_two_who_render_the_same_picture_leave_one_set_of_files(picture, monkeypatch, stored):
    meanwhile(monkeypatch, lambda: rendering.render(picture.pk))
    rendering.render(picture.pk)
    after = later(picture)
    assert after.outdated() == []
    assert stored() == sorted([after.original.name, *after.names()])


def test_a_picture_that_is_removed_meanwhile_leaves_no_file(picture, monkeypatch, stored):
    def remove():
        with TestCase.captureOnCommitCallbacks(execute=True):
            library.remove(later(picture))

    meanwhile(monkeypatch, remove)
    rendering.render(picture.pk)
    assert stored() == []
    assert rendering.render(picture.pk) == 0


def test_pages_that_show_the_picture_are_stale_when_its_files_change(picture):
    heard: list[frozenset[str]] = []

    def listen(sender: Any, tags: frozenset[str], **kwargs: Any) -> None:
        heard.append(tags)

    caching.purged.connect(listen)
    with TestCase.captureOnCommitCallbacks(execute=True):
        rendering.render(picture.pk)
    caching.purged.disconnect(listen)
    assert heard == [frozenset({picture.subject})] * 2


# --- A full disk ----------------------------------------------------------------------------------


def test_a_disk_that_fills_up_is_a_plain_failure_and_is_tried_again(
    picture, disk_that_fills_up, stored
):
    disk_that_fills_up.room = 4
    before = stored()
    with TestCase.captureOnCommitCallbacks(execute=True):
        library.ask_for_files(picture)
    failed = Delivery.objects.failing().get(kind="render")
    assert failed.last_error.startswith("NotStored: The picture could not be stored")
    assert failed.done_at is None
    assert failed.due_at > timezone.now()
    assert later(picture).renditions == picture.renditions
    assert stored() == before
    disk_that_fills_up.room = 100
    rendering.deliver(failed.payload)
    assert later(picture).outdated() == []


@pytest.fixture
def small_disk(tmp_path: Path, settings: Any) -> Any:
    """A file system of its own, of 256 kilobytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs", str(disk)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("A small file system can be mounted by root on Linux only.")
    settings.MEDIA_ROOT = disk
    yield disk
    subprocess.run(["/bin/umount", "-l", str(disk)], check=True)


def test_a_real_disk_that_is_full_keeps_no_half_file_and_serves_again_with_room(small_disk):
    image = library.add(pictures.upload(), by=None, credit="Jane Doe")
    before = sorted(one.name for one in small_disk.rglob("*") if one.is_file())
    ballast = small_disk / "ballast"
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    ballast.write_bytes(b"x" * (free - 8192))
    with pytest.raises(NotStored):
        rendering.render(image.pk)
    ballast.unlink()
    assert sorted(one.name for one in small_disk.rglob("*") if one.is_file()) == before
    assert later(image).renditions == image.renditions
    rendering.render(image.pk)
    assert later(image).outdated() == []
