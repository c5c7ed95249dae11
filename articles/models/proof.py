"""A proof: a story as readers would get it, never saved."""

from datetime import datetime

from articles.models.article import Article


def date(article: Article, *, at: datetime) -> Article:
    """The unsaved copy with the time and path that a public story has; what is set stays.

    A page for readers may rely on both. The path is one that nobody can be given.
    """
    article.published_at = article.published_at or at
    article.path = article.path or f"/{at:%Y/%m}/-proof-{article.pk or 0}/"
    return article
