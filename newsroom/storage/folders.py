"""Who names the files: each app says which folder is its own and what its rows name there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.files.storage import Storage, default_storage, storages

from newsroom.storage import ORIGINALS, Found, holding

#: All names that rows of an app have for files in a folder, asked of the database.
Names = Callable[[], Iterator[str]]


@dataclass(frozen=True)
class Folder:
    """A folder such as ``renditions/``, and the names below it that rows know."""

    prefix: str
    names: Names

    @property
    def storage(self) -> Storage:
        """Where its files belong."""
        return holding(self.prefix)

    def files(self) -> Iterator[tuple[Storage, Found]]:
        """All that lies in it, named or not; also originals that lie where readers may come."""
        for storage in dict.fromkeys((self.storage, default_storage)):
            for found in storage.files(self.prefix):  # type: ignore[attr-defined] # ours have it
                yield storage, found

    def elsewhere(self) -> list[Storage]:
        """The other places where its files may lie, from before the settings were changed."""
        alias, places = "default", ["newsroom.storage.local.PublicFiles"]
        if self.prefix == ORIGINALS:
            # The first edition kept them beside the renditions.
            alias, places = "originals", ["newsroom.storage.local.PrivateFiles", *places]
        if settings.MEDIA_BUCKET:
            bucket = "PrivateBucket" if self.prefix == ORIGINALS else "PublicBucket"
            places.append(f"newsroom.storage.buckets.{bucket}")
        here = settings.STORAGES[alias]["BACKEND"]
        return [storages.create_storage({"BACKEND": one}) for one in places if one != here]


_folders: dict[str, Folder] = {}


def register(prefix: str, names: Names) -> None:
    """Called in an app's ``ready()`` by whoever stores files. Nobody else's are ever touched."""
    _folders[prefix] = Folder(prefix, names)


def folders() -> list[Folder]:
    return list(_folders.values())
