"""Sections: the tree by which a publication is read."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from newsroom.publication.models import AroundEveryPage
from newsroom.redirects import paths

#: Deeper trees help no reader and make addresses long.
MAX_DEPTH = 4


class SectionQuerySet(models.QuerySet["Section"]):
    def below(self, section: "Section") -> "SectionQuerySet":
        """The section's descendants, without itself."""
        return self.filter(path__startswith=section.path).exclude(pk=section.pk)

    def within(self, paths: Collection[str]) -> "SectionQuerySet":
        """The sections with these paths and all below them; the twin of ``is_within``."""
        inside = Q(pk__in=[])
        for path in paths:
            inside |= Q(path__startswith=path)
        return self.filter(inside)


class Section(AroundEveryPage):
    """A section with a name and a line that says what it holds, such as "Smart Bombs" and
    "Military, Defense and National Security"."""

    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text="Empty for a section of the first rank.",
    )
    name = models.CharField(max_length=100)
    descriptor = models.CharField(
        max_length=150, blank=True, help_text="A short line beside the name: what is in it."
    )
    slug = models.CharField(
        max_length=60,
        validators=[
            RegexValidator(
                r"\A[a-z][a-z0-9-]*\Z",
                "Use lower-case letters, digits and hyphens, beginning with a letter.",
            )
        ],
        help_text="The last part of the address.",
    )
    path = models.CharField(max_length=250, unique=True, editable=False)
    order = models.PositiveSmallIntegerField(default=0, help_text="Small numbers come first.")
    description = models.TextField(
        blank=True, help_text="For the head of the section's page and for search engines."
    )

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=F("pk")), name="section_is_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(path__startswith="/", path__endswith="/"), name="section_path_is_a_path"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = self.make_path()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.parent and self.pk and self.parent.path.startswith(self.path or "//"):
            raise ValidationError({"parent": "A section cannot be placed under itself."})
        if self.slug:
            path = self.make_path()
            if path.count("/") - 1 > MAX_DEPTH:
                raise ValidationError({"parent": f"Sections go {MAX_DEPTH} levels deep at most."})
            if sentence := paths.taken(path, owner=self.subject):
                raise ValidationError({"slug": sentence})

    def make_path(self) -> str:
        """The path that follows from parent and slug; stored when saved."""
        return f"{self.parent.path if self.parent else '/'}{self.slug}/"

    def get_absolute_url(self) -> str:
        return self.path

    @property
    def subject(self) -> str:
        return f"section:{self.pk}"


def is_within(path: str, paths: Collection[str]) -> bool:
    """Whether a section lies at one of the paths or below; the twin of ``within``."""
    return path.startswith(tuple(paths))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, user: Any) -> "MembershipQuerySet":
        return self.filter(user=user.pk)


class Membership(models.Model):
    """A place on the desk of one section: the role counts there and in all sections below.

    A role is one of Django's groups. Whoever has the group itself has the role everywhere.
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.ForeignKey(
        Group,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="What of it concerns stories counts in this section and below.",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "place on the desk"
        verbose_name_plural = "the desk"
        ordering = ["section__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "user"],
                name="membership_once",
                violation_error_message="This person is on the desk already. Change the role there.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} for {self.section}"


def sections_at(asked: Collection[str], owner: str) -> dict[str, str]:
    """Says which section has a path, unless it is the owner. For ``redirects.paths``."""
    return {
        section.path: f"{section.path} is the section “{section}”. Choose another address."
        for section in Section.objects.filter(path__in=asked)
        if section.subject != owner
    }
