"""Files in folders: whole or not there, and originals apart."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages

from newsroom import storage
from newsroom.images import library
from newsroom.images.models import Image
from newsroom.storage import NotStored, originals
from tests.conftest import logged_in
from tests.images import pictures
from tests.images.test_admin import ADD, errors, words
from tests.storage.conftest import renditions

#: Writes one file for ever, a chunk at a time, saying so after the first.
WRITER = """
import django, time
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
class Endless(ContentFile):
    def chunks(self, chunk_size=None):
        while True:
            yield b"x" * 65536
            print("begun", flush=True)
            time.sleep(0.01)
default_storage.save("publication/logo-00.png", Endless(b"x"))
"""


def all_of(root):
    return sorted(str(one.relative_to(root)) for one in Path(root).rglob("*") if one.is_file())


def test_originals_lie_outside_of_what_a_web_server_serves(picture, settings):
    assert all_of(settings.PRIVATE_ROOT) == [picture.original.name]
    assert all_of(settings.MEDIA_ROOT) == renditions()


def test_an_original_belongs_to_the_sites_user_alone(picture, settings):
    file = Path(settings.PRIVATE_ROOT) / picture.original.name
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (file, file.parent, file.parent.parent)]
    assert [oct(mode) for mode in modes] == ["0o600", "0o700", "0o700"]


def test_an_original_has_no_address(picture):
    for store in (originals, storages["originals"]):
        with pytest.raises(ValueError, match="has no address"):
            store.url(picture.original.name)


def test_the_field_reads_its_original(picture):
    with Image.objects.get().original.open() as file:
        assert file.read() == pictures.jpeg()
    assert picture.original.size == len(pictures.jpeg())


def test_a_file_that_cannot_be_written_whole_is_not_there(settings):
    class Breaks(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        default_storage.save("renditions/aa/320.jpg", Breaks(b"whole"))
    assert all_of(settings.MEDIA_ROOT) == []


def test_a_process_killed_while_it_writes_leaves_no_file_under_the_name(tmp_path, settings):
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "VAR_DIR": str(tmp_path)}
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER], cwd=settings.BASE_DIR, env=env, stdout=subprocess.PIPE
    )
    assert writer.stdout
    assert writer.stdout.readline() == b"begun\n"
    writer.send_signal(signal.SIGKILL)
    writer.communicate()
    (left,) = all_of(tmp_path / "media")
    assert left.startswith("publication/logo-00.png.")
    assert left.endswith(".part")


def test_a_file_is_flushed_to_the_disk_before_it_gets_its_name(monkeypatch, settings):
    seen = []
    fsync = os.fsync

    def watched(descriptor):
        seen.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    default_storage.save("renditions/aa/320.jpg", ContentFile(b"whole"))
    folder = Path(settings.MEDIA_ROOT) / "renditions" / "aa"
    assert seen[0].name.startswith("320.jpg.")
    assert seen[1:] == [folder, folder.parent]


def test_a_folder_goes_with_its_last_file(picture, settings):
    folder = (Path(settings.MEDIA_ROOT) / renditions()[0]).parent
    for name in renditions():
        assert folder.is_dir()
        default_storage.delete(name)
    assert not folder.exists()
    assert folder.parent.is_dir()


@pytest.mark.parametrize("name", ["originals/aa", "renditions/aa/320.jpg", "publication/logo.png"])
def test_a_storage_that_fails_is_one_sentence_wherever_the_file_belongs(name, settings):
    Path(settings.MEDIA_ROOT).write_text("a file where a folder should be")
    Path(settings.PRIVATE_ROOT).write_text("likewise")
    with pytest.raises(NotStored, match="nothing of it was kept"):
        storage.write(name, b"data")


@pytest.fixture
def tiny_disk(tmp_path, settings):
    """A real file system of 1 MB under both folders; says so where none can be mounted."""
    at = tmp_path / "tiny"
    at.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", at],  # noqa: S607 - the system's own
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"No small file system can be mounted here: {mounted.stderr.strip()}")
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = at / "media", at / "private"
    yield at
    subprocess.run(["umount", at], check=True)  # noqa: S607


def test_a_disk_that_is_really_full_is_a_sentence_at_the_field(tiny_disk, editor, stored):
    small = library.add(pictures.upload(), by=None)
    kept = stored()
    large = pictures.upload(pictures.encoded(pictures.noise(1600, 1200), "JPEG", quality=30))
    assert 300_000 < large.size < 900_000
    response = logged_in(editor).post(ADD, words(original=large))
    assert "nothing of it was kept" in errors(response)["original"][0]
    assert ">\nRed above blue</textarea>" in response.text
    assert list(Image.objects.all()) == [small]
    assert stored() == kept
