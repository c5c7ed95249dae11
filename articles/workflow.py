"""The verbs: everything that happens to an article, and the only door to its state (law 2).

Each verb takes its order from the same list: permission, row lock, state, change, revision,
search index, audit, deliveries, in one transaction; what must follow is done on commit. Each
refusal is a ``Refused`` whose text tells the editor what to do.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from articles import announcements, checklist, merging, permissions, search, snapshot
from articles.announcements import What
from articles.models import (
    Article,
    Body,
    BodyImage,
    Byline,
    Correction,
    CorrectionKind,
    Demands,
    Note,
    PublicUse,
    Revision,
    RevisionKind,
    State,
    Step,
    Tag,
    TaggedArticle,
    TagMerge,
)
from articles.models.byline import join_names
from articles.models.note import LONGEST, MOST_OPEN, Part
from articles.models.revision import Snapshot, chain_hash
from articles.models.tag import fold, hold
from newsroom import richtext
from newsroom.audit import log
from newsroom.deliveries import purge
from newsroom.images.models import Image
from newsroom.publication.models import Publication
from newsroom.redirects import paths
from sections.models import Section

User = AbstractBaseUser

#: How many stories of one slug may be published in the same moment and all get a path.
PATH_TRIES = 20

#: Kinds of revision that readers need not be told of.
SILENT = frozenset({RevisionKind.TYPO, RevisionKind.DISCARD})


class Refused(Exception):
    """A verb that did not happen; the text tells what to do."""


class NotAllowed(Refused):
    """The user may not do this, or not to this article as it stands."""


class Conflict(Refused):
    """Somebody else saved first. ``theirs`` is what is saved now."""

    def __init__(self, article: Article) -> None:
        self.theirs = snapshot.head(article)
        self.version = article.version
        who = article.head.by_name if article.head else "Somebody"
        super().__init__(
            f"{who} saved this story while you were writing. Your text is still here, nothing is"
            " lost: compare it with theirs below, then save again."
        )


@dataclass(frozen=True)
class Merged:
    """What a save took in of others' work: names of fields, and who saved since, in order."""

    fields: list[str]
    by: list[str]


class NotReady(Refused):
    """The checklist has something against publishing: ``findings``."""

    def __init__(self, findings: list[checklist.Finding]) -> None:
        self.findings = findings
        super().__init__(
            "This story is not ready: " + " ".join(finding.sentence for finding in findings)
        )


class Embargoed(Refused):
    """Publishing would break the embargo."""


# --- Writing ---------------------------------------------------------------------------------


@transaction.atomic
def create(content: Snapshot, *, by: User, assignee: User | None = None) -> Article:
    """A new draft with its first revision. ``content`` as in ``articles.snapshot``."""
    _allow(by, "add")
    content = _settle(content, by=by)
    _allow_section(by, "add", content)
    article = Article(
        section_id=content["section"]["id"],
        created_by_id=by.pk,
        assignee_id=(assignee or by).pk,
        version=1,
    )
    article.save()
    article.head = _append(article, content, RevisionKind.EDIT, by=by)
    snapshot.write(article, content)
    log.record("create", article.subject, by=by, name=str(article))
    return article


@transaction.atomic
def save(
    article: Article,
    content: Snapshot,
    *,
    by: User,
    base_version: int,
    kind: RevisionKind = RevisionKind.EDIT,
    note: str = "",
) -> Article:
    """Keep what an editor wrote; on a published story in a working copy that readers do not see.

    Conflict says that the saved version is not ``base_version`` any more. Content that is no
    different makes no revision. ``kind`` TYPO says that readers need not be told.
    """
    article = _locked(article)
    _allow(by, "change", article)
    if article.version != base_version:
        raise Conflict(article)
    return _keep(article, content, _kind(article, kind), by=by, note=note)


@transaction.atomic
def save_beside_others(
    article: Article,
    content: Snapshot,
    *,
    by: User,
    base_version: int,
    kind: RevisionKind = RevisionKind.EDIT,
    note: str = "",
) -> tuple[Article, Merged | None]:
    """As ``save``, and what others saved since ``base_version`` stays where I did not change it.

    Conflict says that a field was changed by both. What was merged is in the revision's note.
    """
    article = _locked(article)
    _allow(by, "change", article)
    merged = None
    if article.version != base_version:
        content, merged = _merged(article, content, by=by, base_version=base_version)
        if merged:
            note = " ".join([note, _telling(merged)]).strip()
    article = _keep(article, content, _kind(article, kind), by=by, note=note)
    return article, merged


def _kind(article: Article, kind: RevisionKind) -> RevisionKind:
    """On what is published an edit is an update."""
    return RevisionKind.UPDATE if article.row_is_live and kind == RevisionKind.EDIT else kind


def _merged(
    article: Article, content: Snapshot, *, by: User, base_version: int
) -> tuple[Snapshot, Merged | None]:
    """Mine and theirs in one, and what of it is theirs. The caller holds the row lock."""
    base = article.revisions.filter(number=base_version).first()
    both = merging.merge(
        base.snapshot if base else None,
        mine=_settle(content, by=by),
        theirs=snapshot.head(article),
    )
    if base is None or both.clashes:
        raise Conflict(article)
    since = article.revisions.filter(number__gt=base_version).order_by("number")
    names = list(dict.fromkeys(since.values_list("by_name", flat=True)))
    return both.content, Merged(both.theirs, names) if both.theirs else None


