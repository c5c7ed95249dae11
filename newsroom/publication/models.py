"""The publication itself: its masthead, its links elsewhere and its house pages."""

import zoneinfo
from collections.abc import Collection, Iterator
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q

from newsroom import richtext
from newsroom.publication.logo import LogoField
from newsroom.redirects import paths

#: Only one row exists; this is its key.
ONLY = 1


def known_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        message = f"{name} is not a time zone. Use a name such as Europe/Lisbon."
        raise ValidationError(message)


class Publication(models.Model):
    """The masthead. There is one row; ``current()`` gives it."""

    name = models.CharField(max_length=100, default="The Newsroom")
    tagline = models.CharField(max_length=200, blank=True, help_text="One line under the name.")
    description = models.TextField(
        blank=True, help_text="What the publication is, in a sentence or two, for search engines."
    )
    logo = LogoField(blank=True)
    language = models.CharField(
        max_length=12,
        default="en",
        help_text="The language of the stories as a tag, such as en or pt-BR.",
    )
    time_zone = models.CharField(
        max_length=60,
        default="UTC",
        validators=[known_time_zone],
        help_text="Times on the page and at the desk are shown in this zone.",
    )
    search_prompt = models.CharField(
        max_length=100, default="Hi, what are you looking for?", help_text="Inside the search box."
    )
    contact_email = models.EmailField(blank=True, help_text="Where readers report errors.")
    token = models.CharField(
        max_length=32,
        editable=False,
        help_text="New whenever masthead, menu or sections change; what processes hold is dropped.",
    )

    class Meta:
        verbose_name_plural = "publication"
        constraints = [
            models.CheckConstraint(condition=Q(pk=ONLY), name="publication_is_one"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = ONLY
        self.token = uuid4().hex
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "Publication":
        """The one row, or the defaults before anybody has saved it. One query."""
        return cls.objects.filter(pk=ONLY).first() or cls(pk=ONLY)

    @classmethod
    def touch(cls) -> None:
        """Say that menu or sections have changed."""
        if not cls.objects.filter(pk=ONLY).update(token=uuid4().hex):
            cls().save()

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


def names_of_logos() -> Iterator[str]:
    """The file that the masthead shows, if any."""
    yield from Publication.objects.exclude(logo="").values_list("logo", flat=True)


class AroundEveryPage(models.Model):
    """A row that every page shows: what processes hold is dropped when it changes."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        Publication.touch()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        Publication.touch()
        return deleted


class SocialLink(AroundEveryPage):
    """One entry under "Connect with us"."""

    publication = models.ForeignKey(
        Publication, on_delete=models.CASCADE, related_name="social_links"
    )
    label = models.CharField(max_length=60, help_text="Such as Mastodon or Instagram.")
    url = models.URLField(validators=[URLValidator(schemes=["https", "http"])])
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "url"], name="social_link_once"),
            # Held here, too: an import never asks the validator, and the address becomes a link.
            models.CheckConstraint(
                condition=Q(url__istartswith="https://") | Q(url__istartswith="http://"),
                name="social_link_is_on_the_web",
                violation_error_message="Begin the address with https://.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class HousePageQuerySet(models.QuerySet["HousePage"]):
    def public(self) -> "HousePageQuerySet":
        return self.filter(is_public=True)

    def in_menu(self) -> "HousePageQuerySet":
        return self.public().filter(in_footer=True)


class HousePage(AroundEveryPage):
    """About, masthead, ethics, corrections policy, contact."""

    title = models.CharField(max_length=200)
    slug = models.CharField(
        max_length=80,
        unique=True,
        validators=[
            RegexValidator(
                r"\A[a-z][a-z0-9-]*\Z",
                "Use lower-case letters, digits and hyphens, such as ethics.",
            )
        ],
        help_text="The address: ethics becomes /ethics/.",
    )
    body = models.TextField(blank=True)
    is_public = models.BooleanField(default=True)
    in_footer = models.BooleanField(default=True, help_text="Linked at the foot of every page.")
    order = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    objects = HousePageQuerySet.as_manager()

    class Meta:
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.body = richtext.clean(self.body)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"

    def clean(self) -> None:
        if sentence := paths.taken(self.get_absolute_url(), owner=self.subject):
            raise ValidationError({"slug": sentence})

    @property
    def subject(self) -> str:
        return f"house-page:{self.pk}"


def house_pages_at(asked: Collection[str], owner: str) -> dict[str, str]:
    """Says which house page has a path, unless it is the owner. For ``redirects.paths``."""
    pages = HousePage.objects.filter(slug__in=[path.strip("/") for path in asked])
    return {
        page.get_absolute_url(): f"{page.get_absolute_url()} is the house page “{page}”. Choose another address."
        for page in pages
        if page.subject != owner and page.get_absolute_url() in asked
    }
