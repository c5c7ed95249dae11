"""Where a story stands, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from articles.models import Article


@dataclass(frozen=True)
class Standing:
    """``name`` is for style sheets and scripts, ``words`` for people."""

    name: str
    words: str


def standing(article: Article, *, now: datetime) -> Standing:
    """Where the story stands at a moment. No query, where its step is fetched."""
    if article.is_scheduled(now=now):
        words = f"Scheduled for {moment(article.published_at)}"
        return Standing("scheduled", words + _unpublished(article))
    return Standing(str(article.state), article.stage + _unpublished(article))


def _unpublished(article: Article) -> str:
    return ", with unpublished changes" if article.has_working_copy else ""


def moment(at: datetime | None) -> str:
    """A time in the zone of the publication: "22 Nov 2026, 10:05"; seconds where there are any."""
    if at is None or not timezone.localtime(at).second:
        return minute(at)
    return f"{timezone.localtime(at):%-d %b %Y, %H:%M:%S}"


def minute(at: datetime | None) -> str:
    """As ``moment``, without the seconds: for lists, and for what was saved when."""
    return f"{timezone.localtime(at):%-d %b %Y, %H:%M}" if at else ""
