"""What both back ends take and give."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from articles.models import ArticleQuerySet
from articles.search.entries import Entry
from articles.search.words import Query

#: A search ranks the newest so many stories that match, and as many of those that match in the
#: headline; this bounds its cost whatever the size of the archive (speed.md).
RANKED = 1000


@dataclass(frozen=True)
class Match:
    """An article that matches. A higher score is better; compare within one search only."""

    pk: int
    in_headline: bool
    score: float


@dataclass(frozen=True)
class Marked:
    """An article's indexed text with the words of the query between markers, not escaped."""

    headline: str
    standfirst: str
    body: str


@dataclass(frozen=True)
class Scope:
    """Which articles may be found. ``since`` and ``until`` (exclusive) repeat what ``public`` says,
    so that an index in the order of time need not look further; ``narrows`` says that ``public``
    asks for more than a time."""

    public: ArticleQuerySet
    since: datetime | None
    until: datetime
    narrows: bool


class Backend(Protocol):
    """One index. Every query has at least one wanted term."""

    def write(self, entries: list[Entry]) -> None:
        """Take entries in; ``remove`` has been called for them. One query."""

    def remove(self, pks: Collection[int]) -> None:
        """Forget articles. One query."""

    def tidy(self, findable: ArticleQuerySet) -> None:
        """Forget what is not findable, and whatever the database does for a fresh index."""

    def matches(self, query: Query, scope: Scope) -> list[Match]:
        """The newest RANKED + 1 matches and the newest RANKED that match in the headline.

        Some may be in both; each part is newest first. One query.
        """

    def marked(self, query: Query, pks: Iterable[int]) -> dict[int, Marked]:
        """The texts of these articles, for show. One query on SQLite, three on PostgreSQL."""