def _telling(merged: Merged) -> str:
    fields = ", ".join(name.replace("_", " ") for name in merged.fields)
    return f"Merged with what {join_names(merged.by)} saved: {fields}."


def _keep(
    article: Article, content: Snapshot, kind: RevisionKind, *, by: User, note: str = ""
) -> Article:
    content = _settle(content, by=by)
    if content["section"]["id"] != snapshot.head(article)["section"]["id"]:
        _allow_section(by, "change", content)
    if article.row_is_live:
        content["slug"] = content["slug"] or article.slug  # an address is never taken away
    fields = snapshot.changed(snapshot.head(article), content)
    if article.head and not fields:
        return article
    article.head = _append(article, content, kind, by=by, note=note)
    article.version += 1
    if article.row_is_live:
        article.save(update_fields=["head", "version", "changed_at"])
    else:
        snapshot.write(article, content)
    log.record(
        str(kind), article.subject, by=by, name=content["headline"], note=note,
        after={"revision": article.head.number, "fields": fields},
    )  # fmt: skip
    return article


@transaction.atomic
def restore(article: Article, revision: Revision, *, by: User, base_version: int) -> Article:
    """An old revision's content as a new revision. What no longer exists is left out and noted."""
    article = _locked(article)
    _allow(by, "restore", article)
    if revision.article_id != article.pk:
        message = "That revision belongs to another story."
        raise Refused(message)
    if article.version != base_version:
        raise Conflict(article)
    content, lost = snapshot.current(revision.snapshot)
    note = " ".join([f"Restored revision {revision.number}.", *lost])
    return _keep(article, content, RevisionKind.RESTORE, by=by, note=note)


@transaction.atomic
def discard(article: Article, *, by: User) -> Article:
    """Drop the working copy: a new revision says again what readers see."""
    article = _locked(article)
    _allow(by, "discard", article)
    if not article.has_working_copy or article.live is None:
        message = "There are no unpublished changes to discard."
        raise Refused(message)
    revision = _append(article, article.live.snapshot, RevisionKind.DISCARD, by=by)
    article.head = article.live = revision
    article.version += 1
    article.save(update_fields=["head", "live", "version", "changed_at"])
    log.record("discard", article.subject, by=by, name=str(article))
    return article


@transaction.atomic
def set_embargo(article: Article, until: datetime | None, *, by: User, reason: str = "") -> Article:
    """Hold a story back until a moment (aware); earlier or None breaks the embargo.

    Breaking one that has not run out needs the permission for it and a reason, which is kept.
    """
    article = _locked(article)
    _allow(by, "change", article)
    until = until and until.replace(microsecond=0)
    before = article.embargo_until
    if until == before:
        return article
    if before and before > timezone.now() and (until is None or until < before):
        _may_break(article, by=by, reason=reason)
    if article.state == State.PUBLISHED and until and until > _time(article):
        message = "The story is published or scheduled before that moment. Withdraw it first."
        raise Embargoed(message)
    article.embargo_until = until
    article.save(update_fields=["embargo_until", "changed_at"])
    log.record(
        "set embargo", article.subject, by=by, name=str(article), note=reason,
        before={"embargo_until": _text(before)}, after={"embargo_until": _text(until)},
    )  # fmt: skip
    return article


def _may_break(article: Article, *, by: User, reason: str) -> None:
    if not permissions.may(by, "break_embargo", article):
        message = (
            f"The embargo holds until {_local(article.embargo_until)}. Only a chief may lift it."
        )
        raise NotAllowed(message)
    if not reason.strip():
        message = "Give a reason for breaking the embargo; it goes into the audit."
        raise Embargoed(message)


@transaction.atomic
def assign(article: Article, to: User | None, *, by: User) -> Article:
    """Put a story on somebody's desk."""
    article = _locked(article)
    _allow(by, "change", article)
    if article.assignee_id == (to.pk if to else None):
        return article
    before = str(article.assignee or "")
    article.assignee_id = to.pk if to else None
    article.save(update_fields=["assignee", "changed_at"])
    log.record(
        "assign", article.subject, by=by, name=str(article),
        before={"assignee": before}, after={"assignee": str(to or "")},
    )  # fmt: skip
    return article


# --- The way to publication ------------------------------------------------------------------


@transaction.atomic
def submit(article: Article, *, by: User, note: str = "") -> Article:
    """Draft -> in review, at the first step where the outlet has steps."""
    article = _locked(article)
    _allow(by, "submit", article)
    return _move(article, "submit", State.IN_REVIEW, _next_step(article), by=by, note=note)


@transaction.atomic
def send_back(article: Article, *, by: User, note: str) -> Article:
    """In review, at whatever step, or approved -> draft, with a note that says what is missing."""
    if not note.strip():
        message = "Write a note, so that the reporter knows what to mend."
        raise Refused(message)
    article = _locked(article)
    _allow(by, "send_back", article)
    return _move(article, "send back", State.DRAFT, None, by=by, note=note)


