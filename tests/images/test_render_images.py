"""``manage.py render_images``: the whole library, as often as one likes."""

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from newsroom import storage
from newsroom.images import library, rendering
from newsroom.images.models import Image
from tests import outlet as outlets
from tests.images import pictures
from tests.outlet import Outlet, wait_until

pytestmark = pytest.mark.django_db


def run(*args: str) -> tuple[str, str]:
    """What the command says, and what it complains of."""
    said, complained = io.StringIO(), io.StringIO()
    call_command("render_images", *args, stdout=said, stderr=complained)
    return said.getvalue(), complained.getvalue()


@pytest.fixture
def three(db: None) -> list[Image]:
    return [library.add(pictures.upload(name=f"{name}.jpg"), by=None) for name in "abc"]


def test_what_is_missing_is_made_and_the_progress_is_told(three):
    said, complained = run()
    assert [line.split(":")[0] for line in said.splitlines()[:3]] == [
        "1 of 3", "2 of 3", "3 of 3",
    ]  # fmt: skip
    assert said.endswith("3 made, 0 up to date, 0 failed.\n")
    assert complained == ""
    assert [image.outdated() for image in Image.objects.all()] == [[], [], []]


def test_a_second_run_finds_nothing_to_do(three, stored):
    run()
    before = stored()
    assert run() == ("0 made, 3 up to date, 0 failed.\n", "")
    assert stored() == before


def test_only_what_is_stale_is_made_again(three):
    run()
    library.revise(three[1], credit="Ana Reis")
    said, _complained = run()
    assert f"2 of 3: image {three[1].pk}" in said
    assert said.endswith("1 made, 2 up to date, 0 failed.\n")


def test_everything_is_made_anew_when_that_is_asked_for(three):
    run()
    before = set(Image.objects.get(pk=three[0].pk).names())
    said, _complained = run("--all", str(three[0].pk))
    assert said.endswith("1 made, 0 up to date, 0 failed.\n")
    assert not before & set(Image.objects.get(pk=three[0].pk).names())


def test_a_file_that_the_storage_has_lost_is_found_and_made_again(three, stored):
    run()
    lost = Image.objects.get(pk=three[2].pk).best(320, format="avif", cut="3x2")
    default_storage.delete(lost.name)
    assert run()[0] == "0 made, 3 up to date, 0 failed.\n"
    assert run("--check-files")[0].endswith("1 made, 2 up to date, 0 failed.\n")
    image = Image.objects.get(pk=three[2].pk)
    assert all(default_storage.exists(name) for name in image.names())


def test_a_failing_picture_is_reported_and_the_others_get_their_files(three):
    name = three[1].original.name
    storage.holding(name).delete(name)
    complained = io.StringIO()
    with pytest.raises(CommandError, match="1 of 3 pictures failed"):
        call_command("render_images", stdout=io.StringIO(), stderr=complained)
    assert f"image {three[1].pk} failed: The original of" in complained.getvalue()
    left = [bool(image.outdated()) for image in Image.objects.order_by("pk")]
    assert left == [False, True, False]


def test_ctrl_c_ends_it_with_a_word_and_the_next_run_goes_on(three, monkeypatch):
    develop, calls = rendering.darkroom.develop, []

    def watched(*args: Any, **options: Any) -> Any:
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return develop(*args, **options)

    monkeypatch.setattr(rendering.darkroom, "develop", watched)
    with pytest.raises(CommandError, match="Stopped at picture 2 of 3") as stopped:
        run()
    assert stopped.value.returncode == 130
    assert run()[0].endswith("2 made, 1 up to date, 0 failed.\n")


@pytest.fixture
def outlet(migrated: str, tmp_path: Path, django_db_blocker: Any) -> Iterator[Outlet]:
    with django_db_blocker.unblock(), outlets.outlet(tmp_path / "var", migrated) as made:
        yield made


@pytest.mark.slow
def test_killed_at_any_point_it_leaves_no_row_without_its_file_and_goes_on(outlet):
    outlet.play("add_pictures", 3)
    media, chance = outlet.folder / "media", random.Random(7)

    def files() -> int:
        return sum(1 for one in media.rglob("*") if one.is_file())

    for _kill in range(4):
        before = files()
        process = outlet.start("render_images")
        more = chance.randint(1, 12)
        wait_until(lambda b=before, m=more, p=process: files() >= b + m or p.poll() is not None)
        process.kill()
        process.wait()
        assert outlet.play("pictures_lacking") == []
    outlet.manage("render_images")
    assert outlet.play("pictures_outdated") == 0
    assert outlet.play("pictures_lacking") == []
