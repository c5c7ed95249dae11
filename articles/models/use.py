"""Which pictures the public has seen with which story."""

from collections.abc import Collection
from typing import Any

from django.db import models

from newsroom.images.models import Image


class PublicUseQuerySet(models.QuerySet["PublicUse"]):
    def of(self, images: Collection[int]) -> "PublicUseQuerySet":
        """Those of these pictures, by their keys."""
        return self.filter(image__in=images)

    def by(self, articles: models.QuerySet[Any]) -> "PublicUseQuerySet":
        """Those in these stories."""
        return self.filter(article__in=articles.values("pk"))

    def elsewhere(self, article: int | None) -> "PublicUseQuerySet":
        """Those in other stories than this one (by its key)."""
        return self.exclude(article=article) if article else self


class PublicUse(models.Model):
    """A picture in a story that is public, was public, or is scheduled.

    Written by publishing. It stays when the picture leaves a story that the public has seen: a
    picture for a single use is used up by it. Taking a story off the schedule takes it away.
    """

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="public_uses"
    )
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="public_uses")

    objects = PublicUseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "image"], name="public_use_once"),
        ]

    def __str__(self) -> str:
        return f"Image {self.image_id} in public with article {self.article_id}"
