"""Files in folders of this machine. A file that is there is whole."""

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from newsroom.storage import Found, Unaddressed

#: The end of a name under which something is being written.
HALF = ".part"


class PublicFiles(FileSystemStorage):
    """``MEDIA_ROOT``, which a web server may hand out as it is.

    Django writes in place, so that a crash leaves half a picture under its final name. Here it is
    written beside, flushed to the disk and renamed.
    """

    def _save(self, name: str, content: Any) -> str:
        whole, half_name = self._path_of(name), f"{name}.{secrets.token_hex(4)}{HALF}"
        half, folder_is_new = self._path_of(half_name), not whole.parent.exists()
        try:
            super()._save(half_name, content)  # type: ignore[misc] # missing in the stubs
            _flush(half)
            # Replaces what has the name already; all names of ours are random.
            half.replace(whole)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
        # A new name is on the disk when its folder is, and so is a new folder.
        _flush(whole.parent)
        if folder_is_new:
            _flush(whole.parent.parent)
        return name

    def delete(self, name: str) -> None:
        """Also the folder that it leaves empty, when that was one picture's own."""
        super().delete(name)
        if len(PurePosixPath(name).parts) > 2:
            with suppress(OSError):
                self._path_of(name).parent.rmdir()

    def files(self, prefix: str) -> Iterator[Found]:
        """All files below a folder, in no order; none when there is no such folder."""
        root = Path(self.location)
        for path in self._path_of(prefix).rglob("*"):
            # What is deleted meanwhile is not found.
            with suppress(FileNotFoundError):
                if path.is_file():
                    facts = path.stat()
                    modified_at = datetime.fromtimestamp(facts.st_mtime, tz=UTC)
                    yield Found(path.relative_to(root).as_posix(), facts.st_size, modified_at)

    def _path_of(self, name: str) -> Path:
        return Path(self.path(name))


class PrivateFiles(Unaddressed, PublicFiles):
    """``PRIVATE_ROOT``, which belongs to the site's user alone."""

    file_permissions_mode = 0o600
    directory_permissions_mode = 0o700

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return str(Path(self.base_location).absolute())


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
