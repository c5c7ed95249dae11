"""Files that no row names: what a crash between file and row, or a failed deletion, left behind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import Storage

from newsroom.storage import Found
from newsroom.storage.folders import folders


@dataclass(frozen=True)
class Looked:
    """A file, the storage it lies in, and whether it is old and no row names it."""

    file: Found
    storage: Storage
    is_orphan: bool

    def delete(self) -> None:
        self.storage.delete(self.file.name)


def look(*, before: datetime) -> Iterator[Looked]:
    """Every file in the folders of our apps, one after the other.

    An orphan is older than ``before``: a file is written before its row, and what is being uploaded
    right now has none yet. Holds all names of a folder in memory, some 150 bytes for each.
    """
    for folder in folders():
        # Asked before the files are listed: a row that comes later has young files.
        names = set(folder.names())
        for storage, file in folder.files():
            is_orphan = file.modified_at < before and file.name not in names
            yield Looked(file, storage, is_orphan)
