"""A storage that fails when it is told to, and a look at what it holds."""

from pathlib import Path
from typing import Any

import pytest

from newsroom.images import library
from newsroom.images.models import Image
from newsroom.storage.local import PrivateFiles, PublicFiles
from tests.images import pictures


class FillsUp(PublicFiles):
    """A disk with room for so many files: the next one is begun and not finished."""

    room = 3

    def _save(self, name: str, content: Any) -> str:
        if FillsUp.room == 0:
            Path(self.path(name)).parent.mkdir(parents=True, exist_ok=True)
            Path(self.path(name)).write_bytes(b"half")
            raise OSError(28, "No space left on device")
        FillsUp.room -= 1
        return super()._save(name, content)


class FillsUpInPrivate(FillsUp, PrivateFiles):
    """The same disk under the originals."""


@pytest.fixture
def disk_that_fills_up(settings: Any) -> type[FillsUp]:
    FillsUp.room = 3
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": f"{__name__}.FillsUp"},
        "originals": {"BACKEND": f"{__name__}.FillsUpInPrivate"},
    }
    return FillsUp


@pytest.fixture
def stored(settings: Any) -> Any:
    """Call it for the names of all files in both storages."""

    def names() -> list[str]:
        roots = (Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_ROOT))
        found = [(root, one) for root in roots for one in root.rglob("*") if one.is_file()]
        return sorted(str(one.relative_to(root)) for root, one in found)

    return names


@pytest.fixture
def picture(db: None) -> Image:
    """400 by 300 pixels in the library, complete."""
    return library.add(
        pictures.upload(),
        by=None,
        alt="Red above blue",
        caption="A flag.",
        credit="Jane Doe / The Agency",
        licence="own-work",
    )
