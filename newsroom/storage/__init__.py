"""Where files lie: those for readers in the storage ``default``, originals in ``originals``.

Two storages, because one of them is open to the world: an original holds what a reader must not
get, such as where a photograph was taken. Each is a folder or a bucket, as the settings say.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage, default_storage, storages

#: What the names of originals begin with, and of nothing else.
ORIGINALS = "originals/"

#: The types of files that readers get. The machine's own list may lack the newer ones.
CONTENT_TYPES = {
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "avif": "image/avif",
    "png": "image/png",
}

NOT_STORED = (
    "The picture could not be stored, and nothing of it was kept. Try again in a moment; when it"
    " happens again, tell whoever runs the site that the storage is full or unreachable."
)


@dataclass(frozen=True)
class Found:
    """A file as a storage lists it; ``size`` in bytes, ``modified_at`` aware."""

    name: str
    size: int
    modified_at: datetime


class NotStored(OSError):
    """The storage did not take a file; the text is for the editor, the cause for the log."""

    def __init__(self) -> None:
        super().__init__(NOT_STORED)


class Unaddressed:
    """Mixed into a storage whose files nobody outside may fetch."""

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> NoReturn:
        message = "An original has no address: readers get what was rendered from it."
        raise ValueError(message)


class Originals(Unaddressed, Storage):
    """The storage ``originals``, looked up at each call.

    For a field, which asks for its storage while models are imported: what is wrong with the
    settings must be a sentence of a check, and those run later.
    """

    def open(self, name: str, mode: str = "rb") -> File:
        return storages["originals"].open(name, mode)

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        return storages["originals"].save(name, content, max_length)

    def delete(self, name: str) -> None:
        storages["originals"].delete(name)

    def exists(self, name: str) -> bool:
        return storages["originals"].exists(name)

    def path(self, name: str) -> str:
        return storages["originals"].path(name)

    def size(self, name: str) -> int:
        return storages["originals"].size(name)

    def get_modified_time(self, name: str) -> datetime:
        return storages["originals"].get_modified_time(name)

    def files(self, prefix: str) -> Iterator[Found]:
        return storages["originals"].files(prefix)  # type: ignore[attr-defined] # ours have it


originals = Originals()


def holding(name: str) -> Storage:
    """The storage that a file of this name belongs into."""
    return originals if name.startswith(ORIGINALS) else default_storage


@contextmanager
def storing() -> Iterator[None]:
    """Whatever a storage raises inside is ``NotStored``: OSError on disk, botocore's own on S3."""
    try:
        yield
    except Exception as error:
        raise NotStored from error


def write(name: str, data: bytes) -> str:
    """The name under which the data lie now, whole. Raises ``NotStored``."""
    with storing():
        return holding(name).save(name, ContentFile(data))
