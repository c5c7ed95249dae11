"""Filters of the image list, asked as questions."""

from collections.abc import Iterable
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


class Question(admin.SimpleListFilter):
    """A filter with closed answers, each a set of pictures; any other is no answer."""

    template = TEMPLATE

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        images: ImageQuerySet = queryset  # type: ignore[assignment] # the admin's set is ours
        return self.answers(images).get(self.value() or "", images)

    def answers(self, images: ImageQuerySet) -> dict[str, ImageQuerySet]:
        """Those of the pictures that each answer means."""
        raise NotImplementedError


class Missing(Question):
    """Whether a picture lacks something."""

    def of(self, images: ImageQuerySet) -> ImageQuerySet:
        """Those that do."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("missing", "Yes"), ("there", "No")]

    def answers(self, images: ImageQuerySet) -> dict[str, ImageQuerySet]:
        others = images.exclude(pk__in=self.of(Image.objects.all()).values("pk"))
        return {"missing": self.of(images), "there": others}


class AltMissing(Missing):
    title = "No alternative text?"
    parameter_name = "alt"

    def of(self, images: ImageQuerySet) -> ImageQuerySet:
        return images.without_alt()


class CreditMissing(Missing):
    title = "No credit?"
    parameter_name = "credit"

    def of(self, images: ImageQuerySet) -> ImageQuerySet:
        return images.without_credit()


class RightsMissing(Missing):
    title = "Rights incomplete?"
    parameter_name = "rights"

    def of(self, images: ImageQuerySet) -> ImageQuerySet:
        return images.without_rights()


class RightsRunOut(Question):
    title = "Rights run out?"
    parameter_name = "until"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [
            ("soon", f"Within {SOON.days} days"),
            ("ended", "They have run out"),
            ("used", "Run out, and still in use"),
            ("once", "Single use, used up"),
        ]

    def answers(self, images: ImageQuerySet) -> dict[str, ImageQuerySet]:
        now = timezone.now()
        return {
            "soon": images.ending(now=now, until=now + SOON),
            "ended": images.ended(now=now),
            "used": images.ended(now=now).in_use(),
            "once": images.filter(pk__in=Image.objects.used_up().values("pk")),
        }


class WhereUsed(Question):
    title = "Where is it used?"
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("out", "In a story that is out"), ("yes", "Somewhere"), ("no", "Nowhere yet")]

    def answers(self, images: ImageQuerySet) -> dict[str, ImageQuerySet]:
        return {
            "out": images.in_public(now=timezone.now()),
            "yes": images.in_use(),
            "no": images.unused(),
        }


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
