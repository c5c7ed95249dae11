"""Filters of the image list, asked as questions."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from newsroom.images.models import Image, ImageQuerySet

#: How long ahead the desk looks for rights that end.
SOON = timedelta(days=30)

TEMPLATE = "admin/images/filter.html"


class AltMissing(admin.SimpleListFilter):
    title = "Alt text missing?"
    parameter_name = "alt"
    template = TEMPLATE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("missing", "Yes"), ("there", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        return _split(queryset, Image.objects.without_alt(), self.value())


class RightsMissing(admin.SimpleListFilter):
    title = "Rights incomplete?"
    parameter_name = "rights"
    template = TEMPLATE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("missing", "Yes"), ("there", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        return _split(queryset, Image.objects.without_rights(), self.value())


class RightsRunOut(admin.SimpleListFilter):
    title = "Rights run out?"
    parameter_name = "until"
    template = TEMPLATE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("soon", f"Within {SOON.days} days"),
            ("ended", "They have run out"),
            ("used", "Run out, and still in use"),
            ("once", "Single use, used up"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        now, images = timezone.now(), Image.objects.all()
        answers = {
            "soon": images.ending(now=now, until=now + SOON),
            "ended": images.ended(now=now),
            "used": images.ended(now=now).in_use(),
            "once": images.used_up(),
        }
        found = answers.get(self.value() or "")
        return queryset if found is None else queryset.filter(pk__in=found.values("pk"))


class WhichLicence(admin.ChoicesFieldListFilter):
    template = TEMPLATE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "Which licence?"


class UploadedWhen(admin.DateFieldListFilter):
    template = TEMPLATE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "Uploaded when?"


def _split(
    queryset: QuerySet[Image], missing: ImageQuerySet, answer: str | None
) -> QuerySet[Image]:
    """Those that lack it, those that do not, or all."""
    if answer == "missing":
        return queryset.filter(pk__in=missing.values("pk"))
    if answer == "there":
        return queryset.exclude(pk__in=missing.values("pk"))
    return queryset
