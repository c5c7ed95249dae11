"""Filters of the image list, asked as questions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from newsroom.images.models import Image, ImageQuerySet

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
    title = "Credit or licence missing?"
    parameter_name = "rights"
    template = TEMPLATE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("missing", "Yes"), ("there", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        return _split(queryset, Image.objects.without_rights(), self.value())


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
