"""The verbs of the image library. A picture is stored whole, row and files, or not at all.

What a page needs at once is made before the row is written: JPEG of everything, WebP of the whole
picture. The rest (``RENDER``) is asked for in the same transaction and made by the worker.
"""

import hashlib
import logging
import secrets
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Count, ForeignKey, Model
from django.utils import timezone

from newsroom import storage
from newsroom.audit import log
from newsroom.deliveries import outbox, purge
from newsroom.deliveries.models import Delivery
from newsroom.images import darkroom, digital_source, licences, packet, processing
from newsroom.images.models import Image, private_name, showing
from newsroom.images.processing import Refused, Rendition
from newsroom.images.recipes import RATIOS, WHOLE, Group, file_name

logger = logging.getLogger(__name__)

#: Deliveries: make the files that a picture lacks; delete those of these names that it does not
#: show any more; what follows the end of the rights in it; what keeps its words elsewhere (the
#: search index of the stories) takes the new ones.
RENDER, SWEEP, RIGHTS, RETELL = "render", "sweep", "rights", "picture-retold"
#: Feeds, caches and search engines name the files of a picture for so long after it got others.
KEPT = timedelta(days=30)
#: Made while somebody waits; the others take seconds.
CROPS_AT_ONCE: list[Group] = [(cut, "jpeg") for cut in RATIOS]
AT_ONCE: list[Group] = [(WHOLE, "jpeg"), (WHOLE, "webp"), *CROPS_AT_ONCE]


@dataclass(frozen=True)
class Prepared:
    """An uploaded file that has been looked at, with its renditions, ready to be stored."""

    name: str
    facts: processing.Facts
    original: bytes
    renditions: list[Rendition]
    words: dict[str, str]
    has_c2pa: bool
    focal: tuple[float, float]

    @property
    def sha256(self) -> str:
        return _sha256(self.original)


@dataclass(frozen=True)
class Recut:
    """The crops of a picture around another focal point, ready to be stored."""

    original: str
    focal: tuple[float, float]
    renditions: list[Rendition]


class AlreadyThere(Refused):
    """The library has this very file; the text names the picture, which is ``image``."""

    def __init__(self, image: Image) -> None:
        super().__init__(
            f"This file is in the library already, as “{image}”. Use that picture, or give it the"
            " words that it lacks."
        )
        self.image = image


#: Opened, a photograph may take 640 MB: a process has one open, not one a thread.
_one_at_a_time = threading.Lock()
#: Names written since the outermost ``all_or_nothing`` was entered.
_written: ContextVar[list[str] | None] = ContextVar("written", default=None)


def add(file: BinaryIO, *, by: AbstractBaseUser | None, **words: Any) -> Image:
    """A new picture in the library; ``words`` are fields such as ``alt`` and ``credit``.

    Raises ``Refused`` when the file is no picture that we take, ValidationError when a field holds
    what it may not, ``NotStored`` when the storage fails. Then no row and no file is left.
    """
    return keep(Image(**words), file, by=by)


def prepare(file: BinaryIO, *, focal: tuple[float, float] = (0.5, 0.5)) -> Prepared:
    """Everything about a file that may refuse or take long; nothing is written. May raise Refused.

    For callers who hold a transaction when they store: a photograph takes one to two seconds.
    """
    processing.refuse_size(file, max_bytes=settings.MAX_UPLOAD_BYTES)
    original = file.read()
    file.seek(0)
    with _one_at_a_time:
        made = darkroom.develop(original, AT_ONCE, focal=focal)
    name = Path(str(getattr(file, "name", ""))).name[-255:]
    return Prepared(
        name, made.facts, original, made.renditions, made.words, made.has_c2pa, focal=focal
    )


def recut(image: Image, focal: tuple[float, float]) -> Recut | None:
    """The crops around that point, for ``revise``; nothing is written. Takes about a second.

    None when the original cannot be read or opened: the crops stay as they are, the worker tries
    again, and its delivery says what is wrong.
    """
    name = image.original.name or ""
    try:
        original = read_original(image)
        with _one_at_a_time:
            made = darkroom.develop(original, CROPS_AT_ONCE, focal=focal)
    except (NotRead, Refused) as error:
        logger.warning("%s was not cut anew.", image.subject, exc_info=error)
        return None
    return Recut(name, focal, made.renditions)


def keep(image: Image, file: BinaryIO | Prepared, *, by: AbstractBaseUser | None) -> Image:
    """The new, unsaved picture stored with its file; refuses as ``add`` does.

    Words that it lacks are taken from the file: credit, author, source, caption, alternative text,
    licence, how it was made.
    """
    prepared = _prepared(file, image)
    _describe(image, prepared, by)
    for name, text in _words(prepared).items():
        if not getattr(image, name) and not (name == "alt" and image.decorative):
            setattr(image, name, text)
    image.full_clean(exclude=["original"])
    with all_or_nothing(), transaction.atomic():
        _store(image, prepared)
        image.save(force_insert=True)
        _watch_rights(image, None, by=by)
        ask_for_files(image)
    return image


