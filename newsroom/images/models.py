"""The image library: each picture with its words, its rights and its renditions."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Exists, F, ForeignObjectRel, OuterRef, Q
from django.utils import timezone

from newsroom.images import digital_source, packet, recipes
from newsroom.images.digital_source import DigitalSource
from newsroom.images.licences import ONCE, Licence, Terms, demanding, terms
from newsroom.images.recipes import WHOLE, Group
from newsroom.storage import ORIGINALS, Originals

MISSING = {
    "alt": ("The alternative text is missing. Say what the picture shows, or tick “decorative”."),
    "credit": "The credit is missing. Name the photographer or the agency.",
    "licence": "The licence is missing. Choose under which terms it may be shown.",
    "author": "The author is missing. This licence asks that readers are told who made it.",
    "source_url": (
        "The address of the source is missing. This licence asks for a link to where it was found."
    ),
    "rights_until": "The last day of the permission is missing. Enter until when it holds.",
}
#: Sides that differ by less than this are a square to the eye.
SQUARE_WITHIN = 0.05
#: What a browser gets that knows none of the newer formats: of these, the first that is wide enough.
PLAIN_WIDTH_PX = 960


def private_name(image: "Image", filename: str) -> str:
    """Where an original lies: not under a name that anybody could guess, and never served."""
    return f"{ORIGINALS}{secrets.token_hex(16)}"


def end_of(day: date) -> datetime:
    """The moment at which a day has ended in the current time zone (UTC).

    That is the first moment of the next one, also where the clocks are put forward at midnight.
    """
    midnight = datetime.combine(day + timedelta(days=1), time.min)
    return timezone.make_aware(midnight).astimezone(UTC)


def last_day(end: datetime) -> date:
    """The day that ends at a moment, or in the midst of which it lies, in the current time zone."""
    return timezone.localdate(end - timedelta.resolution)


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


def _host(address: str) -> str:
    """Whose page it is; empty for what is no address, which an import may have brought."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class File:
    """One file that readers get; sizes are pixels."""

    name: str
    width: int
    height: int
    bytes: int

    @property
    def url(self) -> str:
        return f"{_media()}{self.name}"


@dataclass(frozen=True, slots=True)
class Display:
    """The files that one place on a page offers to browsers: what picture.html prints.

    ``sources`` are formats with their ``srcset``, the smallest files first. ``srcset`` is that of
    the JPEG, for as long as there is nothing better. Only a picture that the style sheet has to cut
    has ``focus_classes``.
    """

    src: str
    srcset: str
    sources: list[tuple[str, str]]
    width: int
    height: int
    shape: str
    focus_classes: str


@dataclass(frozen=True)
class Credit:
    """A part of what readers are told of a picture's rights, and where they read more of it."""

    text: str
    url: str = ""
    rel: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture as one place on a page shows it: what the components in templates/images/ take.

    ``image`` is whose words these are: after the end of the rights in a picture, its fallback.
    """

    image: "Image"
    alt: str
    caption: str
    sizes: str

    @property
    def credit(self) -> str:
        """All that readers are told of its rights, as text."""
        return self.image.attribution

    @property
    def shape(self) -> str:
        return self.image.shape

    @property
    def is_whole(self) -> bool:
        return self.image.is_whole

    def display(self, cut: str = "", *, widest: int = 0) -> Display:
        return self.image.display(cut, widest=widest)


@dataclass(frozen=True)
class Gallery:
    """What a page declares of the pictures on it (law 8): their tags, the second at which the end
    of somebody's rights changes it, and the last at which that has happened."""

    tags: frozenset[str]
    until: datetime | None
    changed_at: datetime | None


def gallery(images: Iterable["Image | None"], *, now: datetime) -> Gallery:
    """The pictures that a page refers to, shown or not; needs their fallbacks. No query."""
    found = [image for image in images if image]
    every = [*found, *(image.fallback for image in found if image.fallback)]
    ends = [image.rights_until for image in every if image.rights_until]
    return Gallery(
        tags=frozenset(image.subject for image in every),
        until=min((end for end in ends if end > now), default=None),
        changed_at=max((end for end in ends if end <= now), default=None),
    )


#: Gives the rows that are public at a moment; with the look-ups from them to their pictures.
Public = Callable[[datetime], models.QuerySet[Any]]
_public: list[tuple[Public, str]] = []


def register_public(rows: Public, *lookups: str) -> None:
    """Called in an app's ``ready()`` by whoever shows pictures to readers."""
    _public.extend((rows, lookup) for lookup in lookups)


