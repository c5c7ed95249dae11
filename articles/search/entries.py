"""What of an article can be found: the words that its public page shows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Article, ArticleQuerySet, Byline, TaggedArticle
from articles.search.captions import captions
from articles.search.words import plain


@dataclass(frozen=True)
class Texts:
    """The texts of an article's row that results show, plain."""

    pk: int
    published_at: datetime
    headline: str
    standfirst: str
    body: str


@dataclass(frozen=True)
class Entry(Texts):
    """An article as the index keeps it, ready for either back end."""

    authors: str
    tags: str


def findable() -> ArticleQuerySet:
    """What belongs into the index: what is public, and what will be without another change."""
    now = timezone.now()
    return Article.objects.published(now=now) | Article.objects.scheduled(now=now)


def of(pks: list[int]) -> list[Entry]:
    """The entries of those articles that belong into the index. Four queries."""
    authors = _names(Byline.objects.filter(article__in=pks), "article_id", "author__name")
    tagged = TaggedArticle.objects.filter(content_object__in=pks)
    tags = _names(tagged, "content_object_id", "tag__name")
    return [
        Entry(**vars(row), authors=authors.get(row.pk, ""), tags=tags.get(row.pk, ""))
        for row in texts(pks)
    ]


def texts(pks: Iterable[int]) -> list[Texts]:
    """The texts as the rows have them now; the captions of pictures end the body. Two queries."""
    pks = list(pks)
    columns = findable().filter(pk__in=pks).order_by("pk").values_list(
        "pk", "published_at", "headline", "standfirst",
        "body__text", "lead_image", "lead_caption", "body__html",
    )  # fmt: skip
    rows = list(columns)
    bodies = {row[0]: row[7] or "" for row in rows}
    under = captions(bodies, {row[5] for row in rows if row[5]}, now=timezone.now())
    return [
        Texts(
            pk=pk,
            published_at=published_at,
            headline=plain(headline),
            standfirst=plain(standfirst),
            body=_joined(under.words(pk, text or ""), under.of_lead(lead, own), *under.of_body(pk)),
        )
        for pk, published_at, headline, standfirst, text, lead, own, _ in rows
        if published_at is not None
    ]


def _joined(*parts: str) -> str:
    return plain("\n\n".join(filter(None, parts)))


def _names(rows: QuerySet[Any], key: str, name: str) -> dict[int, str]:
    """The names that belong to each article, in order. One query."""
    names: dict[int, list[str]] = defaultdict(list)
    for pk, one in rows.order_by("order").values_list(key, name):
        names[pk].append(plain(one))
    return {pk: "\n".join(found) for pk, found in names.items()}