def keep_once(image: Image, prepared: Prepared, *, by: AbstractBaseUser | None) -> Image:
    """As ``keep``, for a file that the library does not have yet. Raises ``AlreadyThere``, also
    where somebody uploads the same file at the same time."""
    sha256 = prepared.sha256
    with all_or_nothing(), transaction.atomic():
        _alone_with(sha256)
        if found := Image.objects.of_file(sha256).first():
            raise AlreadyThere(found)
        return keep(image, prepared, by=by)


def refuse_again(file: BinaryIO) -> None:
    """``AlreadyThere`` for a file that the library has: before it is opened, which takes long.
    ``Refused`` for one that is empty or too large, before it is read."""
    processing.refuse_size(file, max_bytes=settings.MAX_UPLOAD_BYTES)
    data = file.read()
    file.seek(0)
    if found := Image.objects.of_file(_sha256(data)).first():
        raise AlreadyThere(found)


def note_sha256(image: Image, original: bytes) -> None:
    """What was read of an original that came before files were known by their bytes."""
    if not image.original_sha256:
        rows = Image.objects.filter(pk=image.pk, original=image.original.name, original_sha256="")
        rows.update(original_sha256=_sha256(original))


def replace_file(image: Image, file: BinaryIO | Prepared, *, by: AbstractBaseUser | None) -> Image:
    """The picture with another file and the words it carries now; refuses as ``add`` does.

    The old files stay until the change is certain, then go. Pages get new addresses for the
    renditions, so that no cache shows the old picture.
    """
    prepared = _prepared(file, image)
    _describe(image, prepared, by)
    # The other words are the editor's; how this file was made is not what the old one was.
    image.digital_source = _words(prepared)["digital_source"] or image.digital_source
    image.full_clean(exclude=["original"])
    with all_or_nothing(), transaction.atomic():
        before = Image.objects.select_for_update().get(pk=image.pk)
        old = _names(before)
        outbox.settle(SWEEP, subject=image.subject)
        _store(image, prepared)
        image.save(force_update=True)
        _watch_rights(image, before, by=by)
        _watch_words(image, before)
        # Whatever was asked for before knows nothing of these files.
        _ask_at_end(image)
        ask_for_files(image)
        ask_to_purge(image.subject)
        transaction.on_commit(lambda: delete_files(old), robust=True)
    return image


def revise(
    image: Image,
    *,
    by: AbstractBaseUser | None = None,
    crops: Recut | None = None,
    **words: Any,
) -> Image:
    """The picture with these words; every page that shows it is stale. May raise ValidationError.

    ``crops`` are those around its new focal point. Files with the old words inside are shown until
    the worker has made new ones; those that must not or need not be shown any more go at once from
    the row, and after ``KEPT`` from the storage. Files that were taken away with the rights are
    made again when these have been renewed.
    """
    for name, value in words.items():
        setattr(image, name, value)
    image.full_clean(exclude=["original"])
    with all_or_nothing(), transaction.atomic():
        before = Image.objects.select_for_update().get(pk=image.pk)
        _take_over_file(image, before)
        if crops and (crops.original, crops.focal) == (image.original.name, image.focal):
            _cut_anew(image, crops)
        _drop_forbidden(image)
        image.save(force_update=True, update_fields=[*_word_fields(), "renditions"])
        _watch_rights(image, before, by=by)
        _watch_words(image, before)
        ask_to_sweep(image, set(before.names()) - set(image.names()))
        ask_for_files(image)
        ask_to_purge(image.subject)
    return image


def remove(image: Image) -> None:
    """Deletes the picture, and once that is certain its files, also those it showed before.

    Raises ProtectedError when an article, an author or a front still shows it.
    """
    subject, names = image.subject, _names(image)
    with transaction.atomic():
        image.delete()
        outbox.settle(SWEEP, subject=subject)
        ask_to_purge(subject)
        transaction.on_commit(lambda: delete_files(names), robust=True)


def pictures(ids: Iterable[int]) -> dict[int, Image]:
    """The pictures by id, those that are gone left out. One query, none for no ids."""
    return Image.objects.with_use().with_fallbacks().in_bulk(set(ids))


def names_of_originals() -> Iterator[str]:
    """The storage names of all originals."""
    yield from Image.objects.values_list("original", flat=True).iterator()