_NO_ALT = Q(alt="", decorative=False)
_NO_RIGHTS = (
    Q(credit="")
    | Q(licence="")
    | Q(licence__in=demanding("author"), author="")
    | Q(licence__in=demanding("source_url"), source_url="")
    | Q(licence__in=demanding("rights_until"), rights_until=None)
)


class ImageQuerySet(models.QuerySet["Image"]):
    def without_credit(self) -> "ImageQuerySet":
        return self.filter(credit="")

    def of_file(self, sha256: str) -> "ImageQuerySet":
        """Those whose original is this file, byte for byte; the first that came first."""
        return self.filter(original_sha256=sha256).exclude(original_sha256="").order_by("pk")

    def without_alt(self) -> "ImageQuerySet":
        return self.filter(_NO_ALT)

    def without_rights(self) -> "ImageQuerySet":
        """Those that lack what their licence demands, or a credit or a licence at all."""
        return self.filter(_NO_RIGHTS)

    def incomplete(self) -> "ImageQuerySet":
        """Those that lack anything: the twin of ``Image.lacks``."""
        return self.filter(_NO_ALT | _NO_RIGHTS)

    def ended(self, *, now: datetime) -> "ImageQuerySet":
        """Those whose rights have ended; the twin of ``Image.has_ended``."""
        return self.filter(rights_until__lte=now)

    def ending(self, *, now: datetime, until: datetime) -> "ImageQuerySet":
        """Those whose rights hold, and end at that moment or earlier."""
        return self.filter(rights_until__gt=now, rights_until__lte=until)

    def for_one_story(self) -> "ImageQuerySet":
        """Those that one story may show, and no other."""
        return self.filter(licence__in=ONCE)

    def used_up(self) -> "ImageQuerySet":
        """Those for one story that a story has shown in public, or is scheduled to."""
        return self.for_one_story().filter(public_uses__isnull=False).distinct()

    def with_use(self) -> "ImageQuerySet":
        """What ``Image.marks`` needs: whether a picture for one story is used up."""
        return self.annotate(is_used_up=Exists(Image.objects.used_up().filter(pk=OuterRef("pk"))))

    def in_use(self) -> "ImageQuerySet":
        """Those that anything shows or is written to show, a draft included."""
        return self.filter(_is_used())

    def unused(self) -> "ImageQuerySet":
        """The others."""
        return self.filter(~_is_used())

    def in_public(self, *, now: datetime) -> "ImageQuerySet":
        """Those in stories that are out, as the apps above have registered."""
        return self.filter(_is_public(now))

    def public_first(self, *, now: datetime) -> "ImageQuerySet":
        """Those in stories that are out before the others, in each part the latest first."""
        seen = models.ExpressionWrapper(_is_public(now), models.BooleanField())
        return self.annotate(is_public=seen).order_by("-is_public", "-uploaded_at", "-pk")

    def told_with(self, pk: int) -> "ImageQuerySet":
        """The picture (by its key), and those that it stands in for."""
        return self.filter(Q(pk=pk) | Q(fallback=pk))

    def with_fallbacks(self) -> "ImageQuerySet":
        """What ``Image.shown`` needs. No query more."""
        return self.select_related("fallback")


def _is_used() -> Q:
    uses = Q()
    for relation in showing():
        rows = relation.related_model._default_manager
        uses |= Q(Exists(rows.filter(**{relation.field.name: OuterRef("pk")})))
    return uses


def _is_public(now: datetime) -> Q:
    found = Q()
    for rows, lookup in _public:
        found |= Q(Exists(rows(now).filter(**{lookup: OuterRef("pk")})))
    return found


def showing() -> list[ForeignObjectRel]:
    """The relations whose rows show a picture: those that keep it from being deleted."""
    return [one for one in Image._meta.related_objects if one.on_delete is models.PROTECT]


