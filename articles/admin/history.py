"""The history of a story: its revisions, what changed between any two, who did what."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import QueryDict

from articles.admin import differences
from articles.admin.differences import Difference
from articles.models import Article, Revision
from newsroom.audit.models import Entry

#: Revisions on one page, and entries of the audit below them.
PER_PAGE, ENTRIES = 50, 100


@dataclass(frozen=True)
class History:
    """A page of revisions, and the comparison of ``older`` with ``newer`` if there are two."""

    revisions: Page
    older: Revision | None
    newer: Revision | None
    differences: list[Difference]
    entries: list[Entry]


def history(article: Article, query: QueryDict) -> History:
    """What the query asks for: ``?older=3&newer=5&page=2``. Unknown numbers show the latest two."""
    rows = article.revisions.defer("snapshot").order_by("-number")
    page = Paginator(rows, PER_PAGE).get_page(query.get("page"))
    older, newer = _compared(article, query)
    entries = Entry.objects.about(article.subject).order_by("-at", "-pk")[:ENTRIES]
    return History(
        revisions=page,
        older=older,
        newer=newer,
        differences=differences.between(older.snapshot, newer.snapshot) if older and newer else [],
        entries=list(entries),
    )


def _compared(article: Article, query: QueryDict) -> tuple[Revision | None, Revision | None]:
    asked = [query.get(name, "") for name in ("older", "newer")]
    numbers = {int(text) for text in asked if text.isascii() and text.isdecimal() and len(text) < 9}
    found = list(article.revisions.filter(number__in=numbers).order_by("number"))
    if len(found) != 2:
        found = list(article.revisions.order_by("-number")[:2])[::-1]
    return (found[0], found[1]) if len(found) == 2 else (None, None)
