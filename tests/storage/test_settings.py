"""Where files lie is said by the environment; what is said wrongly is a sentence."""

import pytest

from newsroom import checks
from tests.newsroom.test_settings import manage

SHOW = (
    "from django.core.files.storage import storages;"
    "from django.conf import settings as s;"
    "print(*(type(storages[one]).__name__ for one in ('default', 'originals')), s.MEDIA_URL,"
    " s.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'][2:], storages['default'].url('a/b.webp'))"
)
BUCKETS = {
    "MEDIA_BUCKET": "pictures",
    "ORIGINALS_BUCKET": "originals",
    "MEDIA_URL": "https://pictures.example:8443/paper",
}
#: The same as settings.
RIGHT = BUCKETS | {"MEDIA_STORAGE": "s3", "MEDIA_URL": "https://pictures.example/", "SECURE": False}


def say(settings, **said):
    for name, value in said.items():
        setattr(settings, name, value)


def shown(tmp_path, **env):
    done = manage("shell", "-v0", "-c", SHOW, tmp_path=tmp_path, **env)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_files_lie_in_folders_when_nothing_is_said(tmp_path):
    assert shown(tmp_path) == "PublicFiles PrivateFiles /media/ [] /media/a/b.webp"


def test_naming_buckets_is_enough_to_use_them(tmp_path):
    assert shown(tmp_path, **BUCKETS) == (
        "PublicBucket PrivateBucket https://pictures.example:8443/paper/"
        " ['https://pictures.example:8443'] https://pictures.example:8443/paper/a/b.webp"
    )


def test_buckets_can_be_named_before_they_are_used(tmp_path):
    env = BUCKETS | {"MEDIA_STORAGE": "local", "MEDIA_URL": "/media/"}
    assert shown(tmp_path, **env) == "PublicFiles PrivateFiles /media/ [] /media/a/b.webp"


def test_a_cdn_may_stand_before_folders(tmp_path):
    assert shown(tmp_path, MEDIA_URL="https://cdn.example/media/") == (
        "PublicFiles PrivateFiles https://cdn.example/media/"
        " ['https://cdn.example'] https://cdn.example/media/a/b.webp"
    )


@pytest.mark.parametrize(
    "said",
    [
        {"PRIVATE_ROOT": "/srv/media/private"},
        {"PRIVATE_ROOT": "/srv/media"},
        {"PRIVATE_ROOT": "/srv/x/../media/private"},
        {"PRIVATE_ROOT": "/srv/static/originals"},
        {"PRIVATE_ROOT": "/srv/files", "MEDIA_ROOT": "/srv/files/media"},
    ],
)
def test_originals_inside_of_what_is_served_are_refused(settings, said):
    say(settings, MEDIA_ROOT="/srv/media", STATIC_ROOT="/srv/static")
    say(settings, **said)
    assert [error.id for error in checks.folders(None)] == ["newsroom.E006"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"MEDIA_STORAGE": "bucket"}, "newsroom.E007"),
        ({"MEDIA_BUCKET": ""}, "newsroom.E009"),
        ({"ORIGINALS_BUCKET": ""}, "newsroom.E010"),
        ({"ORIGINALS_BUCKET": "pictures"}, "newsroom.E010"),
        ({"S3_ACCESS_KEY": "key"}, "newsroom.E011"),
        ({"S3_SECRET_KEY": "secret"}, "newsroom.E011"),
        ({"S3_ENDPOINT": "minio:9000"}, "newsroom.E011"),
        ({"S3_ADDRESSING": "host"}, "newsroom.E011"),
        ({"MEDIA_URL": "/"}, "newsroom.E012"),
        ({"MEDIA_URL": "/media/"}, "newsroom.E012"),
        ({"MEDIA_URL": "//cdn.example/"}, "newsroom.E012"),
        ({"MEDIA_URL": "https://cdn.example/?a=b/"}, "newsroom.E012"),
        ({"MEDIA_URL": "http://cdn.example/", "SECURE": True}, "newsroom.E012"),
        ({"MEDIA_STORAGE": "local", "ORIGINALS_BUCKET": ""}, "newsroom.E010"),
        (
            {"MEDIA_STORAGE": "local", "MEDIA_BUCKET": "", "MEDIA_URL": "/pictures/"},
            "newsroom.E012",
        ),
    ],
)
def test_what_is_said_wrongly_of_buckets_is_a_check_with_its_id(settings, said, code):
    say(settings, **RIGHT)
    assert checks.buckets(None) == []
    say(settings, **said)
    assert [error.id for error in checks.buckets(None)] == [code]


def test_buckets_that_are_said_rightly_pass_the_checks(tmp_path):
    assert manage("check", tmp_path=tmp_path, **BUCKETS).returncode == 0


def test_a_bucket_without_the_package_names_the_file_to_install(settings, monkeypatch):
    say(settings, **RIGHT)
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    (error,) = checks.buckets(None)
    assert error.id == "newsroom.E008"
    assert "Install requirements/s3.txt" in error.msg


def test_without_the_package_the_checks_still_come_to_speak(tmp_path):
    """Models are imported before: a field that asked for its storage there would end in a trace."""
    (tmp_path / "storages.py").write_text("raise ImportError('not installed')")
    env = BUCKETS | {"PYTHONPATH": str(tmp_path), "ORIGINALS_BUCKET": ""}
    assert "newsroom.E010" in manage("check", tmp_path=tmp_path, **env).stderr


def test_originals_of_the_first_edition_are_warned_of_until_they_are_moved(settings):
    assert checks.folders(None) == []
    old = settings.MEDIA_ROOT / "originals"
    old.mkdir(parents=True)
    assert checks.folders(None) == []
    (old / "0123").write_bytes(b"picture")
    (warning,) = checks.folders(None)
    assert warning.id == "newsroom.W002"
    assert "manage.py copy_media --delete-source" in warning.msg
