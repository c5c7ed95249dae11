"""What a merge of two topics did, for as long as it can be undone."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet

from articles.models.article import Article
from articles.models.tag import Tag, TaggedArticle

#: Stories that are asked for at once.
PART = 1000


class TagMergeQuerySet(models.QuerySet["TagMerge"]):
    def note(self, tag: Tag, *, into: Tag, by: Any, now: datetime) -> "TagMerge":
        """Write down what is about to be merged, while it can still be seen. Four queries."""
        led = list(tag.merged_from.order_by("pk").values_list("pk", flat=True))
        return self.create(
            tag=tag,
            into=into,
            at=now,
            by_id=by.pk,
            by_name=str(by),
            led=led,
            articles=_carrying({tag.pk, *led}),
        )


def _carrying(tags: set[int]) -> list[int]:
    """The stories with one of these topics, as readers see them or in unpublished changes."""
    rows = TaggedArticle.objects.filter(tag__in=tags)
    found = set(rows.values_list("content_object", flat=True))
    copies = Article.objects.with_working_copy().order_by()
    for pk, named in copies.values_list("pk", "head__snapshot__tags"):
        if any(tag["id"] in tags for tag in named or ()):
            found.add(pk)
    return sorted(found)


class TagMerge(models.Model):
    """One merge that stands. It goes when the merge is undone; the audit tells of both."""

    tag = models.OneToOneField(Tag, on_delete=models.CASCADE, related_name="merge")
    into = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="merges")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=200)
    #: Keys of the stories that carried the topic.
    articles = models.JSONField(default=list)
    #: Keys of topics that had been merged into it before; they lead on with it.
    led = models.JSONField(default=list)

    objects = TagMergeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.tag_id} into {self.into_id}"

    def stories(self) -> Iterator[QuerySet[Article]]:
        """Those that carried the topic and are still there, a part at a time: SQLite takes only so
        many keys at once."""
        for start in range(0, len(self.articles), PART):
            keys = self.articles[start : start + PART]
            yield Article.objects.filter(pk__in=keys).order_by("pk")

    def saved_since(self) -> Iterator[QuerySet[Article]]:
        """Those that were saved after the merge: a save wrote the other topic into them."""
        # The head is never older than what readers see.
        return (part.filter(head__at__gt=self.at) for part in self.stories())