def names_of_renditions() -> Iterator[str]:
    """The storage names of all files that readers may get, or got until not long ago."""
    for image in Image.objects.only("renditions").iterator():
        yield from image.names()
    retired = Delivery.objects.open().filter(kind=SWEEP)
    for payload in retired.values_list("payload", flat=True).iterator():
        yield from payload["names"]


# --- Files that are made later, and files that go ---------------------------------------------


def ask_for_files(image: Image) -> None:
    """In the caller's transaction: the worker makes the files that the picture lacks. Nothing when it
    lacks none, or when nobody may see it. One key per event: what is asked for twice is made once.
    """
    if image.outdated() and not image.has_ended(now=timezone.now()):
        key = f"{RENDER}:{image.pk}:{secrets.token_hex(6)}"
        outbox.ask(RENDER, key=key, subject=image.subject, payload={"image": image.pk})


def ask_to_sweep(image: Image, names: Collection[str]) -> None:
    """After ``KEPT`` those of the names are deleted that the picture does not show then."""
    if names:
        outbox.ask(
            SWEEP,
            key=f"{SWEEP}:{image.pk}:{secrets.token_hex(6)}",
            subject=image.subject,
            payload={"image": image.pk, "names": sorted(names)},
            at=timezone.now() + KEPT,
        )


def ask_to_purge(subject: str) -> None:
    """In the caller's transaction: pages that show the picture are stale."""
    key = f"{purge.KIND}:{subject}:{secrets.token_hex(6)}"
    outbox.ask(purge.KIND, key=key, subject=subject, payload={"tags": [subject]})


def ask_to_retell(image: Image) -> None:
    """In the caller's transaction: whoever keeps words of the picture takes those of now."""
    key = f"{RETELL}:{image.pk}:{secrets.token_hex(6)}"
    outbox.ask(RETELL, key=key, subject=image.subject, payload={"image": image.pk})


def sweep(payload: dict[str, Any]) -> None:
    """Does a delivery of the kind ``SWEEP``; doing it twice does no harm."""
    image = Image.objects.filter(pk=payload["image"]).first()
    shown = set(image.names()) if image else set()
    for name in payload["names"]:
        if name not in shown:
            storage.holding(name).delete(name)


class NotRead(OSError):
    """The original of a picture cannot be read; the text says which."""


def read_original(image: Image) -> bytes:
    """The file as it was uploaded. Raises ``NotRead``."""
    try:
        with image.original.open("rb") as file:
            return file.read()
    except Exception as error:
        # Each storage has errors of its own, as in _write.
        message = (
            f"The original of {image.subject} ({image}) cannot be read: it is gone, or the storage"
            " cannot be reached. Put it back from a backup, or replace the file at the desk."
        )
        raise NotRead(message) from error


def planned(
    image: Image, renditions: Iterable[Rendition], *, folder: str
) -> dict[str, dict[str, Any]]:
    """How ``Image.renditions`` names these files, which are not written yet."""
    made: dict[str, dict[str, Any]] = {}
    recipes = image.recipes()
    for one in renditions:
        group = {"folder": folder, "recipe": recipes[one.cut, one.format], "sizes": []}
        formats = made.setdefault(one.cut, {})
        formats.setdefault(one.format, group)["sizes"].append(
            [one.width, one.height, len(one.data)]
        )
    return made


def new_folder() -> str:
    """A part of an address that nobody can guess: 96 bits."""
    return secrets.token_hex(12)


def file_names(folder: str, renditions: Iterable[Rendition]) -> list[str]:
    return [file_name(folder, one.cut, one.width, one.format) for one in renditions]


def write_files(folder: str, renditions: list[Rendition]) -> None:
    """Inside ``all_or_nothing``; raises ``NotStored``."""
    for name, one in zip(file_names(folder, renditions), renditions, strict=True):
        _write(name, one.data)


def uses(image: Image, *, limit: int | None = None) -> Iterator[Model]:
    """The rows that show the picture, at most so many of each kind: stories, authors, pictures
    that it stands in for. The apps above are found through their foreign keys."""
    for relation in showing():
        rows = relation.related_model._default_manager.filter(**{relation.field.name: image})
        for row in rows.order_by("pk")[:limit]:
            yield _subject(row)


def count_uses(images: Iterable[Image]) -> dict[int, int]:
    """In how many places each picture is shown, or written to be; those without any are left out.
    A query for each kind of place, whatever the number of pictures."""
    pks, found = [image.pk for image in images], Counter[int]()
    for relation in showing():
        name = relation.field.name
        rows = relation.related_model._default_manager.filter(**{f"{name}__in": pks})
        counted = rows.order_by().values_list(name).annotate(number=Count("pk"))
        found.update(dict(counted))
    return dict(found)


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


#: Words that are kept elsewhere, and what decides whose words those are.
TOLD_BY = ("caption", "rights_until", "fallback_id", "licence")


