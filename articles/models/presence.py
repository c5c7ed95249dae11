"""Who has the form of a story open now."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from articles.models.article import Article

#: Open forms say so every ten seconds; who has been silent for this long has gone.
SILENT_AFTER = timedelta(seconds=30)


class PresenceQuerySet(models.QuerySet["Presence"]):
    def here(self, article: "Article", *, now: datetime) -> Self:
        """Who has the story open, in the order in which they came."""
        return self.filter(article=article, seen_at__gt=now - SILENT_AFTER).order_by("since", "pk")

    def others(self, article: "Article", user: Any, *, now: datetime) -> Self:
        """The same without this user, with their names. One query."""
        return self.here(article, now=now).exclude(user=user).select_related("user")

    def seen(self, article: "Article", user: Any, *, now: datetime) -> None:
        """Write down that the user has it open. One query, three for who has just come."""
        if self.here(article, now=now).filter(user=user).order_by().update(seen_at=now):
            return
        self.filter(seen_at__lte=now - SILENT_AFTER).delete()
        Presence.objects.bulk_create(
            [Presence(article=article, user=user, since=now, seen_at=now)],
            update_conflicts=True,
            unique_fields=["article", "user"],
            update_fields=["seen_at"],
        )


class Presence(models.Model):
    """One user at one story. Rows of who has gone are thrown away when somebody comes."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="presences"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences"
    )
    since = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "user"], name="presence_once"),
        ]

    def __str__(self) -> str:
        return f"User {self.user_id} at article {self.article_id}"
