"""What of an article can be found: the words that its public page shows."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Article, ArticleQuerySet, BodyImage, Byline, TaggedArticle
from articles.search.words import plain

#: A picture without a caption of its own, as a clean body has it: the library's is shown.
_WITHOUT_CAPTION = re.compile(r'<figure data-image="([0-9]+)"[^>]*></figure>')


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
    captions = _library_captions(pks)
    rows = findable().filter(pk__in=pks).order_by("pk")
    columns = rows.values_list(
        "pk", "published_at", "headline", "standfirst",
        "body__text", "lead_caption", "lead_image__caption",
    )  # fmt: skip
    return [
        Texts(
            pk=pk,
            published_at=published_at,
            headline=plain(headline),
            standfirst=plain(standfirst),
            body=plain("\n\n".join(filter(None, [body, own or library, *captions[pk]]))),
        )
        for pk, published_at, headline, standfirst, body, own, library in columns
        if published_at is not None
    ]


def _library_captions(pks: list[int]) -> dict[int, list[str]]:
    """For each article the captions that its body takes from the image library. One query."""
    captions: dict[int, list[str]] = defaultdict(list)
    used = BodyImage.objects.filter(article__in=pks).exclude(image__caption="").order_by("pk")
    for pk, image, caption, html in used.values_list(
        "article_id", "image_id", "image__caption", "article__body__html"
    ):
        if str(image) in _WITHOUT_CAPTION.findall(html):
            captions[pk].append(caption)
    return captions


def _names(rows: QuerySet[Any], key: str, name: str) -> dict[int, str]:
    """The names that belong to each article, in order. One query."""
    names: dict[int, list[str]] = defaultdict(list)
    for pk, one in rows.order_by("order").values_list(key, name):
        names[pk].append(plain(one))
    return {pk: "\n".join(found) for pk, found in names.items()}
