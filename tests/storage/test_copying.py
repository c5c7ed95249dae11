"""`manage.py copy_media`: files brought to where the settings say, whole, as often as one likes."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from newsroom import checks, storage
from newsroom.images import library
from newsroom.images.models import Image
from newsroom.publication.models import Publication
from newsroom.storage import originals
from newsroom.storage.local import PublicFiles
from tests.images import pictures
from tests.storage.conftest import renditions, use

pytestmark = pytest.mark.django_db


def read(name):
    with storage.holding(name).open(name) as file:
        return file.read()


def copied(*options):
    """What the command says at its end, and what it complains of."""
    out, complaints = StringIO(), StringIO()
    try:
        call_command("copy_media", *options, stdout=out, stderr=complaints)
    except CommandError:
        return out.getvalue().split("\r")[-1].strip(), complaints.getvalue().splitlines()
    return out.getvalue().split("\r")[-1].strip(), None


@pytest.fixture
def site(buckets, settings):
    """A site in folders, with two pictures and a logo; its buckets are named and empty."""
    use(settings, "local")
    for _number in range(2):
        library.add(pictures.upload(), by=None)
    Publication(logo=storage.write("publication/logo-0123456789abcdef.png", b"png")).save()
    return buckets


def test_a_site_moves_from_folders_into_buckets(site, settings, stored):
    before = {name: read(name) for name in stored()}
    use(settings, "s3")
    count = len(before)
    assert copied() == (f"{count} files: {count} copied.", None)
    assert site.names() == stored()
    assert before == {name: read(name) for name in before}
    assert copied() == (f"{count} files: {count} there already.", None)


def test_what_was_uploaded_meanwhile_comes_with_the_next_run(site, settings, stored):
    old = len(stored())
    use(settings, "s3")
    copied()
    use(settings, "local")
    library.add(pictures.upload(), by=None)
    use(settings, "s3")
    both = len(stored())
    assert copied() == (f"{both} files: {old} there already, {both - old} copied.", None)


def test_a_site_moves_back_into_folders(site, settings, stored):
    names = stored()
    use(settings, "s3")
    moved = f"{len(names)} files: {len(names)} copied."
    assert copied("--delete-source") == (moved, None)
    assert stored() == []
    use(settings, "local")
    assert copied("--delete-source") == (moved, None)
    assert (stored(), site.names()) == (names, [])


def test_a_source_is_deleted_only_when_every_byte_is_here(site, settings, stored):
    count = len(stored())
    name = renditions()[0]
    use(settings, "s3")
    copied()
    (site.public / name).write_bytes(b"x" * PublicFiles().size(name))
    assert copied("--delete-source") == (
        f"{count} files: {count - 1} there already, 1 different in two places.",
        [f"{name}: different in two places"],
    )
    assert PublicFiles().exists(name)


def test_a_copy_that_arrives_otherwise_is_said_and_not_kept(site, settings, monkeypatch, stored):
    count = len(stored())
    use(settings, "s3")
    store = storages["originals"]
    whole = type(store)._save

    def halving(self, name, content):
        content.file.truncate(10)
        return whole(self, name, content)

    monkeypatch.setattr("storages.backends.s3.S3Storage._save", halving)
    summary, complaints = copied("--delete-source")
    assert summary == f"{count} files: 1 copied, {count - 1} not the same when read again."
    assert len(complaints) == count - 1
    assert site.names() == ["publication/logo-0123456789abcdef.png"]
    assert all(PublicFiles().exists(name) for name in renditions())


def test_a_file_that_is_nowhere_is_named(site, settings, stored):
    count = len(stored())
    image = Image.objects.first()
    originals.delete(image.original.name)
    use(settings, "s3")
    summary, complaints = copied()
    assert summary == f"{count} files: {count - 1} copied, 1 found nowhere."
    assert complaints == [f"{image.original.name}: found nowhere"]


def test_originals_of_the_first_edition_leave_the_public_folder(picture, settings, stored):
    count, old = len(stored()), Path(settings.MEDIA_ROOT) / picture.original.name
    old.parent.mkdir()
    (Path(settings.PRIVATE_ROOT) / picture.original.name).rename(old)
    assert [one.id for one in checks.folders(None)] == ["newsroom.W002"]
    summary = f"{count} files: {count - 1} there already, 1 copied."
    assert copied("--delete-source") == (summary, None)
    assert not old.exists()
    assert checks.folders(None) == []
    with picture.original.open() as file:
        assert file.read() == pictures.jpeg()
    assert len(stored()) == count
