"""The files of a picture that nobody waits for: AVIF, WebP of crops, and whatever has become stale.

``render`` may be called again at any time, by several at once, and killed at any point: a group of
files is shown from the moment in which the row names it, and until then the old one is.
"""

from collections.abc import Callable
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from newsroom.images import darkroom, library
from newsroom.images.darkroom import LATER, LATER_AVIF
from newsroom.images.models import Image
from newsroom.images.recipes import Group

#: The order in which a picture gets its formats, and what each may take: the soonest done first.
LIMITS = {"jpeg": LATER, "webp": LATER, "avif": LATER_AVIF}

#: Which groups of a picture to make.
Choice = Callable[[Image], list[Group]]


def deliver(payload: dict[str, Any]) -> None:
    """Does a delivery of the kind ``library.RENDER``."""
    render(payload["image"])


def render(pk: int) -> int:
    """The picture has every file that it ought to have; how many were made. None for one that is
    gone, or whose rights have ended.

    Raises ``NotRead`` without its original, ``Refused`` when that cannot be opened within the
    limits, ``NotStored`` when the storage is full. What was made of it before is kept.
    """
    return sum(_make(pk, format, Image.outdated) for format in LIMITS)


def render_anew(pk: int) -> int:
    """As ``render``, also what is there and not stale."""
    return sum(_make(pk, format, lambda image: list(image.recipes())) for format in LIMITS)


def render_lost(pk: int) -> int:
    """As ``render``, also what the row names and the storage does not have."""
    return sum(_make(pk, format, _outdated_or_lost) for format in LIMITS)


def _outdated_or_lost(image: Image) -> list[Group]:
    outdated = image.outdated()
    lost = [
        (cut, format)
        for cut, format in image.recipes()
        if not all(default_storage.exists(file.name) for file in image.files(format, cut))
    ]
    return list(dict.fromkeys([*outdated, *lost]))


def _make(pk: int, format: str, choose: Choice) -> int:
    """The chosen groups in one format; how many files were made."""
    image = Image.objects.filter(pk=pk).first()
    if image is None or image.has_ended(now=timezone.now()):
        return 0
    groups = [group for group in choose(image) if group[1] == format]
    if not groups:
        return 0
    original = library.read_original(image)
    library.note_sha256(image, original)
    made = darkroom.develop(
        original,
        groups,
        focal=image.focal,
        xmp=image.packet,
        limits=LIMITS[format],
    ).renditions
    folder = library.new_folder()
    with library.all_or_nothing():
        library.write_files(folder, made)
        shown = _swap(image, library.planned(image, made, folder=folder))
    library.delete_files([one for one in library.file_names(folder, made) if one not in shown])
    return len(made)


@transaction.atomic
def _swap(seen: Image, planned: dict[str, dict[str, Any]]) -> set[str]:
    """The row names the new files, and pages are stale; the names that it shows now.

    A group is left as it is when the picture has changed since we looked, which somebody else has
    been asked to follow, or when somebody else was faster.
    """
    image = Image.objects.select_for_update().filter(pk=seen.pk).first()
    if image is None or image.has_ended(now=timezone.now()):
        return set()
    before, recipes = set(image.names()), image.recipes()
    for cut, formats in planned.items():
        for format, group in formats.items():
            is_wanted = recipes.get((cut, format)) == group["recipe"]
            if is_wanted and _folder(seen, cut, format) == _folder(image, cut, format):
                image.renditions.setdefault(cut, {})[format] = group
    after = set(image.names())
    if after != before:
        image.save(update_fields=["renditions"])
        library.ask_to_sweep(image, before - after)
        library.ask_to_purge(image.subject)
    return after


def _folder(image: Image, cut: str, format: str) -> str:
    return image.renditions.get(cut, {}).get(format, {}).get("folder", "")
