"""The verbs of the image library. A picture is stored whole, row and files, or not at all."""

import logging
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import ForeignKey, Model
from django.utils import timezone

from newsroom import caching, storage
from newsroom.audit import log
from newsroom.deliveries import outbox
from newsroom.images import embedded, processing
from newsroom.images.models import Image, private_name, showing
from newsroom.images.processing import Rendition

logger = logging.getLogger(__name__)

#: Deliveries: what follows the end of the rights in a picture; the files of one that has none.
RIGHTS, RENDER = "rights", "render"

SUFFIXES = {"webp": "webp", "jpeg": "jpg"}


@dataclass(frozen=True)
class Prepared:
    """An uploaded file that has been looked at, with its renditions, ready to be stored."""

    name: str
    facts: processing.Facts
    original: bytes
    renditions: list[Rendition]
    words: dict[str, str]


#: Decoded, a photograph of 24 megapixels takes up to 380 MB: a process holds one, not one a thread.
_one_at_a_time = threading.Lock()
#: Names written since the outermost ``all_or_nothing`` was entered.
_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


def add(file: BinaryIO, *, by: AbstractBaseUser | None, **words: Any) -> Image:
    """A new picture in the library; ``words`` are fields such as ``alt`` and ``credit``.

    Raises ``Refused`` when the file is no picture that we take, ValidationError when a field holds
    what it may not, ``NotStored`` when the storage fails. Then no row and no file is left.
    """
    return keep(Image(**words), file, by=by)


def prepare(file: BinaryIO) -> Prepared:
    """Everything about a file that may refuse or take long; nothing is written. May raise Refused.

    For callers who hold a transaction when they store: a photograph takes about a second.
    """
    with _one_at_a_time:
        facts = processing.inspect(file, max_bytes=settings.MAX_UPLOAD_BYTES)
        original = file.read()
        renditions = processing.render(original)
    name = Path(str(getattr(file, "name", ""))).name
    return Prepared(name[-255:], facts, original, renditions, embedded.words(original))


def keep(image: Image, file: BinaryIO | Prepared, *, by: AbstractBaseUser | None) -> Image:
    """The new, unsaved picture stored with its file; refuses as ``add`` does.

    Words that it lacks are taken from the file: credit, author, source, caption, alternative text.
    """
    prepared = _prepared(file)
    _describe(image, prepared, by)
    for name, text in prepared.words.items():
        if not getattr(image, name) and not (name == "alt" and image.decorative):
            setattr(image, name, text)
    image.full_clean(exclude=["original"])
    with all_or_nothing(), transaction.atomic():
        _store(image, prepared)
        image.save(force_insert=True)
        _watch_rights(image, None, by=by)
    return image


def replace_file(image: Image, file: BinaryIO | Prepared, *, by: AbstractBaseUser | None) -> Image:
    """The picture with another file and the words it carries now; refuses as ``add`` does.

    The old files stay until the change is certain, then go. Pages get new addresses for the
    renditions, so that no cache shows the old picture.
    """
    prepared = _prepared(file)
    _describe(image, prepared, by)
    image.full_clean(exclude=["original"])
    with all_or_nothing(), transaction.atomic():
        before = Image.objects.select_for_update().get(pk=image.pk)
        old = _names(before)
        _store(image, prepared)
        image.save(force_update=True)
        _watch_rights(image, before, by=by)
        # Whatever was asked for before knows nothing of these files.
        _ask_at_end(image)
        transaction.on_commit(lambda: _changed(image.subject, old), robust=True)
    return image


def revise(image: Image, *, by: AbstractBaseUser | None = None, **words: Any) -> Image:
    """The picture with these words; every page that shows it is stale. May raise ValidationError.

    Files that were taken away with the rights are made again when these have been renewed.
    """
    for name, value in words.items():
        setattr(image, name, value)
    image.full_clean(exclude=["original"])
    with transaction.atomic():
        before = Image.objects.select_for_update().get(pk=image.pk)
        # The form may have been open while the files were taken away, or made again.
        image.renditions = before.renditions
        image.save(force_update=True, update_fields=_word_fields())
        _watch_rights(image, before, by=by)
        ask_for_files(image)
        transaction.on_commit(lambda: _changed(image.subject, []), robust=True)
    return image


def remove(image: Image) -> None:
    """Deletes the picture, and once that is certain its files.

    Raises ProtectedError when an article, an author or a front still shows it.
    """
    subject, names = image.subject, _names(image)
    with transaction.atomic():
        image.delete()
        transaction.on_commit(lambda: _changed(subject, names), robust=True)


def pictures(ids: Iterable[int]) -> dict[int, Image]:
    """The pictures by id, those that are gone left out. One query, none for no ids."""
    return Image.objects.with_use().with_fallbacks().in_bulk(set(ids))


def names_of_originals() -> Iterator[str]:
    """The storage names of all originals."""
    yield from Image.objects.values_list("original", flat=True).iterator()


def names_of_renditions() -> Iterator[str]:
    """The storage names of all renditions."""
    for renditions in Image.objects.values_list("renditions", flat=True).iterator():
        yield from (one["name"] for one in renditions)


def uses(image: Image, *, limit: int | None = None) -> Iterator[Model]:
    """The rows that show the picture, at most so many of each kind: stories, authors, pictures
    that it stands in for. The apps above are found through their foreign keys."""
    for relation in showing():
        rows = relation.related_model._default_manager.filter(**{relation.field.name: image})
        for row in rows.order_by("pk")[:limit]:
            yield _subject(row)


def _subject(row: Model) -> Model:
    """The row itself; for one that only ties a picture to something, that something."""
    columns = [field for field in type(row)._meta.concrete_fields if not field.primary_key]
    others = [field for field in columns if field.related_model is not Image]
    if len(others) == 1 and isinstance(others[0], ForeignKey):
        return getattr(row, others[0].name)
    return row


