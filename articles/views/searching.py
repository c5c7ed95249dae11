"""The search page."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from articles import search as index
from articles.models import Article
from articles.models.article import BadCursor
from articles.search.words import MAX_QUERY_CHARS
from authors.models import Author
from newsroom.caching import page
from newsroom.publication import masthead
from sections import navigation
from sections.navigation import Node, Tree

#: Stories on a page of results, and those shown when there are none.
RESULTS_PER_PAGE = 20
LATEST = 5

#: The fields of the form; whatever else the address carries is ignored.
FIELDS = ("q", "section", "author", "since", "until")

DAY = re.compile(r"\A[12]\d{3}-\d\d-\d\d\Z", re.ASCII)


@dataclass
class Filters:
    """What the form narrows the search to, and a sentence for each value that makes no sense."""

    section: Node | None = None
    author: Author | None = None
    since: date | None = None
    until: date | None = None
    notes: list[str] = field(default_factory=list)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Stories with all the words, best first; the latest ones when there are none to show.

    At most seven queries: publication, author, matches, cards, bylines, marked texts, the next
    scheduled story; two more on PostgreSQL, which fetches the texts before it marks them.
    """
    now = timezone.now()
    tree = navigation.tree(masthead.of_request(request))
    words = request.GET.get("q", "").strip()
    filters = read(request.GET, tree)
    results = find(words, request.GET.get("page", ""), filters, now=now) if words else None
    found = [hit.article for hit in results.hits] if results else []
    others = [] if found else latest(now=now)
    context = {
        "query": words[:MAX_QUERY_CHARS],
        "results": results,
        "next_query": next_query(request.GET, results),
        "sections": tree.roots,
        "chosen_section": filters.section,
        "chosen_author": filters.author,
        "since": filters.since,
        "until": filters.until,
        "notes": filters.notes,
        "latest": others,
        "archive_at": next((one.published_at for one in [*found, *others]), None),
        "robots": "noindex",
    }
    return page(
        TemplateResponse(request, "articles/search.html", context),
        tags={"site", "latest"},
        until=Article.objects.next_due(now=now),
    )


def find(words: str, token: str, filters: Filters, *, now: datetime) -> index.Results:
    """The page of results that the request asks for; 404 when its token leads nowhere."""
    narrowed: dict[str, Any] = {
        "section_pks": [node.pk for node in filters.section.family()] if filters.section else None,
        "author_pk": filters.author.pk if filters.author else None,
        "since": _midnight(filters.since) if filters.since else None,
        "until": _midnight(filters.until + timedelta(days=1)) if filters.until else None,
    }
    try:
        return index.find(words, now=now, after=token, size=RESULTS_PER_PAGE, **narrowed)
    except BadCursor as error:
        raise Http404(str(error)) from error


def latest(*, now: datetime) -> list[Article]:
    return list(Article.objects.published(now=now).for_cards().newest()[:LATEST])


def next_query(asked: QueryDict, results: index.Results | None) -> str:
    """The query string of the next page of results, or empty."""
    if not results or not results.next:
        return ""
    kept = QueryDict(mutable=True)
    for name in FIELDS:
        if value := asked.get(name, "").strip():
            kept[name] = value
    kept["page"] = results.next
    return kept.urlencode()


def read(asked: QueryDict, tree: Tree) -> Filters:
    """The filters of a request; what is unknown or impossible is left out with a sentence."""
    filters = Filters()
    if len(asked.get("q", "").strip()) > MAX_QUERY_CHARS:
        filters.notes.append(f"Only the first {MAX_QUERY_CHARS} characters are searched for.")
    if value := asked.get("section", "").strip():
        filters.section = _section(value, tree)
        if filters.section is None:
            filters.notes.append(f"No such section: {_short(value)}. All sections are searched.")
    if value := asked.get("author", "").strip():
        filters.author = Author.objects.filter(slug=value).first()
        if filters.author is None:
            filters.notes.append(f"No such author: {_short(value)}. Stories by all are searched.")
    filters.since = _day(asked, "since", filters.notes)
    filters.until = _day(asked, "until", filters.notes)
    return filters


def _section(value: str, tree: Tree) -> Node | None:
    """By its path ("harbor/ferries", with or without outer slashes) or its key."""
    if value.isascii() and value.isdecimal() and len(value) <= 18:
        return tree.by_pk.get(int(value))
    return tree.by_path.get(f"/{value.strip('/')}/")


def _day(asked: QueryDict, name: str, notes: list[str]) -> date | None:
    value = asked.get(name, "").strip()
    if not value:
        return None
    try:
        if DAY.match(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    notes.append(f"{_short(value)} is not a date, so it was left out. Write it as 2026-11-22.")
    return None


def _midnight(on: date) -> datetime:
    """The first moment of a day in the publication's time zone."""
    return datetime.combine(on, time.min, tzinfo=timezone.get_current_timezone())


def _short(value: str) -> str:
    return f"“{Truncator(value).chars(60)}”"