def _watch_words(image: Image, before: Image) -> None:
    """In the caller's transaction: changed words are told to whoever keeps them. A picture that
    stands in for others does so only while nothing is missing."""
    changed = any(getattr(image, name) != getattr(before, name) for name in TOLD_BY)
    if changed or bool(image.lacks()) != bool(before.lacks()):
        ask_to_retell(image)


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


def files_of(image: Image) -> list[str]:
    """The names of the files that readers get, or got until not long ago, in a fixed order."""
    return sorted({*image.names(), *_retired(image)})


def forget_files(image: Image) -> None:
    """The row, which the caller holds, names no file any more."""
    image.renditions = {}
    image.save(update_fields=["renditions"])
    outbox.settle(SWEEP, subject=image.subject)


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
        delete_files(mine)
        raise
    finally:
        _written.reset(token)
    if outer is not None:
        outer.extend(mine)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _alone_with(sha256: str) -> None:
    """Until the transaction ends nobody else is here with that file. On SQLite nobody is at all."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])


def _prepared(file: BinaryIO | Prepared, image: Image) -> Prepared:
    return file if isinstance(file, Prepared) else prepare(file, focal=image.focal)


def _describe(image: Image, prepared: Prepared, by: AbstractBaseUser | None) -> None:
    image.width, image.height = prepared.facts.width, prepared.facts.height
    image.file_name = prepared.name or image.file_name
    image.has_c2pa = prepared.has_c2pa
    # The type checker knows settings.AUTH_USER_MODEL only by its base class here.
    image.uploaded_by = by  # type: ignore[assignment]


def _words(prepared: Prepared) -> dict[str, str]:
    """What the file says of itself, as our fields hold it."""
    words = dict(prepared.words)
    words["licence"] = licences.of_deed(words.pop("licence_url", ""))
    words["digital_source"] = digital_source.known(words.get("digital_source", ""))
    return words


def _store(image: Image, prepared: Prepared) -> None:
    # A name, not a file: the form may have put the upload here, which save() would store again.
    image.original = _write(private_name(image, ""), prepared.original)
    image.original_sha256 = prepared.sha256
    image.renditions = {}
    is_cut_right = prepared.focal == image.focal
    _add(image, [one for one in prepared.renditions if one.cut == WHOLE or is_cut_right])


def _take_over_file(image: Image, stored: Image) -> None:
    """What belongs to the file is the row's: the form may have been open during a replacement."""
    for name in ("original", "original_sha256", "width", "height", "renditions"):
        setattr(image, name, getattr(stored, name))


def _drop_forbidden(image: Image) -> None:
    """Crops that the licence does not allow any more."""
    allowed = {cut for cut, _format in image.recipes()}
    image.renditions = {cut: of for cut, of in image.renditions.items() if cut in allowed}


def _cut_anew(image: Image, crops: Recut) -> None:
    """The new crops instead of the old ones in every format: nobody sees both focal points.

    Nothing for a picture without files, which were taken away with the rights.
    """
    recipes = image.recipes() if image.renditions else {}
    moved = [one for one in crops.renditions if _is_outdated(image, one, recipes)]
    for cut in {one.cut for one in moved}:
        image.renditions.pop(cut, None)
    _add(image, moved)


def _is_outdated(image: Image, one: Rendition, recipes: dict[Group, str]) -> bool:
    group = (one.cut, one.format)
    return group in recipes and image.recipe(group) != recipes[group]


def _add(image: Image, renditions: list[Rendition]) -> None:
    """Files that were made before the words were known get them now; of cuts it may have only."""
    allowed, xmp, folder = image.recipes(), image.packet, new_folder()
    told = [
        replace(one, data=packet.inside(one.format, one.data, xmp))
        for one in renditions
        if (one.cut, one.format) in allowed
    ]
    write_files(folder, told)
    for cut, formats in planned(image, told, folder=folder).items():
        image.renditions.setdefault(cut, {}).update(formats)


def _write(name: str, data: bytes) -> str:
    """Noted before it is written: a storage that fails may have taken the file all the same."""
    written = _written.get()
    if written is None:
        message = "Files are written inside all_or_nothing() only."
        raise RuntimeError(message)
    written.append(name)
    return storage.write(name, data)


def _names(image: Image) -> list[str]:
    """Every file of the picture: the original, and what readers get or got."""
    return [image.original.name or "", *files_of(image)]


def _retired(image: Image) -> Iterator[str]:
    """What the picture showed before, and feeds and caches still name."""
    swept = Delivery.objects.open().filter(kind=SWEEP, subject=image.subject)
    for payload in swept.values_list("payload", flat=True):
        yield from payload["names"]


def delete_files(names: list[str]) -> None:
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