@transaction.atomic
def approve(article: Article, *, by: User, note: str = "", at: int | None = None) -> Article:
    """In review -> the next step, or approved where no step is left.

    ``at`` is the key of the step that the caller passes, where the story waits at one: Refused
    says that somebody has passed it on since.
    """
    article = _locked(article)
    _allow(by, "approve", article)
    if at is not None and article.step_id != at:
        message = (
            f"Somebody has moved this story meanwhile. It is “{article.stage}” now: look at it,"
            " then press the button again."
        )
        raise Refused(message)
    step = _next_step(article)
    verb, to = ("pass", State.IN_REVIEW) if step else ("approve", State.APPROVED)
    return _move(article, verb, to, step, by=by, note=note)


def _next_step(article: Article) -> Step | None:
    """The step after the one at which it waits, held until the transaction ends.

    All that come after are held, in their order, so that none is taken away before the story is
    there. Who holds a story asks for later steps only, as ``remove_step`` does: nobody waits for
    each other.
    """
    return next(iter(Step.objects.after(article.step).select_for_update(no_key=True)), None)


def _move(
    article: Article, verb: str, to: State, step: Step | None, *, by: User | None, note: str
) -> Article:
    """The story, which the caller holds, in another state or at another step."""
    before = _standing(article)
    article.state, article.step = to, step
    article.save(update_fields=["state", "step", "changed_at"])
    log.record(
        verb, article.subject, by=by, name=str(article),
        note=f"To {step}. {note}".strip() if step else note,
        before=before, after=_standing(article),
    )  # fmt: skip
    return article


def _standing(article: Article) -> dict[str, str]:
    step = {"step": str(article.step)} if article.step else {}
    return {"state": str(article.state), **step}


def publish(
    article: Article, *, by: User, at: datetime | None = None, base_version: int | None = None
) -> Article:
    """Make the head what readers see, now or (``at`` ahead, aware) at that second.

    On a public story this publishes the working copy; its time stays as it is. The first
    publishing time gives the story its path. NotReady and Embargoed say what stands against it.
    """
    for _ in range(PATH_TRIES):
        # Another story may take the path in the same moment; the next look sees it.
        with suppress(IntegrityError):
            return _publish(article, by=by, at=at, base_version=base_version)
    return _publish(article, by=by, at=at, base_version=base_version)


@transaction.atomic
def _publish(
    article: Article, *, by: User, at: datetime | None, base_version: int | None
) -> Article:
    article = _locked(article)
    _allow(by, "publish", article)
    if snapshot.head(article)["section"]["id"] != article.section_id:
        _allow_section(by, "publish", snapshot.head(article))
    if base_version is not None and article.version != base_version:
        raise Conflict(article)
    now = timezone.now().replace(microsecond=0)
    was_public = article.was_withdrawn or article.is_public(now=now)
    if was_public and at is not None and at.replace(microsecond=0) != article.published_at:
        message = "The story is public already; its publishing time stays. Publish without a time."
        raise Refused(message)
    published_at = _time(article) if was_public else max(now, (at or now).replace(microsecond=0))
    _hold_embargo(article, published_at)
    content, lost = snapshot.current(snapshot.head(article))
    _ready(article, content, lost, at=published_at)
    before, skipped = _facts(article), article.steps_ahead(Step.objects.in_order())
    stale = announcements.pages_of(article)
    what = _happens(article, now=now)
    if was_public and _says_more(article):
        article.updated_at = now
    article.published_at = published_at
    _place(article, content, was_public=was_public)
    article.state, article.step = State.PUBLISHED, None
    if article.head is None or snapshot.changed(article.head.snapshot, content):
        # The first publishing gives the story its slug; merged topics have led on.
        article.head = _append(article, content, RevisionKind.EDIT, by=by)
        article.version += 1
    article.live = article.head
    snapshot.write(article, content)
    _note_uses(article, was_public=was_public)
    search.index([article.pk])
    verb = "schedule" if article.is_scheduled(now=now) else "publish"
    note = f"Not passed: {join_names([step.name for step in skipped])}." if skipped else ""
    _announce(verb, article, by=by, before=before, stale=stale, what=what, note=note)
    return article


def _hold_embargo(article: Article, published_at: datetime) -> None:
    if article.embargo_until and published_at < article.embargo_until:
        message = (
            f"There is an embargo until {_local(article.embargo_until)}. Schedule the story for"
            " then or later, or have the embargo lifted."
        )
        raise Embargoed(message)


def _ready(article: Article, content: Snapshot, lost: list[str], *, at: datetime) -> None:
    _hold_single_uses(content)
    if findings := _findings(article, content, lost, at=at):
        raise NotReady(findings)


def _findings(
    article: Article, content: Snapshot, lost: list[str], *, at: datetime
) -> list[checklist.Finding]:
    """What stands against publishing this content at that moment."""
    gone = [checklist.Finding("", sentence) for sentence in lost if "body" not in sentence]
    return gone + checklist.blocks(content, article=article, at=at)


def against_scheduling(article: Article, *, by: User) -> list[str]:
    """What ``publish`` would say against any time ahead, in sentences; writes nothing.

    Empty where nothing stands against it but, perhaps, the time: the end of rights, an embargo.
    """
    if sentence := refusal(by, "publish", article):
        return [sentence]
    if article.was_withdrawn or article.is_public(now=timezone.now()):
        return ["The story is public already; its publishing time stays."]
    try:
        content, lost = snapshot.current(snapshot.head(article))
    except snapshot.Unreadable as error:
        return [str(error)]
    return [finding.sentence for finding in _findings(article, content, lost, at=timezone.now())]


