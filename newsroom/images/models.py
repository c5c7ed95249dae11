"""The image library: each picture with its words, its rights and its renditions."""

import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q

from newsroom.storage import ORIGINALS, Originals


class Licence(models.TextChoices):
    """Under which terms a picture may be shown."""

    OWN_WORK = "own-work", "Own work"
    AGENCY_SINGLE_USE = "agency-single-use", "Agency, single use"
    AGENCY = "agency", "Agency, subscription"
    PERMISSION = "permission", "By permission of the owner"
    HANDOUT = "handout", "Handout, free for the press"
    CC0 = "cc0", "CC0"
    CC_BY = "cc-by-4.0", "CC BY 4.0"
    CC_BY_SA = "cc-by-sa-4.0", "CC BY-SA 4.0"
    CC_BY_ND = "cc-by-nd-4.0", "CC BY-ND 4.0"
    PUBLIC_DOMAIN = "public-domain", "Public domain"


#: What a reader is told of the licence; the other terms are between the desk and the owner.
PRINTED = {
    Licence.HANDOUT: "handout",
    Licence.CC0: "CC0",
    Licence.CC_BY: "CC BY 4.0",
    Licence.CC_BY_SA: "CC BY-SA 4.0",
    Licence.CC_BY_ND: "CC BY-ND 4.0",
    Licence.PUBLIC_DOMAIN: "public domain",
}
#: Where a licence can be read, which Creative Commons asks for (CC BY 4.0, 3(a)(1)(C)).
DEEDS = {
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Licence.CC_BY_ND: "https://creativecommons.org/licenses/by-nd/4.0/",
    Licence.PUBLIC_DOMAIN: "https://creativecommons.org/publicdomain/mark/1.0/",
}
MISSING = {
    "alt": ("The alternative text is missing. Say what the picture shows, or tick “decorative”."),
    "credit": "The credit is missing. Name the photographer or the agency.",
    "licence": "The licence is missing. Choose under which terms it may be shown.",
}
#: Sides that differ by less than this are a square to the eye.
SQUARE_WITHIN = 0.05


def private_name(image: "Image", filename: str) -> str:
    """Where an original lies: not under a name that anybody could guess, and never served."""
    return f"{ORIGINALS}{secrets.token_hex(16)}"


@cache
def _media() -> str:
    """What the address of every rendition begins with; their names need no quoting.

    Asked once: a front shows some 300 addresses, and the storage takes 20 microseconds for each.
    """
    address = default_storage.url("renditions")
    if not address.endswith("renditions"):
        message = (
            "The storage gives addresses that expire, and pages with pictures are kept by caches."
            " Set querystring_auth to False for it; originals have a storage of their own."
        )
        raise ImproperlyConfigured(message)
    return address.removesuffix("renditions")


@dataclass(frozen=True)
class Picture:
    """A picture as one place on a page shows it: what the components in templates/images/ take."""

    alt: str
    caption: str
    credit: str
    sizes: str
    src: str
    srcset_webp: str
    srcset_jpeg: str
    width: int
    height: int
    shape: str
    focus_classes: str
    licence_url: str


class ImageQuerySet(models.QuerySet["Image"]):
    def without_alt(self) -> "ImageQuerySet":
        return self.filter(alt="", decorative=False)

    def without_rights(self) -> "ImageQuerySet":
        return self.filter(Q(credit="") | Q(licence=""))


