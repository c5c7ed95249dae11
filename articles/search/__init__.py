"""Search over every word of the archive: two back ends, one interface.

``find`` starts from what is public (law 1): the index decides nothing but which words stand where.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.utils.safestring import SafeString

from articles.models import Article
from articles.models.article import BadCursor
from articles.search import entries, marked, postgresql, sqlite
from articles.search.backend import RANKED, Backend, Match, Scope
from articles.search.words import Query, understand

#: Articles written in one go: a few MB of text.
BATCH = 500

_BACKENDS: dict[str, Backend] = {"sqlite": sqlite, "postgresql": postgresql}
#: No story is scheduled for later.
_FAR = datetime(3000, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r"\A([12]\d{3})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)-(\d{1,5})\Z", re.ASCII)


@dataclass(frozen=True)
class Hit:
    """A story that was found; its words as HTML with the hits in ``<mark>``."""

    article: Article
    headline_html: SafeString
    snippet_html: SafeString


@dataclass(frozen=True)
class Results:
    """One page of what was found. ``next`` is the token of the page after it, or empty.

    ``total`` is exact up to RANKED; ``is_more`` says that there are more than that. ``query`` is
    what was understood of the words, empty when nothing in them can be searched for.
    """

    query: str
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    is_more: bool = False
    next: str = ""

    @property
    def has_more(self) -> bool:
        return bool(self.next)

    @property
    def total_text(self) -> str:
        """ "1", "37" or "1,000+"."""
        return f"{self.total:,}{'+' if self.is_more else ''}"


def index(pks: Iterable[int]) -> None:
    """Take in what the rows of these articles say now, in the place of what they said before.

    Of published and scheduled ones, that is; others are forgotten. Call it in the transaction that
    changed them. Six queries for each BATCH, and a savepoint.
    """
    every = list(pks)
    for start in range(0, len(every), BATCH):
        batch = every[start : start + BATCH]
        with transaction.atomic():
            _backend().remove(batch)
            _backend().write(entries.of(batch))


def remove(pks: Iterable[int]) -> None:
    """Forget these articles. One query."""
    _backend().remove(list(pks))


def find(
    words: str,
    *,
    now: datetime,
    section_pks: Collection[int] | None = None,
    author_pk: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str = "",
    size: int = 20,
) -> Results:
    """The public stories with all the words: those with them in the headline first, then by how
    much they are about them; of equal ones the latest first.

    ``words`` may be any string (``words.understand``); ``until`` is exclusive; ``after`` is the
    ``next`` of the page before, whose moment it holds to, so that nothing repeats while stories are
    published. BadCursor says that no page begins there. At most six queries.
    """
    moment, offset = _place(after, now)
    query = understand(words)
    if not query.wanted:
        return Results(query="")
    if section_pks is not None and not section_pks:
        return Results(query=query.text)
    scope = _scope(moment, section_pks, author_pk, since, until)
    found = _ranked(_backend().matches(query, scope))
    ranked = found[:RANKED]
    if offset and offset >= len(ranked):
        message = "Nothing lies beyond that place in the results."
        raise BadCursor(message)
    shown = ranked[offset : offset + size]
    more = len(ranked) > offset + size
    return Results(
        query=query.text,
        hits=_hits(query, shown, now=now),
        total=len(ranked),
        is_more=len(found) > RANKED,
        next=f"{moment:%Y%m%dT%H%M%S}-{offset + size}" if more else "",
    )


def keys(words: str, *, now: datetime) -> list[int]:
    """The keys of the stories with all the words, also of those that are scheduled: the newest
    ``RANKED``. For the desk. None when nothing in the words can be searched for. One query.
    """
    query = understand(words)
    if not query.wanted:
        return []
    public = Article.objects.published(now=now) | Article.objects.scheduled(now=now)
    matches = _backend().matches(query, Scope(public.order_by(), None, _FAR, narrows=False))
    return list(dict.fromkeys(match.pk for match in matches))


def rebuild() -> Iterator[int]:
    """Write every entry anew; yields how many are done, batch by batch. Iterate to the end.

    Each batch is a transaction that holds its articles, so the desk can publish meanwhile, and
    readers search all the time. What does not belong into the index is forgotten last.
    """
    done, last = 0, 0
    while batch := _after(last):
        with transaction.atomic():
            # An entry written by somebody who publishes in this moment must not be overwritten.
            list(Article.objects.select_for_update().filter(pk__in=batch).values_list("pk"))
            index(batch)
        done, last = done + len(batch), batch[-1]
        yield done
    with transaction.atomic():
        _backend().tidy(entries.findable())


def _after(pk: int) -> list[int]:
    """The keys of the next batch of articles that belong into the index."""
    rows = entries.findable().filter(pk__gt=pk).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def _backend() -> Backend:
    """The one for the database; migration 0002 refuses a database that has none."""
    return _BACKENDS[connection.vendor]


def _place(token: str, now: datetime) -> tuple[datetime, int]:
    """The moment that a list of results holds to (aware, UTC), and where in it a page begins."""
    if not token:
        return now.astimezone(UTC), 0
    match = _TOKEN.match(token)
    message = f"{token[:40]!r} is not a place in the results."
    if not match:
        raise BadCursor(message)
    *parts, offset = (int(part) for part in match.groups())
    try:
        moment = datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError as error:
        raise BadCursor(message) from error
    if moment > now or not 0 < offset <= RANKED:
        raise BadCursor(message)
    return moment, offset


def _scope(
    moment: datetime,
    section_pks: Collection[int] | None,
    author_pk: int | None,
    since: datetime | None,
    until: datetime | None,
) -> Scope:
    public = Article.objects.published(now=moment).order_by()
    if section_pks is not None:
        public = public.in_sections(list(section_pks))
    if author_pk is not None:
        public = public.filter(bylines__author=author_pk)
    if since:
        public = public.since(since)
    if until:
        public = public.until(until)
    after_moment = moment + timedelta(seconds=1)
    return Scope(
        public,
        since,
        min(until, after_moment) if until else after_moment,
        narrows=section_pks is not None or author_pk is not None,
    )


def _ranked(found: list[Match]) -> list[Match]:
    """The matches, each once and the best first.

    Scores are compared in tenths of the best one, so that time decides between near ones.
    """
    best: dict[bool, float] = {}
    first: dict[int, Match] = {}
    for match in found:
        best[match.in_headline] = max(match.score, best.get(match.in_headline, 0.0))
        if match.pk not in first or match.in_headline:
            first[match.pk] = match

    def order(match: Match) -> tuple[bool, float]:
        return not match.in_headline, -round(match.score / (best[match.in_headline] or 1), 1)

    # Sorting is stable, and the matches come newest first.
    return sorted(first.values(), key=order)


def _hits(query: Query, shown: list[Match], *, now: datetime) -> list[Hit]:
    pks = [match.pk for match in shown]
    if not pks:
        return []
    cards = Article.objects.published(now=now).filter(pk__in=pks).for_cards().in_bulk()
    texts = _backend().marked(query, pks)
    return [
        Hit(
            article=cards[pk],
            headline_html=marked.html(texts[pk].headline),
            snippet_html=marked.html(marked.snippet(texts[pk].standfirst, texts[pk].body)),
        )
        for pk in pks
        if pk in cards and pk in texts
    ]
