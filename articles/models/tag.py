"""Tags, called topics where readers see them."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from taggit.models import ItemBase, TagBase

#: What Django's slugify would drop although it tells two topics apart.
SPELLED = {"#": " sharp ", "+": " plus ", "&": " and ", "@": " at "}


def fold(name: str) -> str:
    """The name as it is compared: "Café ", "cafe\u0301" and "CAFÉ" are one topic."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", name)).strip().casefold()


def tag_slug(name: str) -> str:
    """The address part of a topic: "C#" is c-sharp, "R&D" is r-and-d."""
    for sign, word in SPELLED.items():
        name = name.replace(sign, word)
    return slugify(unicodedata.normalize("NFKC", name)) or slugify(name, allow_unicode=True)


class Tag(TagBase):
    """A topic with a page of its own; one that was merged leads to the other."""

    folded = models.CharField(max_length=120, unique=True, editable=False)
    description = models.TextField(blank=True, help_text="For the head of the topic's page.")
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_from",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="tag_is_not_merged_into_itself",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold(self.name)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        twin = Tag.objects.filter(folded=fold(self.name)).exclude(pk=self.pk).first()
        if twin:
            raise ValidationError({"name": f"The topic “{twin.name}” is there already."})
        if not tag_slug(self.name):
            raise ValidationError({"name": "Use at least one letter or digit."})

    def slugify(self, tag: str, i: int | None = None) -> str:
        return tag_slug(tag) if i is None else f"{tag_slug(tag)}-{i + 1}"

    @property
    def subject(self) -> str:
        return f"topic:{self.pk}"

    def get_absolute_url(self) -> str:
        return f"/topics/{self.slug}/"


def hold(*pks: int) -> list[Tag]:
    """These topics in this order, held until the transaction ends.

    They are taken in the order of their keys, so that two merges never wait for each other; a story
    that is saved with one of them need not wait at all.
    """
    rows = Tag.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    found = {row.pk: row for row in rows}
    return [found[pk] for pk in pks]


class TaggedArticle(ItemBase):
    """A tag on an article, in the order the desk chose."""

    content_object = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="tagged"
    )
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="tagged")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once_per_article"),
        ]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.content_object_id}"
