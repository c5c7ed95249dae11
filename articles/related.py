"""Stories beside a story: never itself, never unpublished."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Q

from articles.models import Article
from articles.models.tag import Tag

LIMIT = 4


def beside(
    article: Article, *, topics: Collection[Tag], mentioned: Collection[int], now: datetime
) -> tuple[list[Article], dict[int, Article]]:
    """Related stories, and those that the body mentions by key. One query.

    Shared topics count first, then recency; the section fills up.
    """
    public = Article.objects.published(now=now).exclude(pk=article.pk)
    shared = [topic.pk for topic in topics]
    near = public.filter(tagged__tag__in=shared).values("pk")
    near = near.annotate(shared=Count("tagged")).order_by("-shared", "-published_at")[:LIMIT]
    around = public.in_sections([article.section_id]).newest().values("pk")[:LIMIT]
    rows: list[Article] = list(
        public.filter(Q(pk__in=near.values("pk")) | Q(pk__in=around) | Q(pk__in=list(mentioned)))
        .for_links()
        .annotate(shared=Count("tagged", filter=Q(tagged__tag__in=shared)))
        .order_by("-shared", "-published_at", "-pk")
    )
    by_key = {row.pk: row for row in rows if row.pk in mentioned}
    return [row for row in rows if row.pk not in by_key][:LIMIT], by_key
