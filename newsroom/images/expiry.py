"""What follows the end of the rights in a picture.

That no page shows it from that second on needs nobody: ``Image.shown`` says so by the time. A
delivery, asked for when the end is set, does the rest: it writes down where the picture is used,
makes those pages stale, has its words taken out of the search index, and takes the files away, so
that their addresses answer 404. The original
stays: when the rights are renewed the files are made again from it.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from newsroom import storage
from newsroom.audit import log
from newsroom.audit.models import Entry
from newsroom.deliveries import purge
from newsroom.images import library
from newsroom.images.models import Image

#: The audit's verb.
ENDED = "rights ended"


class Replaced(RuntimeError):
    """The picture got other files while its old ones were taken away."""


def deliver(payload: dict[str, Any]) -> None:
    """Does a delivery of the kind ``library.RIGHTS``; nothing when the rights have been renewed.

    Doing it twice does no harm. Raises what the storage raises, and ``Replaced``: then it is tried
    again.
    """
    image = Image.objects.with_fallbacks().filter(pk=payload["image"]).first()
    if image is None or not image.has_ended(now=timezone.now()):
        return
    names = library.files_of(image)
    # First the files, then the row that names them: whoever dies in between is followed by a try
    # that still knows the names.
    for name in names:
        storage.holding(name).delete(name)
    _settle(image, names)


@transaction.atomic
def _settle(image: Image, names: list[str]) -> None:
    """The row names no file any more; its uses are written down and their pages stale."""
    held = Image.objects.select_for_update().filter(pk=image.pk).first()
    if held is None:
        return
    if library.files_of(held) != names:
        message = f"{image.subject} got other files while its old ones were taken away."
        raise Replaced(message)
    library.forget_files(held)
    entry = _written_down(image) or _write_down(image)
    stale = {image.subject, *(f"path:{storage.holding(name).url(name)}" for name in names)}
    library.ask_to_retell(held)
    purge.ask(stale, event=entry.pk, subject=image.subject)
    # Somebody renewed the rights while the files went.
    library.ask_for_files(held)


def _written_down(image: Image) -> Entry | None:
    about = Entry.objects.about(image.subject).filter(verb=ENDED)
    return about.filter(before=_before(image)).first()


def _write_down(image: Image) -> Entry:
    """Where it is used, drafts included, and what stands in for it there."""
    uses = [
        {"subject": getattr(row, "subject", row._meta.label_lower), "name": str(row)}
        for row in dict.fromkeys(library.uses(image))
    ]
    instead = image.shown(now=timezone.now())
    after = {"uses": uses, "shown instead": instead.subject if instead else ""}
    return log.record(
        ENDED, image.subject, by=None, name=str(image), before=_before(image), after=after
    )


def _before(image: Image) -> dict[str, str]:
    return {"rights_until": image.rights_until.isoformat() if image.rights_until else ""}
