"""Bringing files to where the settings say that they belong: from folders into buckets, or back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from functools import partial
from itertools import islice

from django.core.files.base import ContentFile
from django.core.files.storage import Storage

from newsroom.storage.folders import folders

#: A request to an object store is mostly waiting. Each thread holds a file twice in memory.
AT_ONCE = 8
BATCH = 500


class Outcome(Enum):
    THERE = "there already"
    COPIED = "copied"
    MISSING = "found nowhere"
    DIFFERENT = "different in two places"
    DAMAGED = "not the same when read again"


#: What somebody has to look at.
BAD = {Outcome.MISSING, Outcome.DIFFERENT, Outcome.DAMAGED}


@dataclass(frozen=True)
class Brought:
    name: str
    outcome: Outcome


def bring_all(*, delete_source: bool) -> Iterator[Brought]:
    """Every file that a row names, copied to its storage unless it is there.

    Each copy is read again and compared byte for byte. What lies in two places with different bytes
    is left alone. ``delete_source`` deletes a file elsewhere once the same bytes are here. May be
    broken off and run again, while the site is up.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for folder in folders():
            others, names = folder.elsewhere(), folder.names()
            bring = partial(_bring, here=folder.storage, others=others, delete_source=delete_source)
            # Not all at once: the pool takes everything that it is given into memory.
            while batch := list(islice(names, BATCH)):
                yield from pool.map(bring, batch)


def _bring(name: str, *, here: Storage, others: list[Storage], delete_source: bool) -> Brought:
    source = next((one for one in others if _size(one, name) is not None), None)
    size = _size(here, name)
    if source is None:
        return Brought(name, Outcome.MISSING if size is None else Outcome.THERE)
    if size is None:
        outcome = _copy(name, source, here)
    elif size == _size(source, name) and (not delete_source or _are_alike(name, source, here)):
        outcome = Outcome.THERE
    else:
        outcome = Outcome.DIFFERENT
    if delete_source and outcome not in BAD:
        source.delete(name)
    return Brought(name, outcome)


def _copy(name: str, source: Storage, here: Storage) -> Outcome:
    data = _read(source, name)
    here.save(name, ContentFile(data))
    if _read(here, name) == data:
        return Outcome.COPIED
    here.delete(name)
    return Outcome.DAMAGED


def _are_alike(name: str, source: Storage, here: Storage) -> bool:
    return _read(source, name) == _read(here, name)


def _size(storage: Storage, name: str) -> int | None:
    """None when it is not there; one request."""
    try:
        return storage.size(name)
    except FileNotFoundError:
        return None


def _read(storage: Storage, name: str) -> bytes:
    with storage.open(name) as file:
        return bytes(file.read())