class Image(models.Model):
    """One picture. Alt text and caption may be overridden where it is used.

    From the moment ``rights_until`` on no page shows it: ``shown`` is the one place that decides.

    ``renditions`` holds the files that readers get by cut and format, so that a page which shows the
    picture needs this row and no other (docs/decisions/0003): ``{"3x2": {"webp": {"folder": random,
    "recipe": fingerprint, "sizes": [[width, height, bytes], ...]}}}``, smallest first. Names follow
    from it, see ``files``.
    """

    original = models.FileField(upload_to=private_name, storage=Originals, max_length=200)
    original_sha256 = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        db_index=True,
        help_text="By which a file that is here already is known; empty until it was read.",
    )
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
    title = models.CharField(
        max_length=200,
        blank=True,
        help_text="As its author calls it; readers are told, where the licence asks for it.",
    )
    author = models.CharField(max_length=200, blank=True, help_text="Who made it.")
    source = models.CharField(max_length=200, blank=True, help_text="Where it comes from.")
    source_url = models.URLField(
        "source address",
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text="The page on which it was found; readers get the link.",
    )
    licence = models.CharField(max_length=30, blank=True, choices=Licence.choices)
    changes = models.CharField(
        max_length=200,
        blank=True,
        help_text="What we changed, for readers: cropped, colors corrected.",
    )
    rights_until = models.DateTimeField(
        "rights hold until",
        null=True,
        blank=True,
        help_text="From this moment on it is not shown any more.",
    )
    terms_note = models.TextField(
        "terms",
        blank=True,
        help_text="What was agreed, for the desk only: who gave it, order number, regions, fee.",
    )
    fallback = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stands_in_for",
        help_text="The picture that readers see instead once the rights have ended.",
    )
    digital_source = models.CharField(
        "how it was made",
        max_length=40,
        blank=True,
        choices=DigitalSource.choices,
        help_text="Readers are told of composites and of AI, beside the credit.",
    )
    has_c2pa = models.BooleanField(
        "Content Credentials",
        default=False,
        editable=False,
        help_text="The file says where it comes from (C2PA). Nobody has verified it here.",
    )
    focal_x = models.FloatField(
        default=0.5, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    focal_y = models.FloatField(
        default=0.5, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    width = models.PositiveIntegerField(editable=False, help_text="Pixels, turned upright.")
    height = models.PositiveIntegerField(editable=False)
    renditions = models.JSONField(default=dict, editable=False)
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
            # Held here, too: an import never asks the validator, and the address becomes a link.
            models.CheckConstraint(
                condition=Q(source_url="")
                | Q(source_url__istartswith="https://")
                | Q(source_url__istartswith="http://"),
                name="image_source_is_on_the_web",
                violation_error_message="Begin the address with https://.",
            ),
            models.CheckConstraint(
                condition=Q(fallback=None) | ~Q(fallback=F("id")),
                name="image_does_not_stand_in_for_itself",
                violation_error_message="A picture cannot be its own fallback. Choose another.",
            ),
            models.CheckConstraint(
                condition=Q(digital_source="") | Q(digital_source__in=DigitalSource.values),
                name="image_digital_source_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["rights_until"],
                condition=Q(rights_until__isnull=False),
                name="image_rights_end",
            )
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
        if self.fallback and (sentence := self._wrong_fallback(self.fallback)):
            raise ValidationError({"fallback": sentence})

    def _wrong_fallback(self, other: "Image") -> str:
        """Why the other cannot stand in; the sentences for what ``may_stand_in`` asks."""
        if other.pk == self.pk:
            return "A picture cannot be its own fallback. Choose another."
        if other.terms.once:
            return f"“{other}” is for a single use and cannot stand in. Choose another."
        if other.lacks():
            return f"“{other}” is not complete and cannot stand in: {' '.join(other.missing())}"
        if other.rights_until and (
            self.rights_until is None or other.rights_until <= self.rights_until
        ):
            return f"The rights in “{other}” do not hold longer than these. Choose another."
        return ""

    @property
    def subject(self) -> str:
        return f"image:{self.pk}"

    @property
    def terms(self) -> Terms:
        """What its licence demands."""
        return terms(self.licence)

    def lacks(self) -> list[str]:
        """The fields without which the picture may not be published: alt, credit, licence, and
        what the licence demands.

        Of a whole set: ``ImageQuerySet.without_alt()`` and ``without_rights()``.
        """
        absent = {
            "alt": not self.alt and not self.decorative,
            "credit": not self.credit,
            "licence": not self.licence,
            **{name: not getattr(self, name) for name in self.terms.needs},
        }
        return [name for name, is_absent in absent.items() if is_absent]

    def missing(self) -> list[str]:
        """What ``lacks()`` found, as a sentence each for the editor."""
        return [MISSING[name] for name in self.lacks()]

    # --- Until when -------------------------------------------------------------------------------

    def has_ended(self, *, now: datetime) -> bool:
        """Whether the rights have ended; the twin of ``ImageQuerySet.ended``."""
        return self.rights_until is not None and self.rights_until <= now

    @property
    def last_day(self) -> date | None:
        """The day with which the rights end, in the current time zone."""
        return last_day(self.rights_until) if self.rights_until else None

    def marks(self, *, now: datetime) -> list[str]:
        """What whoever chooses a picture must know of its rights, in a few words each; needs
        ``with_use``."""
        said = []
        if self.last_day:
            verb = "ended" if self.has_ended(now=now) else "end"
            said.append(f"Rights {verb} {self.last_day:%-d %b %Y}")
        if self.terms.once:
            is_used_up = getattr(self, "is_used_up", False)
            said.append("Single use: a story has it" if is_used_up else "Single use")
        return said

    def is_over(self, *, now: datetime) -> bool:
        """Whether its rights allow no other use; needs ``with_use``."""
        return self.has_ended(now=now) or getattr(self, "is_used_up", False)

    def may_be_shown(self, *, now: datetime) -> bool:
        """Whether the rights hold, and there are files: renewed rights wait for theirs."""
        return bool(self.renditions) and not self.has_ended(now=now)

    def may_stand_in(self, *, now: datetime) -> bool:
        """Whether it may be shown instead of another, which no checklist has looked at."""
        return self.may_be_shown(now=now) and not self.terms.once and not self.lacks()

    def shown(self, *, now: datetime) -> "Image | None":
        """What readers see where this picture is used: itself, after the end of its rights its
        fallback, else nothing. The one place that decides. Needs the fallback fetched."""
        if self.may_be_shown(now=now):
            return self
        if self.fallback and self.fallback.may_stand_in(now=now):
            return self.fallback
        return None

    def told(self, *, now: datetime) -> "Image | None":
        """Whose words are told with this picture: as ``shown``, but its files may be on their way.

        For what keeps the words, such as a search index. Needs the fallback fetched, not its files.
        """
        if not self.has_ended(now=now):
            return self
        other = self.fallback
        if other is None or other.has_ended(now=now) or other.terms.once or other.lacks():
            return None
        return other

    # --- What readers are told of its rights ------------------------------------------------------

    @property
    def credited(self) -> str:
        """Author and credit; each is named once, also when the other says it in other capitals."""
        names = [self.author, self.credit]
        if self.author.casefold() in self.credit.casefold():
            names = [self.credit]
        return " / ".join(name for name in names if name)

    @property
    def source_name(self) -> str:
        """What the link to the source says; empty where there is none."""
        if not self.source_url:
            return ""
        return self.source or _host(self.source_url)

    @property
    def licence_name(self) -> str:
        """What readers are told of the licence; empty where it is between the desk and the owner."""
        return self.terms.printed

    @property
    def licence_url(self) -> str:
        """Where the licence can be read; empty when it has no page."""
        return self.terms.deed

    @property
    def credits(self) -> list[Credit]:
        """All that readers are told, complete as Creative Commons recommends it: title, author and
        credit, source, licence, changes; and that it is a composite or made with AI. What templates/images/credit.html prints."""
        title = f"“{self.title}”" if self.title else ""
        parts = [
            Credit(" by ".join(filter(None, [title, self.credited]))),
            Credit(self.source_name, self.source_url),
            Credit(self.licence_name, self.licence_url, rel="license"),
            Credit(self.changes),
            Credit(self.notice),
        ]
        return [part for part in parts if part.text]

    @property
    def attribution(self) -> str:
        """The credits as text: ``“Dawn” by Jane Doe, Flickr, CC BY 4.0, cropped``; may be empty."""
        return ", ".join(part.text for part in self.credits)

    @property
    def copyright_notice(self) -> str:
        """``© Jane Doe / The Agency``; empty where nobody reserves anything, or nobody is named."""
        return f"© {self.credited}" if self.terms.is_reserved and self.credited else ""

    @property
    def shape(self) -> str:
        """``landscape``, ``portrait`` or ``square``."""
        return _shape(self.width, self.height)

    @property
    def is_whole(self) -> bool:
        """Whether its licence forbids to crop it."""
        return self.terms.whole

    @property
    def notice(self) -> str:
        """What readers must know beside the credit of how it was made; mostly nothing."""
        if not self.digital_source:
            return ""
        return digital_source.NOTICES.get(DigitalSource(self.digital_source), "")

    @property
    def focal(self) -> tuple[float, float]:
        return self.focal_x, self.focal_y

    @property
    def focus_classes(self) -> str:
        """The focal point in steps of 10 %, as classes such as ``fx-3 fy-5``.

        The policy forbids inline style, so style sheets set ``object-position`` from them.
        """
        return f"fx-{int(self.focal_x * 10 + 0.5)} fy-{int(self.focal_y * 10 + 0.5)}"

    # --- Which files there ought to be ------------------------------------------------------------

    @property
    def packet(self) -> bytes:
        """The words that every file of the picture carries inside (XMP)."""
        return packet.packet(
            {
                "credit": self.credit,
                "author": self.author,
                "source": self.source,
                "terms": self.licence_name,
                "licence_url": self.licence_url,
                "digital_source": digital_source.newscode(self.digital_source),
            }
        )

    def recipes(self) -> dict[Group, str]:
        """The fingerprint of each group of files that the picture ought to have."""
        cuts = recipes.cuts(self.width, self.height, self.focal)
        wanted = [cut for cut in cuts.values() if cut.name == WHOLE or not self.is_whole]
        words, original = self.packet, self.original.name or ""
        prints = {cut.name: recipes.fingerprint(original, cut, words) for cut in wanted}
        return {(name, format): of for name, of in prints.items() for format in recipes.FORMATS}

    def outdated(self) -> list[Group]:
        """The groups that are missing, or were made of something else than what is there now."""
        return [group for group, recipe in self.recipes().items() if self.recipe(group) != recipe]

    def recipe(self, group: Group) -> str:
        """By which recipe the files of a group were made; empty when there are none."""
        cut, format = group
        return self.renditions.get(cut, {}).get(format, {}).get("recipe", "")

    # --- Which files there are --------------------------------------------------------------------

    def names(self) -> Iterator[str]:
        """The storage name of every file that readers may get."""
        for cut, formats in self.renditions.items():
            for format in formats:
                yield from (file.name for file in self.files(format, cut))

    def files(self, format: str, cut: str = WHOLE) -> list[File]:
        """The files in a format, smallest first; empty when there are none of that cut."""
        group = self.renditions.get(cut, {}).get(format)
        if group is None:
            return []
        folder = group["folder"]
        return [
            File(recipes.file_name(folder, cut, width, format), width, height, size)
            for width, height, size in group["sizes"]
        ]

    def best(self, min_width: int, *, format: str = "jpeg", cut: str = WHOLE) -> File | None:
        """The smallest file at least that wide in pixels, else the largest; None without any."""
        files = self.files(format, cut)
        largest = files[-1] if files else None
        return next((one for one in files if one.width >= min_width), largest)

    def url(self, width: int, format: str = "jpeg", *, cut: str = WHOLE) -> str:
        """The address of ``best(width)``, of the whole picture where there is no such cut; empty
        when the picture has no files."""
        file = self.best(width, format=format, cut=cut) or self.best(width, format=format)
        return file.url if file else ""

    def display(self, cut: str = "", *, widest: int = 0) -> Display:
        """The files for one place: of the cut, or of the whole picture where there is none.

        Formats that are not made yet are left out. ``widest``: no file wider than this many pixels
        is offered, for places that are small on every screen.
        """
        shown = cut if "jpeg" in self.renditions.get(cut, {}) else WHOLE
        formats = {format: self._offered(format, shown, widest) for format in recipes.FORMATS}
        plain = formats.pop("jpeg")
        if not plain:
            return Display("", "", [], self.width, self.height, self.shape, "")
        sources = [(format, srcset(files)) for format, files in reversed(formats.items()) if files]
        largest = plain[-1]
        has_shape = shown == (cut or WHOLE) or recipes.has_shape(self.width, self.height, cut)
        return Display(
            src=next((one for one in plain if one.width >= PLAIN_WIDTH_PX), largest).url,
            srcset="" if sources else srcset(plain),
            sources=sources,
            width=largest.width,
            height=largest.height,
            shape=_shape(largest.width, largest.height),
            focus_classes="" if has_shape or self.is_whole else self.focus_classes,
        )

    def _offered(self, format: str, cut: str, widest: int) -> list[File]:
        files = self.files(format, cut)
        return [one for one in files if not widest or one.width <= widest] or files[:1]

    def picture(
        self, *, alt: str | None = None, caption: str | None = None, sizes: str = "100vw"
    ) -> Picture:
        """The picture for one use; alt and caption given here win over the library's.

        Nothing or blank means the library's words. ``sizes`` is the attribute of that name: how
        wide the picture is shown.
        """
        return Picture(
            image=self,
            alt=alt or self.alt,
            caption=caption or self.caption,
            sizes=sizes,
        )

    @property
    def src(self) -> str:
        """The whole picture as the desk shows it."""
        return self.url(PLAIN_WIDTH_PX)


def srcset(files: list[File]) -> str:
    """The files as the attribute of that name is written."""
    return ", ".join(f"{one.url} {one.width}w" for one in files)


def _shape(width: int, height: int) -> str:
    if abs(width - height) <= SQUARE_WITHIN * max(width, height):
        return "square"
    return "landscape" if width > height else "portrait"