class Image(models.Model):
    """One picture. Alt text and caption may be overridden where it is used.

    ``renditions`` is a list of ``{"format": "webp"|"jpeg", "width": px, "height": px,
    "bytes": n, "name": storage name}``, smallest first: a page that shows the picture needs this
    row and no other (docs/decisions/).
    """

    original = models.FileField(upload_to=private_name, storage=Originals, max_length=200)
    file_name = models.CharField(max_length=255, blank=True, help_text="As it was uploaded.")
    alt = models.CharField(
        "alternative text",
        max_length=500,
        blank=True,
        help_text="What the picture shows, for those who cannot see it.",
    )
    decorative = models.BooleanField(
        default=False, help_text="It carries no information, so it needs no alternative text."
    )
    caption = models.TextField(blank=True, help_text="Shown under the picture.")
    credit = models.CharField(
        max_length=200, blank=True, help_text="As it is printed: Jane Doe / The Agency."
    )
    author = models.CharField(max_length=200, blank=True, help_text="Who made it.")
    source = models.CharField(max_length=200, blank=True, help_text="Where it comes from.")
    source_url = models.URLField(blank=True, validators=[URLValidator(schemes=["https", "http"])])
    licence = models.CharField(max_length=30, blank=True, choices=Licence.choices)
    focal_x = models.FloatField(
        default=0.5, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    focal_y = models.FloatField(
        default=0.5, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    width = models.PositiveIntegerField(editable=False, help_text="Pixels, turned upright.")
    height = models.PositiveIntegerField(editable=False)
    renditions = models.JSONField(default=list, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(focal_x__gte=0, focal_x__lte=1, focal_y__gte=0, focal_y__lte=1),
                name="image_focal_point_is_inside",
            ),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="image_has_a_size"),
            models.CheckConstraint(
                condition=Q(licence="") | Q(licence__in=Licence.values),
                name="image_licence_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or self.alt or f"Image {self.pk}"

    def clean(self) -> None:
        if self.decorative and self.alt:
            message = (
                "A decorative picture has no alternative text. Clear the text, or untick"
                " “decorative” if it tells readers something."
            )
            raise ValidationError({"decorative": message})

    @property
    def subject(self) -> str:
        return f"image:{self.pk}"

    def lacks(self) -> list[str]:
        """The fields without which the picture may not be published: alt, credit, licence.

        Of a whole set: ``ImageQuerySet.without_alt()`` and ``without_rights()``.
        """
        absent = {
            "alt": not self.alt and not self.decorative,
            "credit": not self.credit,
            "licence": not self.licence,
        }
        return [name for name, is_absent in absent.items() if is_absent]

    def missing(self) -> list[str]:
        """What ``lacks()`` found, as a sentence each for the editor."""
        return [MISSING[name] for name in self.lacks()]

    @property
    def attribution(self) -> str:
        """Credit and licence as printed: ``Jane Doe / The Agency (CC BY 4.0)``; may be empty.

        The author is named once, also when the credit names it in other capitals.
        """
        names = [self.author, self.credit]
        if self.author.casefold() in self.credit.casefold():
            names = [self.credit]
        words = " / ".join(name for name in names if name)
        terms = PRINTED.get(Licence(self.licence)) if self.licence else None
        return " ".join(filter(None, [words, f"({terms})" if terms else ""]))

    @property
    def licence_url(self) -> str:
        """Where the licence can be read; empty when it has no page."""
        return DEEDS.get(Licence(self.licence), "") if self.licence else ""

    @property
    def shape(self) -> str:
        """``landscape``, ``portrait`` or ``square``."""
        if abs(self.width - self.height) <= SQUARE_WITHIN * max(self.width, self.height):
            return "square"
        return "landscape" if self.width > self.height else "portrait"

    @property
    def focus_classes(self) -> str:
        """The focal point in steps of 10 %, as classes such as ``fx-3 fy-5``.

        The policy forbids inline style, so style sheets set ``object-position`` from them.
        """
        return f"fx-{int(self.focal_x * 10 + 0.5)} fy-{int(self.focal_y * 10 + 0.5)}"

    def best(self, min_width: int, *, format: str = "jpeg") -> dict[str, Any]:
        """The smallest rendition at least that wide in pixels; the largest when none is."""
        fitting = self._in(format)
        return next((one for one in fitting if one["width"] >= min_width), fitting[-1])

    def url(self, width: int, format: str = "jpeg") -> str:
        """The address of ``best(width)``; empty when the picture has no renditions."""
        return f"{_media()}{self.best(width, format=format)['name']}" if self._in(format) else ""

    def srcset(self, format: str) -> str:
        """Every rendition in the format, as the ``srcset`` attribute is written."""
        media = _media()
        return ", ".join(f"{media}{one['name']} {one['width']}w" for one in self._in(format))

    def picture(
        self, *, alt: str | None = None, caption: str | None = None, sizes: str = "100vw"
    ) -> Picture:
        """The picture for one use; alt and caption given here win over the library's.

        Nothing or blank means the library's words. ``sizes`` is the attribute of that name: how
        wide the picture is shown.
        """
        return Picture(
            alt=alt or self.alt,
            caption=caption or self.caption,
            credit=self.attribution,
            sizes=sizes,
            src=self.src,
            srcset_webp=self.srcset_webp,
            srcset_jpeg=self.srcset_jpeg,
            width=self.width,
            height=self.height,
            shape=self.shape,
            focus_classes=self.focus_classes,
            licence_url=self.licence_url,
        )

    # The same names as on Picture, so that the component takes either.

    @property
    def src(self) -> str:
        return self.url(960)

    @property
    def srcset_webp(self) -> str:
        return self.srcset("webp")

    @property
    def srcset_jpeg(self) -> str:
        return self.srcset("jpeg")

    def _in(self, format: str) -> list[dict[str, Any]]:
        return [one for one in self.renditions if one["format"] == format]
