"""Pictures stored where a test says: in folders, or in buckets of a real server."""

import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from newsroom.images import library, models
from tests.images.conftest import picture, stored
from tests.storage.servers import KEY, RCLONE, SECRET, Rclone

__all__ = ["picture", "stored"]

_numbers = itertools.count(1)


@dataclass
class Buckets:
    """The two buckets of a test as the server has them on its disk, and the server."""

    server: Rclone
    public: Path
    private: Path

    def names(self) -> list[str]:
        """All whole objects in both, by name."""
        return sorted([*names_in(self.public), *names_in(self.private)])


def names_in(bucket: Path) -> list[str]:
    """Objects only: the server writes under a name of its own until one is whole."""
    files = (one for one in bucket.rglob("*") if one.is_file())
    return sorted(str(one.relative_to(bucket)) for one in files if not one.name.startswith("."))


@pytest.fixture(scope="session")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rclone, Rclone]]:
    """An S3 server, and a web server over the same buckets that plays the CDN."""
    if not RCLONE.exists():
        pytest.skip("No rclone beside this Python (requirements/dev.txt has it): no S3 server.")
    folder = tmp_path_factory.mktemp("s3")
    pair = (
        Rclone(folder, "s3", "--auth-key", f"{KEY},{SECRET}"),
        # It does not see by itself what comes into the folder.
        Rclone(folder, "http", "--read-only", "--dir-cache-time", "0s"),
    )
    yield pair
    for one in pair:
        one.kill()


@pytest.fixture
def buckets(rclone: tuple[Rclone, Rclone], settings: Any) -> Iterator[Buckets]:
    """The settings of a site whose pictures lie in two buckets of their own."""
    server, web = (one.start() for one in rclone)
    number = next(_numbers)
    public, private = (server.folder / f"{name}-{number}" for name in ("pictures", "originals"))
    settings.MEDIA_BUCKET, settings.ORIGINALS_BUCKET = public.name, private.name
    settings.S3_ENDPOINT, settings.S3_REGION, settings.S3_ADDRESSING = server.address, "", "path"
    settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = KEY, SECRET
    settings.MEDIA_URL = f"{web.address}/{public.name}/"
    use(settings, "s3")
    for alias, bucket in (("default", public), ("originals", private)):
        storages[alias].connection.meta.client.create_bucket(Bucket=bucket.name)
    yield Buckets(server, public, private)
    # Connections that wait to be used again would be complained of.
    for name in ("default", "originals"):
        close(storages[name])
    models._media.cache_clear()


def use(settings: Any, where: str) -> None:
    """Files lie in folders (``local``) or buckets (``s3``) from now on."""
    kinds = {
        "local": ("local.PublicFiles", "local.PrivateFiles"),
        "s3": ("buckets.PublicBucket", "buckets.PrivateBucket"),
    }[where]
    settings.MEDIA_STORAGE = where
    settings.STORAGES = settings.STORAGES | {
        alias: {"BACKEND": f"newsroom.storage.{kind}"}
        for alias, kind in zip(("default", "originals"), kinds, strict=True)
    }
    models._media.cache_clear()


def close(storage: Any) -> None:
    if hasattr(storage, "bucket"):
        storage.connection.meta.client.close()


def age(*roots: Path, days: int) -> None:
    """Files in these folders were last written so many days ago."""
    then = time.time() - days * 86_400
    for root in roots:
        for file in Path(root).rglob("*"):
            os.utime(file, (then, then))


def renditions() -> list[str]:
    """What the rows of all pictures name for readers."""
    return sorted(library.names_of_renditions())
