"""The text of a story, in a table of its own: lists never carry it (speed.md)."""

from typing import Any

from django.db import models

from newsroom import richtext
from newsroom.images.models import Image


class Body(models.Model):
    """Canonical HTML with reference elements, and the words in it (law 7)."""

    article = models.OneToOneField(
        "articles.Article", on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    html = models.TextField(blank=True)
    text = models.TextField(blank=True, editable=False)
    word_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return f"Body of article {self.article_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_html(self.html)
        super().save(*args, **kwargs)

    def set_html(self, html: str) -> None:
        """Take any HTML; what is kept is clean, with its words beside it."""
        self.html = richtext.clean(html)
        self.text = richtext.plain_text(self.html)
        self.word_count = richtext.word_count(self.text)


class BodyImage(models.Model):
    """A picture that a body shows: where it is used, and why it cannot be deleted."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="body_images"
    )
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="in_bodies")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "image"], name="body_image_once"),
        ]

    def __str__(self) -> str:
        return f"Image {self.image_id} in article {self.article_id}"
