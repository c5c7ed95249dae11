"""Authors: the names under the stories, with or without an account at the desk."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from newsroom.images.models import Image

SINGLE_USE = (
    "“%s” is for a single use in one story. A portrait stands under every story of its author: choose"
    " another picture."
)


class Author(models.Model):
    """Somebody who writes, photographs or edits, as readers know them."""

    name = models.CharField(max_length=120)
    slug = models.CharField(
        max_length=120,
        unique=True,
        validators=[
            RegexValidator(r"\A[a-z0-9][a-z0-9-]*\Z", "Use lower-case letters, digits and hyphens.")
        ],
    )
    title = models.CharField(max_length=150, blank=True, help_text="Such as Breaking News Editor.")
    biography = models.TextField(
        blank=True, help_text="Plain text; a blank line begins a paragraph."
    )
    email = models.EmailField(blank=True, help_text="Shown to readers.")
    portrait = models.ForeignKey(
        Image, null=True, blank=True, on_delete=models.PROTECT, related_name="portrait_of"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author",
        help_text="The account at the desk, when there is one.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/authors/{self.slug}/"

    def clean(self) -> None:
        if self.portrait and self.portrait.terms.once:
            raise ValidationError({"portrait": SINGLE_USE % self.portrait})

    @property
    def face(self) -> Image | None:
        """The portrait that readers see in this second; needs ``portrait__fallback`` fetched.

        None for a picture that one story may show: it may have become one since it was chosen.
        """
        if self.portrait is None or self.portrait.terms.once:
            return None
        return self.portrait.shown(now=timezone.now())

    @property
    def subject(self) -> str:
        return f"author:{self.pk}"


class AuthorLink(models.Model):
    """Where else an author is found."""

    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(max_length=60)
    url = models.URLField(validators=[URLValidator(schemes=["https", "http"])])
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "url"], name="author_link_once"),
            # Held here, too: an import never asks the validator, and the address becomes a link.
            models.CheckConstraint(
                condition=Q(url__istartswith="https://") | Q(url__istartswith="http://"),
                name="author_link_is_on_the_web",
                violation_error_message="Begin the address with https://.",
            ),
        ]

    def __str__(self) -> str:
        return self.label