# --- The end of the rights ------------------------------------------------------------------------

#: What the audit keeps of the rights in a picture.
RIGHTS_FACTS = ("licence", "credit", "author", "source", "source_url", "changes", "terms_note")


def _watch_rights(image: Image, before: Image | None, *, by: AbstractBaseUser | None) -> None:
    """In the caller's transaction: what is known of the rights is audited when it has changed, and
    a new end is asked for."""
    was, now = _rights(before) if before else {}, _rights(image)
    if was == now:
        return
    log.record("set rights", image.subject, by=by, name=str(image), before=was, after=now)
    if before is None or before.rights_until != image.rights_until:
        _ask_at_end(image)


def _rights(image: Image) -> dict[str, Any]:
    return {
        **{name: getattr(image, name) for name in RIGHTS_FACTS},
        "rights_until": image.rights_until.isoformat() if image.rights_until else None,
        "fallback": image.fallback.subject if image.fallback else None,
    }


def _ask_at_end(image: Image) -> None:
    """The delivery at the end of the rights. A key for each time that the end is set, or files are
    made: the row may have said the same date before, and done with it."""
    if image.rights_until is None:
        return
    key = f"{RIGHTS}:{image.pk}:{image.rights_until.isoformat()}:{secrets.token_hex(6)}"
    payload = {"image": image.pk}
    outbox.ask(RIGHTS, key=key, subject=image.subject, payload=payload, at=image.rights_until)


def ask_for_files(image: Image) -> None:
    """In the caller's transaction: the worker makes the files that a picture lacks. Nothing when it
    has them, or when nobody may see it."""
    if image.renditions or image.has_ended(now=timezone.now()):
        return
    key = f"{RENDER}:{image.pk}:{secrets.token_hex(6)}"
    outbox.ask(RENDER, key=key, subject=image.subject, payload={"image": image.pk})


def make_files(payload: dict[str, Any]) -> None:
    """Does a delivery of the kind ``RENDER``; doing it twice does no harm.

    Raises what the storage raises, ``Refused`` when the original cannot be opened any more.
    """
    image = Image.objects.filter(pk=payload["image"]).first()
    if image is None or image.renditions:
        return
    with image.original.open("rb") as file, _one_at_a_time:
        renditions = processing.render(file.read())
    with all_or_nothing(), transaction.atomic():
        held = Image.objects.select_for_update().filter(pk=image.pk).first()
        if held is None or held.renditions or held.original != image.original:
            return
        if held.has_ended(now=timezone.now()):
            return
        _store_renditions(held, renditions)
        held.save(update_fields=["renditions"])
        transaction.on_commit(lambda: caching.purge([held.subject]), robust=True)


def files_of(image: Image) -> list[str]:
    """The names of the files that readers get, in a fixed order."""
    return sorted(one["name"] for one in image.renditions)


def forget_files(image: Image) -> None:
    """The row, which the caller holds, names no file any more."""
    image.renditions = []
    image.save(update_fields=["renditions"])


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Files written inside are deleted again when the block fails.

    To be put *around* the outermost transaction: a commit can fail, too. May be nested.
    """
    outer = _written.get()
    mine: list[str] = []
    token = _written.set(mine)
    try:
        yield
    except BaseException:
        _delete(mine)
        raise
    finally:
        _written.reset(token)
    if outer is not None:
        outer.extend(mine)


def _prepared(file: BinaryIO | Prepared) -> Prepared:
    return file if isinstance(file, Prepared) else prepare(file)


def _describe(image: Image, prepared: Prepared, by: AbstractBaseUser | None) -> None:
    image.width, image.height = prepared.facts.width, prepared.facts.height
    image.file_name = prepared.name or image.file_name
    # The type checker knows settings.AUTH_USER_MODEL only by its base class here.
    image.uploaded_by = by  # type: ignore[assignment]


def _store(image: Image, prepared: Prepared) -> None:
    # A name, not a file: the form may have put the upload here, which save() would store again.
    image.original = _write(private_name(image, ""), prepared.original)
    _store_renditions(image, prepared.renditions)


def _store_renditions(image: Image, renditions: list[Rendition]) -> None:
    folder = f"renditions/{secrets.token_hex(16)}"
    image.renditions = [
        {
            "format": one.format,
            "width": one.width,
            "height": one.height,
            "bytes": len(one.data),
            "name": _write(f"{folder}/{one.width}.{SUFFIXES[one.format]}", one.data),
        }
        for one in renditions
    ]


def _write(name: str, data: bytes) -> str:
    """Noted before it is written: a storage that fails may have taken the file all the same."""
    written = _written.get()
    if written is None:
        message = "Files are written inside all_or_nothing() only."
        raise RuntimeError(message)
    written.append(name)
    return storage.write(name, data)


def _names(image: Image) -> list[str]:
    return [image.original.name, *(one["name"] for one in image.renditions)]


def _changed(subject: str, names: list[str]) -> None:
    _delete(names)
    caching.purge([subject])


def _delete(names: list[str]) -> None:
    """A file that cannot be deleted is named by no row any more: ``sweep_media`` finds it."""
    for done, name in enumerate(names):
        try:
            storage.holding(name).delete(name)
        except Exception:
            # The others are not tried: a storage that is gone costs seconds for each.
            logger.exception("Not deleted: %s", ", ".join(names[done:]))
            return


def _word_fields() -> list[str]:
    """What an editor writes; files and facts belong to ``replace_file``."""
    return [
        field.name
        for field in Image._meta.concrete_fields
        if field.editable and not field.primary_key and field.name != "original"
    ]
