"""Announcements: who outside is told that a story went public, changed or was withdrawn.

The workflow asks for each event in the transaction of the verb. What is so now goes out at once: a
delivery for each hub, for IndexNow and for each webhook, with retries of its own. A story that is
scheduled waits as one delivery of the kind ``announce`` until its second, and only then is it asked
who is to be told.

Every delivery looks, when it is tried, whether its event is still true, and says what readers see
at that moment; an event that has been overtaken ends without a word. So nothing is announced before
its time, nothing that was called off, and nothing of a working copy.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from articles.models import Article, Correction, Tag
from articles.structured_data import address
from authors.models import Author
from newsroom.deliveries import indexnow, outbox, webhook, websub
from newsroom.redirects.middleware import FEEDS
from sections.models import Section

#: The delivery of a scheduled story's event.
KIND = "announce"


class What(StrEnum):
    """What happened to a story, as the public sees it."""

    PUBLISHED = "published"
    #: Again, after it was withdrawn.
    REPUBLISHED = "republished"
    UPDATED = "updated"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class TooEarly(Exception):
    """The clock of the machine that delivers is behind the one that found the delivery due."""


@dataclass(frozen=True)
class Event:
    """What a delivery carries; all JSON values. ``at`` is when it happened (ISO 8601), ``left`` the
    tags of the pages that showed the story before, ``old_path`` where it was before it moved."""

    key: str
    what: str
    article: int
    at: str
    left: list[str]
    old_path: str | None
    correction: int | None

    @property
    def subject(self) -> str:
        return f"article:{self.article}"


def ask(
    what: What,
    article: Article,
    *,
    entry: int,
    left: Collection[str] = (),
    old_path: str | None = None,
    correction: Correction | None = None,
) -> None:
    """Have an event announced, in the caller's transaction; at its second when that lies ahead.

    ``entry`` is the audit's entry of the verb. No rows for what is so now when nobody is to be
    told; one row for a scheduled story even then, for somebody may be named until its time.
    """
    now = timezone.now()
    scheduled = article.published_at if article.is_scheduled(now=now) else None
    at = article.published_at if what == What.PUBLISHED else None
    event = Event(
        key=_key(what, article, at=at or now, entry=entry),
        what=str(what),
        article=article.pk,
        at=(at or now.replace(microsecond=0)).isoformat(),
        left=sorted(left),
        old_path=old_path,
        correction=correction.pk if correction else None,
    )
    if scheduled:
        key = f"{KIND}:{event.key}"
        outbox.ask(KIND, key=key, subject=event.subject, payload=asdict(event), at=scheduled)
    else:
        _fan_out(event)


def _key(what: What, article: Article, *, at: datetime, entry: int) -> str:
    """The event's name for ever. A story goes public for the first time once, however often it was
    scheduled for that second; of everything else there may be several in a second."""
    name = f"article-{article.pk}-{what}-{int(at.timestamp())}"
    return name if what == What.PUBLISHED else f"{name}-{entry}"


def _fan_out(event: Event) -> None:
    """A delivery for each who is to be told; the same event twice makes no more of them."""
    for kind, targets in _targets().items():
        for target in targets:
            name = _digest(target)
            outbox.ask(
                kind,
                key=f"{kind}:{(urlsplit(target).hostname or '')[:60]}:{name}:{event.key}",
                subject=event.subject,
                payload={**asdict(event), "target": name},
            )


def _targets() -> dict[str, list[str]]:
    """Who is to be told, by kind of delivery."""
    return {
        "websub": settings.WEBSUB_HUBS,
        "indexnow": [settings.INDEXNOW_ENDPOINT] if settings.INDEXNOW_KEY else [],
        "webhook": settings.WEBHOOK_URLS,
    }


def _digest(target: str) -> str:
    """Names a target in rows that many may read: its address may hold a password."""
    return sha256(target.encode()).hexdigest()[:12]


# --- Delivering -----------------------------------------------------------------------------------


def announce(payload: dict[str, Any]) -> None:
    """Does the delivery of a scheduled story, at its second."""
    event = Event(**payload)
    if _story(event):
        with transaction.atomic():
            _fan_out(event)


def _story(event: Event) -> Article | None:
    """The story, if what the event says is still so. One query; one more for what is not public.

    TooEarly when it will be so in a moment: try again.
    """
    now = timezone.now()
    mine = Article.objects.filter(pk=event.article).select_related("section").with_bylines()
    if event.what == What.WITHDRAWN:
        return mine.withdrawn().first()
    story = mine.published(now=now).first()
    if event.what != What.PUBLISHED:
        return story
    if story is None:
        _wait_for(mine.scheduled(now=now).first(), event)
    return story if story and _is_of(story, event) else None


def _wait_for(scheduled: Article | None, event: Event) -> None:
    if scheduled and _is_of(scheduled, event):
        message = f"By the clock of this machine it is not {event.at} yet. Set the clocks right."
        raise TooEarly(message)


def _is_of(story: Article, event: Event) -> bool:
    return story.published_at == datetime.fromisoformat(event.at)


def _handler(kind: str, tell: Callable[[str, Event, Article], None]) -> outbox.Handler:
    """Delivers if the event is still true, and its target still one of those in the settings."""

    def deliver(payload: dict[str, Any]) -> None:
        name = payload["target"]
        event = Event(**{part: value for part, value in payload.items() if part != "target"})
        target = next((one for one in _targets()[kind] if _digest(one) == name), None)
        if target and (story := _story(event)):
            tell(target, event, story)

    return deliver


def _tell_hub(hub: str, event: Event, story: Article) -> None:
    websub.ping(hub, feeds({*event.left, *pages_of(story)}))


def _tell_search_engines(endpoint: str, event: Event, story: Article) -> None:
    paths = [path for path in (story.path, event.old_path) if path]
    indexnow.submit(endpoint, [address(path) for path in paths])


def _tell_webhook(url: str, event: Event, story: Article) -> None:
    webhook.send(url, event=event.key, body=_body(event, story))


def register() -> None:
    """Called in ``ready()``."""
    outbox.register(KIND, announce, queue=outbox.DEFAULT)
    tellers = {"websub": _tell_hub, "indexnow": _tell_search_engines, "webhook": _tell_webhook}
    for kind, tell in tellers.items():
        outbox.register(kind, _handler(kind, tell), queue=outbox.DEFAULT)


# --- What is said ---------------------------------------------------------------------------------


def _body(event: Event, story: Article) -> dict[str, Any]:
    """What a webhook is told. Of a withdrawn story no more than what is needed to remove it."""
    what = What.PUBLISHED if event.what == What.REPUBLISHED else event.what
    data: dict[str, Any] = {"id": story.guid, "url": address(story.path or "/")}
    if event.what != What.WITHDRAWN:
        data |= _facts(story)
    if event.correction:
        correction = story.corrections.get(pk=event.correction)
        data["correction"] = {"kind": correction.kind, "text": correction.text}
    return {"type": f"article.{what}", "timestamp": event.at, "data": data}


def _facts(story: Article) -> dict[str, Any]:
    return {
        "headline": story.headline,
        "standfirst": story.standfirst,
        "section": {"name": story.section.name, "url": address(story.section.path)},
        "authors": [
            {"name": line.author.name, "url": address(line.author.get_absolute_url())}
            for line in story.bylines.all()
        ],
        "published_at": _text(story.published_at),
        "updated_at": _text(story.updated_at),
    }


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


# --- Where a story shows --------------------------------------------------------------------------


def pages_of(article: Article) -> set[str]:
    """The tags of every page that shows the article as its rows are now. Four queries."""
    trail = [f"section:{pk}" for pk in _trail(article.section_id)]
    authors = [f"author:{pk}" for pk in article.bylines.values_list("author_id", flat=True)]
    topics = [f"topic:{pk}" for pk in article.tagged.values_list("tag_id", flat=True)]
    own = [article.subject, f"path:{article.path}"] if article.path else [article.subject]
    return {*own, *trail, *authors, *topics, "latest"}


def _trail(section_pk: int) -> Iterable[int]:
    section = Section.objects.get(pk=section_pk)
    parts = section.path.strip("/").split("/")
    above = ["/" + "/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]
    return Section.objects.filter(path__in=above).values_list("pk", flat=True)


def feeds(tags: Iterable[str]) -> list[str]:
    """The addresses of all feeds, in three formats each, of the site and of the sections, authors
    and topics among the tags, as the feeds name themselves. Up to three queries."""
    pks: dict[str, list[str]] = {}
    for kind, _, pk in (tag.partition(":") for tag in tags):
        pks.setdefault(kind, []).append(pk)
    sections = Section.objects.filter(pk__in=pks.get("section", ()))
    authors = Author.objects.filter(pk__in=pks.get("author", ()))
    topics = Tag.objects.filter(pk__in=pks.get("topic", ()), merged_into=None)
    pages = ["/", *sorted(section.path for section in sections)]
    pages += sorted(row.get_absolute_url() for rows in (authors, topics) for row in rows)
    return [address(page + name) for page in pages for name in FEEDS]