def _hold_single_uses(content: Snapshot) -> None:
    """Its pictures that only one story may show, held until the transaction ends.

    Of two stories that come out with one of them in the same moment, the second waits here and
    then finds the first. Held in the order of their keys, so that two never wait for each other.
    """
    once = Image.objects.for_one_story().filter(pk__in=snapshot.image_keys(content))
    list(once.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def _note_uses(article: Article, *, was_public: bool) -> None:
    """Write down which pictures its rows give to the public; what it has seen before stays."""
    if not was_public:
        article.public_uses.all().delete()
    uses = _uses(article, article.body_images.all())
    PublicUse.objects.bulk_create(uses, ignore_conflicts=True)


def _uses(article: Article, in_body: Iterable[BodyImage]) -> list[PublicUse]:
    """Unsaved: the lead image and the pictures of the body, each once."""
    lead = [article.lead_image_id] if article.lead_image_id else []
    pks = dict.fromkeys([*lead, *(row.image_id for row in in_body)])
    return [PublicUse(article=article, image_id=pk) for pk in pks]


def _happens(article: Article, *, now: datetime) -> What | None:
    """What publishing it is to readers; nothing when a typo was mended."""
    if article.was_withdrawn:
        return What.REPUBLISHED
    if not article.is_public(now=now):
        return What.PUBLISHED
    return What.UPDATED if _says_more(article) else None


def _says_more(article: Article) -> bool:
    """Whether the head tells readers more than what is live with its typos mended."""
    since = article.live.number if article.live else 0
    return article.revisions.filter(number__gt=since).exclude(kind__in=SILENT).exists()


def _place(article: Article, content: Snapshot, *, was_public: bool) -> None:
    """Give the story its path (law 6); a public one that moves leaves a redirect."""
    if was_public and content["slug"] == article.slug:
        return
    slug = content["slug"] = _slug(content, article)
    old = article.path
    article.path = _free_path(article, slug)
    if was_public and old:
        paths.moved(old, article.path, owner=article.subject)


def _free_path(article: Article, slug: str) -> str:
    path = _month(_time(article), Publication.current().zone) + slug + "/"
    if paths.taken(path, owner=article.subject):
        return _numbered(path, (), owner=article.subject)
    return path


def _month(at: datetime, zone: tzinfo) -> str:
    return f"/{at.astimezone(zone):%Y/%m}/"


def _slug(content: Snapshot, article: Article) -> str:
    made = slugify(content["headline"])[:80].strip("-")
    return content["slug"] or made or f"story-{article.pk}"


@transaction.atomic
def withdraw(article: Article, *, by: User, reason: str) -> Article:
    """Take a public story off the site (410 from then on), or a scheduled one off the schedule."""
    article = _locked(article)
    _allow(by, "withdraw", article)
    if not reason.strip():
        message = "Give a reason for withdrawing; it goes into the audit."
        raise Refused(message)
    before, stale = _facts(article), announcements.pages_of(article)
    verb, what = "unschedule", None
    if article.is_public(now=timezone.now()):
        article.state = State.WITHDRAWN
        verb, what = "withdraw", What.WITHDRAWN
    else:
        _unschedule(article)
    article.save()
    search.remove([article.pk])
    _announce(verb, article, by=by, before=before, stale=stale, what=what, note=reason)
    return article


def _unschedule(article: Article) -> None:
    """Back to approved: the row is the head again, the path is given up."""
    article.state = State.APPROVED
    article.published_at = article.path = article.live = None
    article.public_uses.all().delete()
    if article.head:
        snapshot.write(article, snapshot.current(article.head.snapshot)[0])


@transaction.atomic
def correct(
    article: Article,
    *,
    by: User,
    text: str,
    kind: CorrectionKind = CorrectionKind.CORRECTION,
    content: Snapshot | None = None,
) -> Correction:
    """Tell readers what was wrong: on the story, on /corrections/, in feeds and structured data.

    ``content``, when given, is the corrected story and is published with it.
    """
    article = _locked(article)
    _allow(by, "correct", article)
    now = timezone.now().replace(microsecond=0)
    if not article.is_public(now=now):
        message = "Only a story that is public can be corrected. Change the draft instead."
        raise Refused(message)
    if not text.strip():
        message = "Write what was wrong and what is right."
        raise Refused(message)
    if content is not None and article.has_working_copy:
        message = "Publish or discard the unpublished changes first, then correct the story."
        raise Refused(message)
    correction = Correction.objects.create(
        article=article, kind=kind, text=text.strip(), at=now, signed_by=str(by), user_id=by.pk
    )
    # Before the content changes: the pages that the story leaves are as stale as those it enters.
    before, stale = _facts(article), announcements.pages_of(article)
    if content is not None:
        _correct_content(article, content, by=by, note=text.strip())
    article.updated_at = now
    article.save()
    _announce(
        "correct", article, by=by, before=before, stale=stale | {"corrections"},
        what=What.CORRECTED, correction=correction, note=correction.text,
    )  # fmt: skip
    return correction


def _correct_content(article: Article, content: Snapshot, *, by: User, note: str) -> None:
    _keep(article, content, RevisionKind.CORRECTION, by=by, note=note)
    if article.has_working_copy and article.head:
        content, lost = snapshot.current(article.head.snapshot)
        _ready(article, content, lost, at=timezone.now())
        article.live = article.head
        _place(article, content, was_public=True)
        snapshot.write(article, content)
        _note_uses(article, was_public=True)
        search.index([article.pk])


@transaction.atomic
def delete(article: Article, *, by: User) -> None:
    """Throw a draft away. What was once public is withdrawn instead."""
    article = _locked(article)
    _allow(by, "delete", article)
    log.record(
        "delete", article.subject, by=by, name=str(article),
        before={"content": snapshot.head(article)},
    )  # fmt: skip
    article.delete()


# --- Notes of the desk -----------------------------------------------------------------------


@transaction.atomic
def add_note(article: Article, text: str, *, by: User, part: str = "") -> Note:
    """Say something about the story to the desk; ``part`` is the field that it is about, if any.

    The story itself is not changed. Said twice it is there once: a button pressed twice. Refused for
    an empty or long text, and where very many are open.
    """
    article = _locked(article)
    _allow(by, "note", article)
    text = text.replace("\x00", "").strip()
    if not text:
        message = "Write the note first."
        raise Refused(message)
    if len(text) > LONGEST:
        message = f"A note has {LONGEST} characters at most; this one has {len(text)}."
        raise Refused(message)
    if part and part not in Part.values:
        message = "A story has no such part. Choose one of the list."
        raise Refused(message)
    if same := article.notes.open().filter(text=text, part=part, by=by.pk).first():
        return same
    if article.notes.open().count() >= MOST_OPEN:
        message = f"This story has {MOST_OPEN} open notes. Mark some as done first."
        raise Refused(message)
    note = Note.objects.create(
        article=article, text=text, part=part, by_id=by.pk, by_name=str(by), at=timezone.now()
    )
    _record_note("add note", note, by=by, after={"text": text, "part": part})
    return note


@transaction.atomic
def finish_note(note: Note, *, by: User) -> Note:
    """Mark a note as done; one that is done already stays as it is."""
    note = _held_note(note, by=by)
    if note.done_at is None:
        note.mark(timezone.now(), str(by))
        _record_note("finish note", note, by=by, after={"text": note.text})
    return note


@transaction.atomic
def reopen_note(note: Note, *, by: User) -> Note:
    """Take "done" back."""
    note = _held_note(note, by=by)
    if note.done_at is not None:
        before = {"done_by": note.done_by_name, "done_at": _text(note.done_at)}
        note.mark(None)
        _record_note("reopen note", note, by=by, before=before, after={"text": note.text})
    return note


@transaction.atomic
def delete_note(note: Note, *, by: User) -> None:
    """Delete a note: one's own, or any for who may. The audit keeps what it said."""
    note = _held_note(note, by=by)
    if not (note.is_by(by) or permissions.may(by, "delete_note", note.article)):
        message = "Only who wrote a note, or a chief, deletes it. Mark it as done instead."
        raise NotAllowed(message)
    before = {"text": note.text, "part": note.part, "by": note.by_name, "at": _text(note.at)}
    _record_note("delete note", note, by=by, before=before)
    note.delete()


def _held_note(note: Note, *, by: User) -> Note:
    """The row as it is now, held until the transaction ends, for who may write notes there."""
    rows = Note.objects.select_for_update(of=("self",)).select_related("article__section")
    held = rows.filter(pk=note.pk).first()
    if held is None:
        message = "This note does not exist any more."
        raise Refused(message)
    _allow(by, "note", held.article)
    return held


def _record_note(
    verb: str,
    note: Note,
    *,
    by: User,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Its words are before and after: the history of a story does not repeat a deleted note."""
    story = note.article
    log.record(verb, story.subject, by=by, name=str(story), before=before, after=after)


# --- What an outlet sets ---------------------------------------------------------------------


@transaction.atomic
def set_demands(demands: Demands, *, by: User) -> Demands:
    """Save the checklist's switches. Nothing that is published or scheduled changes by it."""
    was, now = Demands.current().levels(), demands.levels()
    changed = [name for name in now if now[name] != was[name]]
    demands.save()
    if changed:
        log.record(
            "change checklist", "checklist", by=by, name="The checklist",
            before={name: str(was[name]) for name in changed},
            after={name: str(now[name]) for name in changed},
        )  # fmt: skip
    return demands


@transaction.atomic
def keep_step(step: Step, *, by: User) -> Step:
    """Save a new or changed step. Stories stay at the step at which they wait, and are approved
    when they are: what is new or moved lies ahead of them or behind them."""
    before = Step.objects.filter(pk=step.pk).first()
    step.save()
    log.record(
        "change step" if before else "add step", step.subject, by=by, name=step.name,
        before=_step_facts(before) if before else {}, after=_step_facts(step),
    )  # fmt: skip
    return step


@transaction.atomic
def remove_step(step: Step, *, by: User) -> None:
    """Take a step away. What waits there goes on at the next one; where it was the last one, the
    story has passed all; without any other it is in review, as in an outlet without steps.

    A few queries for each story that waits there.
    """
    for held in Step.objects.select_for_update().filter(pk=step.pk):
        here = Article.objects.select_for_update(of=("self",)).at_step(held.pk)
        waiting = list(here.select_related("step").order_by("pk"))
        following = _following(held)
        for article in waiting:
            note = f"The step {held} was taken away."
            _move(article, "move on", *following, by=by, note=note)
        log.record(
            "remove step", held.subject, by=by, name=held.name, before=_step_facts(held)
        )  # fmt: skip
        held.delete()


def _following(step: Step) -> tuple[State, Step | None]:
    """Where stories go when the step is taken away."""
    if following := next(iter(Step.objects.after(step).select_for_update(no_key=True)), None):
        return State.IN_REVIEW, following
    is_only = not Step.objects.exclude(pk=step.pk).exists()
    return State.IN_REVIEW if is_only else State.APPROVED, None


def _step_facts(step: Step) -> dict[str, Any]:
    return {"name": step.name, "order": step.order, "role": str(step.role or "")}


# --- Topics ----------------------------------------------------------------------------------


@transaction.atomic
def merge_tag(tag: Tag, *, into: Tag, by: User) -> Tag:
    """Make one topic of two: stories move over, the old address leads to the new one."""
    _allow(by, "merge_tags")
    tag, into = hold(tag.pk, into.pk)
    if into.merged_into_id or into.pk == tag.pk:
        message = f"“{into}” cannot take “{tag}” in: choose a topic that is not merged itself."
        raise Refused(message)
    if tag.merged_into_id:
        message = f"“{tag}” is merged into “{tag.merged_into}” already: undo that first."
        raise Refused(message)
    TagMerge.objects.note(tag, into=into, by=by, now=timezone.now())
    already = TaggedArticle.objects.filter(tag=into).values("content_object")
    TaggedArticle.objects.filter(tag=tag, content_object__in=already).delete()
    TaggedArticle.objects.filter(tag=tag).update(tag=into)
    Tag.objects.filter(merged_into=tag).update(merged_into=into)
    tag.merged_into = into
    tag.save()
    _index_topic(into)
    paths.moved(tag.get_absolute_url(), into.get_absolute_url(), owner=tag.subject)
    entry = log.record(
        "merge topic", tag.subject, by=by, name=tag.name, after={"merged_into": into.name}
    )
    purge.ask({tag.subject, into.subject}, event=entry.pk, subject=tag.subject)
    return into


@transaction.atomic
def retag(
    article: Article,
    topics: Callable[[Snapshot], list[dict[str, Any]]],
    *,
    since: datetime,
    by: User,
    note: str,
) -> Article:
    """Other topics for what was saved after ``since``, as revisions of which readers are not told.

    ``topics`` gives those of a content. A working copy stays one. Permission and the topics in the
    rows (``snapshot.write_topics``) are the caller's.
    """
    article = _locked(article)
    live, head, has_copy = article.live, article.head, article.has_working_copy
    kind = RevisionKind.TYPO if article.row_is_live else RevisionKind.EDIT
    if live and live.at > since and (content := _retagged(live, topics)):
        says_more = has_copy and _says_more(article)
        article.live = article.head = _append(article, content, kind, by=by, note=note)
        # What the working copy tells readers is counted from the new revision on.
        kind = RevisionKind.UPDATE if says_more else kind
    if head and (has_copy or not live):
        content = _retagged(head, topics)
        if content or article.live != live:
            article.head = _append(article, content or head.snapshot, kind, by=by, note=note)
    if article.head and article.head != head:
        # The number of the head, also after two revisions: what others save is merged by it.
        article.version = article.head.number
        article.save(update_fields=["live", "head", "version", "changed_at"])
        log.record("retag", article.subject, by=by, name=str(article), note=note)
    return article


def _retagged(
    revision: Revision, topics: Callable[[Snapshot], list[dict[str, Any]]]
) -> Snapshot | None:
    """The revision's content with other topics; None where that changes nothing."""
    content = snapshot.current(revision.snapshot)[0]
    changed = {**revision.snapshot, "tags": topics(content)}
    return changed if snapshot.changed(content, {**content, "tags": changed["tags"]}) else None


def change_tag(tag: Tag, *, by: User) -> Tag:
    """Save a new or changed topic; a changed slug leaves a redirect."""
    with transaction.atomic():
        before = Tag.objects.select_for_update().filter(pk=tag.pk).first()
        tag.save()
        if before:
            paths.moved(before.get_absolute_url(), tag.get_absolute_url(), owner=tag.subject)
        entry = log.record(
            "change topic" if before else "add topic", tag.subject, by=by, name=tag.name
        )
        if before and before.name != tag.name:
            _index_topic(tag)
        purge.ask({tag.subject}, event=entry.pk, subject=tag.subject)
    return tag


def _index_topic(tag: Tag) -> None:
    search.index(TaggedArticle.objects.filter(tag=tag).values_list("content_object", flat=True))


def index_author(payload: dict[str, Any]) -> None:
    """Does the delivery that a renamed author asks for: the stories are found by the new name."""
    _index_held(Byline.objects.filter(author=payload["author"]).values_list("article", flat=True))


def index_picture(payload: dict[str, Any]) -> None:
    """Does the delivery that a picture asks for whose words have changed, or whose rights have
    ended: the stories that show it, or what it stands in for, are found by the words of now."""
    images = Image.objects.told_with(payload["image"]).values("pk")
    leads = Article.objects.filter(lead_image__in=images).values_list("pk", flat=True)
    in_bodies = BodyImage.objects.filter(image__in=images).values_list("article", flat=True)
    _index_held({*leads, *in_bodies})


def _index_held(pks: Iterable[int]) -> None:
    """Outside of any verb: held while they are read, so that no newer entry is overwritten."""
    every = sorted(set(pks))
    for start in range(0, len(every), search.BATCH):
        batch = every[start : start + search.BATCH]
        with transaction.atomic():
            list(Article.objects.select_for_update().filter(pk__in=batch).values_list("pk"))
            search.index(batch)


# --- Bringing in -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A correction that was issued elsewhere."""

    kind: CorrectionKind
    text: str
    at: datetime
    signed_by: str


@dataclass
class Incoming:
    """A story from elsewhere: another system, the demo, a benchmark.

    ``path`` and ``guid`` are kept as they are (law 6); without a path one is made from the time.
    """

    content: Snapshot
    state: State = State.DRAFT
    published_at: datetime | None = None
    updated_at: datetime | None = None
    embargo_until: datetime | None = None
    path: str = ""
    guid: str = ""
    created_by: User | None = None
    assignee: User | None = None
    corrections: Sequence[Told] = ()
    article: Article = field(init=False)


@transaction.atomic
def bring_in(batch: list[Incoming], *, by: User | None = None, note: str = "") -> list[Article]:
    """Write whole batches, for imports and seeds.

    A constant number of queries per batch, and one for each body that shows pictures.

    Content is cleaned and must refer to rows that exist; the checklist is not asked, for an
    archive is as it is. ``by`` must be allowed to publish; None is a command.
    """
    if by is not None:
        _allow(by, "publish")
    now = timezone.now().replace(microsecond=0)
    for item in batch:
        item.content = _settle(item.content, by=by)
        item.published_at = item.published_at and item.published_at.replace(microsecond=0)
        item.article = _incoming_row(item)
    articles = Article.objects.bulk_create([item.article for item in batch])
    _bring_in_parts(batch)
    revisions = Revision.objects.bulk_create([_first_revision(item, now, by) for item in batch])
    found = _incoming_paths(batch)
    for item, revision, path in zip(batch, revisions, found, strict=True):
        item.article.head = revision
        item.article.live = revision if item.published_at else None
        item.article.state = item.state
        item.article.published_at = item.published_at
        item.article.path = path
    # An upsert of rows that are there: bulk_update would write a CASE for each row and column.
    Article.objects.bulk_create(
        articles,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["head", "live", "state", "published_at", "path"],
    )
    search.index([item.article.pk for item in batch if item.state == State.PUBLISHED])
    entry = log.record("bring in", "articles", by=by, note=note, after={"number": len(batch)})
    purge.ask({"site"}, event=entry.pk, subject="articles")
    return articles


def _incoming_row(item: Incoming) -> Article:
    content = item.content
    row = Article(
        **{name: content[name] for name in snapshot.TEXTS},
        section_id=content["section"]["id"],
        lead_image_id=content["lead_image"]["id"] if content["lead_image"] else None,
        lead_waived=content["lead_waived"],
        updated_at=max([told.at for told in item.corrections], default=item.updated_at),
        embargo_until=item.embargo_until,
        created_by_id=item.created_by.pk if item.created_by else None,
        assignee_id=item.assignee.pk if item.assignee else None,
        version=1,
    )
    if item.guid:
        row.guid = item.guid
    return row


def _incoming_paths(batch: list[Incoming]) -> list[str | None]:
    """A path for each story with a time: its own, which must be free, or a free one."""
    zone = Publication.current().zone
    wanted = [_wished(item, zone) for item in batch]
    taken = paths.taken_among([path for path in wanted if path])
    found: list[str | None] = []
    used: set[str] = set()
    for item, wish in zip(batch, wanted, strict=True):
        path = wish
        if wish and (wish in taken or wish in used):
            if item.path:
                raise Refused(taken.get(wish, f"{wish} is in the batch twice."))
            path = _numbered(wish, used)
        found.append(path)
        used |= {path} if path else set()
    return found


def _wished(item: Incoming, zone: tzinfo) -> str | None:
    if item.published_at is None:
        return None
    return item.path or _month(item.published_at, zone) + _slug(item.content, item.article) + "/"


def _numbered(path: str, used: Collection[str], *, owner: str = "") -> str:
    """The path with the first number from 2 on that is free."""
    number = 2
    while (free := f"{path[:-1]}-{number}/") in used or paths.taken(free, owner=owner):
        number += 1
    return free


def _bring_in_parts(batch: list[Incoming]) -> None:
    bodies, bylines, tagged, images, uses, told = [], [], [], [], [], []
    for item in batch:
        article, content = item.article, item.content
        body = Body(article=article)
        body.set_html(content["body"])
        bodies.append(body)
        bylines += snapshot.byline_rows(article, content)
        tagged += snapshot.tag_rows(article, content)
        in_body = snapshot.image_rows(article, content)
        images += in_body
        uses += _uses(article, in_body) if item.published_at else []
        told += [Correction(article=article, **vars(one)) for one in item.corrections]
    Body.objects.bulk_create(bodies)
    Byline.objects.bulk_create(bylines)
    TaggedArticle.objects.bulk_create(tagged)
    BodyImage.objects.bulk_create(images)
    PublicUse.objects.bulk_create(uses)
    Correction.objects.bulk_create(told)


def _first_revision(item: Incoming, now: datetime, by: User | None) -> Revision:
    kind = RevisionKind.IMPORT
    return Revision(
        article=item.article,
        number=1,
        kind=kind,
        snapshot=item.content,
        by_id=by.pk if by else None,
        by_name=str(by) if by else "system",
        at=now,
        hash=chain_hash(snapshot=item.content, previous="", number=1, kind=kind, at=now),
    )


# --- What all verbs share --------------------------------------------------------------------


def refusal(user: User, verb: str, article: Article) -> str:
    """What the verb would say to the user who may not do it to this story; empty for who may."""
    try:
        _allow(user, verb, article)
    except NotAllowed as refused:
        return str(refused)
    return ""


def _allow(user: User, verb: str, article: Article | None = None) -> None:
    if not permissions.may(user, verb, article):
        what = "write notes on" if verb == "note" else verb.replace("_", " ")
        if article and verb == "publish" and (ahead := _in_the_way(user, article)):
            raise NotAllowed(ahead)
        where = f" while it is {article.get_state_display().lower()}" if article else ""
        message = f"You may not {what} this story{where}. Ask an editor."
        raise NotAllowed(message)


def _in_the_way(user: User, article: Article) -> str:
    """Which steps stand between this user and publishing, where nothing else does; else empty."""
    ahead = article.steps_ahead(permissions.steps(user))
    if not ahead or not permissions.may_in(user, "publish", article.section):
        return ""
    names = join_names([step.name for step in ahead])
    return (
        f"This story has not passed {names} yet. Submit it or pass it on, or ask a chief to publish"
        " it now."
    )


def _allow_section(user: User, verb: str, content: Snapshot) -> None:
    """A story is begun in, and moved to, a section where the user has a role for it."""
    section = Section.objects.get(pk=content["section"]["id"])
    if not permissions.may_in(user, verb, section):
        message = f"You have no place on the desk of “{section}”. Choose one of your own sections."
        raise NotAllowed(message)


def _locked(article: Article) -> Article:
    """The row as it is now, held until the transaction ends. Two queries.

    The row is held first and read then: PostgreSQL joins a row that it had to wait for with what
    the other tables held before, so the head would be missing.
    """
    held = Article.objects.select_for_update().filter(pk=article.pk).values_list("pk", flat=True)
    found = Article.objects.filter(pk__in=list(held))
    if row := found.select_related("head", "live", "section", "step").first():
        return row
    message = "This story does not exist any more."
    raise Refused(message)


def _settle(content: Snapshot, *, by: User | None) -> Snapshot:
    """The content as it is stored, with rows for new tag names."""
    try:
        content = snapshot.normalize(content)
    except (snapshot.Unreadable, richtext.TooLong) as error:
        raise Refused(str(error)) from error
    content["tags"] = [tag if tag["id"] else _new_tag(tag["label"], by) for tag in content["tags"]]
    return content


def _new_tag(label: str, by: User | None) -> dict[str, Any]:
    tag = Tag.objects.filter(folded=fold(label)).select_related("merged_into").first()
    if tag is None:
        if by and not permissions.may_name_topics(by):
            message = (
                f"“{label}” is no topic yet. Choose one that is there, or ask an editor for it."
            )
            raise NotAllowed(message)
        tag = _add_tag(label[:100], by)
    reference = snapshot.reference(tag.merged_into or tag)
    assert reference  # noqa: S101 - a saved row has a reference
    return reference


def _add_tag(name: str, by: User | None) -> Tag:
    tag = Tag(name=name)
    tag.clean()
    try:
        with transaction.atomic():
            tag.save()
    except IntegrityError:
        # Somebody else made it in the same moment.
        return Tag.objects.get(folded=fold(name))
    log.record("add topic", tag.subject, by=by, name=tag.name)
    return tag


def _append(
    article: Article, content: Snapshot, kind: RevisionKind, *, by: User, note: str = ""
) -> Revision:
    last = article.revisions.order_by("-number").first()
    number, previous = (last.number + 1, last.hash) if last else (1, "")
    at = timezone.now()
    return Revision.objects.create(
        article=article,
        number=number,
        kind=kind,
        snapshot=content,
        by_id=by.pk,
        by_name=str(by),
        at=at,
        note=note,
        previous_hash=previous,
        hash=chain_hash(snapshot=content, previous=previous, number=number, kind=kind, at=at),
    )


def _time(article: Article) -> datetime:
    """The publishing time of an article that has one."""
    if article.published_at is None:
        message = f"{article.subject} has no publishing time."
        raise ValueError(message)
    return article.published_at


def _facts(article: Article) -> dict[str, Any]:
    return {
        "state": str(article.state),
        "published_at": _text(article.published_at),
        "path": article.path,
        "live": article.live.number if article.live else None,
    }


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _local(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%-d %B %Y, %H:%M}" if at else ""


def _announce(
    verb: str,
    article: Article,
    *,
    by: User,
    before: dict[str, Any],
    stale: set[str],
    what: What | None = None,
    correction: Correction | None = None,
    note: str = "",
) -> None:
    """Audit and deliveries, as rows of the same transaction; ``what`` it is to the public, if
    anything."""
    entry = log.record(
        verb, article.subject, by=by, name=str(article), note=note,
        before=before, after=_facts(article),
    )  # fmt: skip
    purge.ask(stale | announcements.pages_of(article), event=entry.pk, subject=article.subject)
    if what:
        has_moved = what != What.PUBLISHED and before["path"] != article.path
        announcements.ask(
            what, article, entry=entry.pk, left=stale, correction=correction,
            old_path=before["path"] if has_moved else None,
        )  # fmt: skip
