"""`manage.py sweep_media`: what no row names goes, what is being uploaded right now stays."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from newsroom import storage
from newsroom.images import library
from newsroom.images.models import Image
from newsroom.publication.models import Publication
from newsroom.storage import originals, sweeping
from tests import factories
from tests.images import pictures
from tests.storage.conftest import age, renditions

#: Uploads a picture and stops for ever between its files and its row.
UPLOADER = """
import django, io, time
django.setup()
from newsroom.images import library
from newsroom.images.models import Image
def stop(self, **options):
    print("files are written", flush=True)
    time.sleep(600)
Image.save = stop
from tests.images import pictures
library.add(pictures.upload(), by=None)
"""


def swept(*options):
    out = StringIO()
    call_command("sweep_media", *options, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


@pytest.fixture(params=["folders", "buckets"])
def place(request):
    """Each test is tried on either storage."""
    return request.getfixturevalue("buckets") if request.param == "buckets" else None


@pytest.mark.django_db
def test_what_rows_name_is_never_swept(place, picture):
    Publication(logo=storage.write("publication/logo-00.png", b"png")).save()
    looked = list(sweeping.look(before=timezone.now() + timedelta(1)))
    assert len(looked) == len(renditions()) + 2
    assert not any(one.is_orphan for one in looked)
    assert swept("--delete", "--hours", "-1") == [
        f"{len(looked)} files, 0 without a row (0\xa0bytes). They were deleted."
    ]
    assert originals.exists(picture.original.name)


@pytest.mark.django_db
def test_what_no_row_names_is_listed_and_deleted_when_asked(place, picture):
    names = ["originals/aa", f"renditions/{'a' * 32}/320.jpg", "publication/logo-aa.png"]
    for name in names:
        storage.write(name, b"orphan")
    listed = swept("--hours", "-1")[:-1]
    assert sorted(listed) == [f"{name} (6\xa0bytes)" for name in sorted(names)]
    assert all(storage.holding(name).exists(name) for name in names)
    assert swept("--hours", "-1", "--delete")[-1].endswith(
        "3 without a row (18\xa0bytes). They were deleted."
    )
    assert not any(storage.holding(name).exists(name) for name in names)
    assert originals.exists(picture.original.name)
    assert all(default_storage.exists(name) for name in renditions())


@pytest.mark.django_db
def test_a_file_younger_than_a_day_is_left_alone(place):
    storage.write("originals/aa", b"being uploaded")
    assert swept("--delete")[-1].startswith("1 files, 0 without a row")
    assert originals.exists("originals/aa")


@pytest.mark.django_db
def test_a_folder_that_belongs_to_nobody_is_left_alone(place):
    default_storage.save("robots/deny.txt", ContentFile(b"ours"))
    default_storage.save("note.txt", ContentFile(b"ours"))
    assert swept("--delete", "--hours", "-1") == [
        "0 files, 0 without a row (0\xa0bytes). They were deleted."
    ]
    assert default_storage.exists("robots/deny.txt")


@pytest.mark.django_db
def test_another_sites_database_deletes_nothing(place, picture):
    Image.objects.all().delete()
    with pytest.raises(CommandError, match="another site's database"):
        swept("--delete", "--hours", "-1")
    assert originals.exists(picture.original.name)
    swept("--delete", "--hours", "-1", "--force")
    assert not originals.exists(picture.original.name)


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_is_being_uploaded_right_now_survives(picture, monkeypatch, settings):
    """Its files lie there and its row does not, at the moment when the sweep looks."""
    written, go_on = threading.Event(), threading.Event()
    save = Image.save

    def waiting(self, **options):
        written.set()
        assert go_on.wait(60)
        save(self, **options)

    monkeypatch.setattr(Image, "save", waiting)
    age(settings.MEDIA_ROOT, settings.PRIVATE_ROOT, days=2)
    sweeps = []

    def sweep():
        assert written.wait(60)
        sweeps.extend(swept("--delete"))
        connection.close()
        go_on.set()

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    image = library.add(pictures.upload(), by=None)
    sweeper.join()
    assert "files, 0 without a row" in sweeps[-1]
    assert all(default_storage.exists(name) for name in renditions())
    assert originals.exists(image.original.name)


@pytest.mark.django_db
def test_what_a_killed_upload_left_is_swept_once_it_is_a_day_old(picture, settings):
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PRIVATE_ROOT": str(settings.PRIVATE_ROOT),
        "DATABASE_URL": "sqlite://:memory:",
    }
    uploader = subprocess.Popen(
        [sys.executable, "-c", UPLOADER], cwd=settings.BASE_DIR, env=env, stdout=subprocess.PIPE
    )
    assert uploader.stdout
    assert uploader.stdout.readline() == b"files are written\n"
    uploader.send_signal(signal.SIGKILL)
    uploader.communicate()
    count = len(renditions()) + 1
    assert swept()[-1].startswith(f"{2 * count} files, 0 without a row")
    age(settings.MEDIA_ROOT, settings.PRIVATE_ROOT, days=2)
    assert swept("--delete", "--force")[-1].startswith(f"{2 * count} files, {count} without a row")
    assert swept()[-1].startswith(f"{count} files, 0 without a row")


@pytest.mark.django_db
def test_half_a_file_and_an_original_in_the_public_folder_are_found(picture, settings):
    for name in ("renditions/aa/320.jpg.0123.part", "originals/bb"):
        file = Path(settings.MEDIA_ROOT) / name
        file.parent.mkdir(parents=True)
        file.write_bytes(b"left over")
    kept = Path(settings.MEDIA_ROOT) / picture.original.name
    kept.write_bytes(pictures.jpeg())
    assert {line.split(" ")[0] for line in swept("--hours", "-1")[:-1]} == {
        "renditions/aa/320.jpg.0123.part",
        "originals/bb",
    }
    swept("--hours", "-1", "--delete")
    assert kept.exists()


@pytest.mark.django_db
def test_a_sweep_asks_the_database_once_for_each_folder(django_assert_num_queries):
    for _number in range(30):
        factories.image()
    # The fourth: which files pictures have shown until not long ago.
    with django_assert_num_queries(4):
        swept()
