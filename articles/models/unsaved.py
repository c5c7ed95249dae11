"""What somebody typed and has not saved: kept beside the stories, seen by nobody else."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.http import QueryDict

if TYPE_CHECKING:
    from articles.models.article import Article

#: Nobody comes back for a text after that long.
KEEP = timedelta(days=30)
#: Texts that one user can have lying about; the oldest go. Rows thrown away in one go.
MOST, PRUNE_AT_ONCE = 50, 100


class UnsavedQuerySet(models.QuerySet["Unsaved"]):
    def of(self, user: Any, article: "Article | None") -> Self:
        """What this user has of this story, or (None) of stories not begun; the latest first."""
        return self.filter(user=user, article=article).order_by("-saved_at", "-pk")

    def recent(self, *, now: datetime) -> Self:
        return self.filter(saved_at__gt=now - KEEP)

    def put(
        self,
        form: str,
        *,
        user: Any,
        article: "Article | None",
        fields: dict[str, list[str]],
        now: datetime,
    ) -> None:
        """Keep the fields of one open form in place of what was kept of it before.

        Two queries, four for a form that is new here: that is when old rows are thrown away.
        """
        row = {"article": article, "fields": fields, "saved_at": now}
        if not self.filter(user=user, form=form).update(**row):
            # Two tabs of one form at once: the second takes the place of the first.
            Unsaved.objects.bulk_create(
                [Unsaved(user=user, form=form, **row)],
                update_conflicts=True,
                unique_fields=["user", "form"],
                update_fields=list(row),
            )
            self.prune(user, now=now)

    def drop(self, form: str, *, user: Any) -> None:
        """The form is saved, or its text not wanted."""
        self.filter(user=user, form=form).delete()

    def prune(self, user: Any, *, now: datetime) -> None:
        """Throw away what is old, a bounded number of rows, and the user's oldest beyond ``MOST``."""
        old = self.filter(saved_at__lte=now - KEEP).values_list("pk", flat=True)[:PRUNE_AT_ONCE]
        mine = self.filter(user=user).order_by("-saved_at", "-pk").values_list("pk", flat=True)
        self.filter(pk__in=[*old, *mine[MOST : MOST + PRUNE_AT_ONCE]]).delete()


class Unsaved(models.Model):
    """The raw fields of one open form, as it would have posted them (law 5).

    Not a revision and no part of a story: nothing reads it but the form of the same user. ``form``
    is the form's own mark, so that two open forms never overwrite each other.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unsaved"
    )
    #: Empty for a story that is not begun, and when somebody deletes it: the text is still there.
    article = models.ForeignKey(
        "articles.Article", null=True, on_delete=models.SET_NULL, related_name="unsaved"
    )
    form = models.CharField(max_length=40)
    #: Each name with its values in order, ``base_version`` among them.
    fields = models.JSONField()
    saved_at = models.DateTimeField(db_index=True)

    objects = UnsavedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="unsaved_once")]

    def __str__(self) -> str:
        return f"Unsaved text {self.form}"

    @property
    def posted(self) -> QueryDict:
        """The fields as a form takes them."""
        data = QueryDict(mutable=True)
        for name, values in self.fields.items():
            data.setlist(name, values)
        return data

    @property
    def headline(self) -> str:
        """By which its author knows it again; empty for a text without one."""
        return " ".join("".join(self.fields.get("headline", [])[:1]).split())
