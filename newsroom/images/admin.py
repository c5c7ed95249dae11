"""The image library at the desk: the list, the form, and two doors for the editor's dialog."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from newsroom.images import completing, library, listing, uploads
from newsroom.images.filters import (
    SOON,
    AltMissing,
    CreditMissing,
    RightsMissing,
    RightsRunOut,
    UploadedWhen,
    WhereUsed,
    WhichLicence,
)
from newsroom.images.forms import ImageForm
from newsroom.images.models import Image, ImageQuerySet
from newsroom.images.processing import Refused
from newsroom.images.recipes import CUTS, FORMATS
from newsroom.paging import BoundedPaginator
from newsroom.storage import NotStored

logger = logging.getLogger(__name__)

#: Pictures per page of the dialog, pages that can be asked for, ids that can be asked for at once.
PER_PAGE, MAX_PAGE, MAX_IDS = 24, 1_000, 200
MAX_QUERY_CHARACTERS = 200
FORMAT_NAMES = {"jpeg": "JPEG", "webp": "WebP", "avif": "AVIF"}
RIGHTS = [
    "licence", "credit", "author", "title", "source", "source_url", "digital_source", "changes",
    "rights_until", "fallback", "terms_note",
]  # fmt: skip
#: How many places are listed for each kind of use.
MAX_USES = 20
IN_USE = (
    "“%s” is in use, so it was not deleted. Choose another picture in the places listed under"
    " “Used in” first."
)


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    form = ImageForm
    list_display = [
        "thumbnail",
        "name",
        "still_missing",
        "credit",
        "licence_and_end",
        "used",
        "size",
        "uploaded_at",
    ]
    list_display_links = ["name"]
    show_facets = admin.ShowFacets.NEVER
    list_filter = [
        AltMissing,
        CreditMissing,
        RightsMissing,
        RightsRunOut,
        WhereUsed,
        ("licence", WhichLicence),
        ("uploaded_at", UploadedWhen),
    ]
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    search_fields = ["file_name", "alt", "caption", "credit", "author"]
    autocomplete_fields = ["fallback"]
    search_help_text = "File name, alternative text, caption, credit or author."
    readonly_fields = [
        "preview",
        "lacking",
        "stands",
        "size",
        "stored",
        "credentials",
        "file_name",
        "uploaded_by",
        "uploaded_at",
    ]
    words = ("What readers are told", {"fields": ["alt", "decorative", "caption"]})
    rights = ("Rights", {"fields": RIGHTS})
    focus = (
        "Focal point",
        {
            "fields": [("focal_x", "focal_y")],
            "description": (
                "The point that every crop keeps in view. Click on the picture, drag the mark, or"
                " move it with the arrow keys. As numbers: 0 is the left or top edge, 1 the right or bottom."
            ),
        },
    )
    facts = (
        "Facts",
        {
            "fields": [
                "size",
                "stored",
                "credentials",
                "file_name",
                "uploaded_by",
                "uploaded_at",
            ]
        },
    )

    @property
    def media(self) -> forms.Media:
        own = forms.Media(
            css={"all": ["desk/images/images.css", "desk/images/library.css"]},
            js=[
                forms.Script("desk/images/focus.js", type="module"),  # type: ignore[list-item]
                forms.Script("desk/images/grid.js", type="module"),  # type: ignore[list-item]
            ],
        )
        return super().media + own

    def get_queryset(self, request: HttpRequest) -> ImageQuerySet:
        return Image.objects.with_use().with_fallbacks()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[listing.Pictures]:
        return listing.Pictures

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = {
            "title": "Pictures",
            "is_nav_sidebar_enabled": False,
            "may_complete": self.has_change_permission(request),
        }
        return super().changelist_view(request, {**own, **(extra_context or {})})

    # --- The list and the form ----------------------------------------------------------------

    @admin.display(description="picture")
    def thumbnail(self, image: Image) -> str | SafeString:
        if not image.renditions:
            return "no file"
        return format_html(
            '<img class="desk-thumbnail {}" src="{}" alt="" loading="lazy" width="96" height="64">',
            image.focus_classes,
            image.url(320, cut="3x2"),
        )

    @admin.display(description="picture", ordering="file_name")
    def name(self, image: Image) -> str:
        return str(image)

    @admin.display(description="still missing")
    def lacking(self, image: Image) -> str | SafeString:
        if not image.lacks():
            return "nothing"
        return format_html_join("", '<div class="desk-missing">{}</div>', zip(image.missing()))

    @admin.display(description="still missing")
    def still_missing(self, image: Image) -> str | SafeString:
        """In a word each: the list answers which pictures need work."""
        if not image.lacks():
            return "nothing"
        names = ", ".join(listing.IN_A_WORD[name] for name in image.lacks())
        return format_html('<span class="desk-missing">{}</span>', names)

    @admin.display(description="licence, end", ordering="rights_until")
    def licence_and_end(self, image: Image) -> SafeString:
        """With the day on which the rights end, and whether a single use is used up."""
        now = timezone.now()
        words = "desk-rights desk-missing" if image.is_over(now=now) else "desk-rights"
        lines = ((words, line) for line in image.marks(now=now))
        marks = format_html_join("", '<div class="{}">{}</div>', lines)
        return format_html("{}{}", image.get_licence_display(), marks)

    @admin.display(description="used")
    def used(self, image: Image) -> str:
        return _places(image.places)  # type: ignore[attr-defined] # listing.Pictures counts them

    @admin.display(description="rights")
    def stands(self, image: Image) -> SafeString:
        """What readers see of it now, and what afterwards; marked when that is over, or soon is."""
        now = timezone.now()
        is_pressing = image.is_over(now=now) or image.has_ended(now=now + SOON)
        words = "desk-missing" if is_pressing else "desk-fine"
        lines = ((words, line) for line in [_until(image, now), _single_use(image)] if line)
        return format_html_join("", '<div class="{}">{}</div>', lines)

    @admin.display(description="size", ordering="width")
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    @admin.display(description="files")
    def stored(self, image: Image) -> SafeString:
        """A line for each cut, and what the worker has still to make."""
        lines = [f"{cut}: {_listed(image, cut)}" for cut in CUTS if cut in image.renditions]
        if waiting := {format for _cut, format in image.outdated()}:
            names = ", ".join(FORMAT_NAMES[format] for format in FORMATS if format in waiting)
            lines.append(f"The worker is making: {names}.")
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines))

    @admin.display(description="Content Credentials")
    def credentials(self, image: Image) -> str:
        if image.has_c2pa:
            return "The original says where it comes from (C2PA). This was not verified here."
        return "none"

    @admin.display(description="preview")
    def preview(self, image: Image) -> SafeString:
        return render_to_string("admin/images/image/preview.html", {"image": image})

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["original"]}), self.words, self.rights, self.focus]
        top = ["preview", "lacking", "stands"]
        # A read-only file field would be a link to the original.
        if self.has_change_permission(request, obj):
            top.append("original")
        return [(None, {"fields": top}), self.focus, self.words, self.rights, self.facts]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.refusal = getattr(request, "image_refusal", "")
        return form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        image = context.get("original")
        uses = dict.fromkeys(library.uses(image, limit=MAX_USES)) if image else ()
        context["uses"] = [self.link(request, row) for row in uses]
        places = library.count_uses([image]).get(image.pk, 0) if image else 0
        context["has_more_uses"] = places > len(uses) >= MAX_USES
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A picture that cannot be stored is a sentence at the field, and the words are kept.

        The parent's transaction has ended when the sentence is caught: nothing is written.
        """
        if self.has_add_permission(request) or self.has_change_permission(request):
            uploads.prepare(request)
            uploads.cut_anew(request, object_id and self.get_object(request, unquote(object_id)))
        try:
            with library.all_or_nothing():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refused, NotStored, OperationalError) as error:
            if request.method != "POST":
                raise
            request.image_refusal = uploads.sentence(error)  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """On POST, inside the transaction of the save, held: the form compares itself with it."""
        found = super().get_object(request, *args, **kwargs)
        if found and request.method == "POST" and connection.in_atomic_block:
            list(Image.objects.select_for_update(no_key=True).filter(pk=found.pk).values_list("pk"))
            return super().get_object(request, *args, **kwargs)
        return found

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        prepared = getattr(request, "image_prepared", None)
        if not change:
            library.keep(obj, prepared or form.cleaned_data["original"], by=_person(request))
            self._tell_of_twin(request, obj)
        elif prepared:
            library.replace_file(obj, prepared, by=_person(request))
        else:
            crops = getattr(request, "image_crops", None)
            library.revise(obj, by=_person(request), crops=crops)
        self.tell_of_others(request, form)

    def tell_of_others(self, request: HttpRequest, form: Any) -> None:
        """What somebody else has changed meanwhile, and which was kept so."""
        if form.taken_over:
            names = ", ".join(form.taken_over)
            sentence = f"Somebody else has changed this meanwhile, and it was kept so: {names}."
            self.message_user(request, sentence, messages.WARNING)

    def _tell_of_twin(self, request: HttpRequest, image: Image) -> None:
        twin = Image.objects.of_file(image.original_sha256).exclude(pk=image.pk).first()
        if twin:
            sentence = "The same file is in the library twice now: the other is {}."
            self.message_user(request, format_html(sentence, _link_to(twin)), messages.WARNING)

    # --- Deleting -----------------------------------------------------------------------------

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            # Somebody used it between the question and the answer.
            self.message_user(request, IN_USE % self._label(object_id), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:images_image_change", args=[object_id]))

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        library.remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        with transaction.atomic():
            for image in queryset:
                library.remove(image)

    # --- The doors for the editor's dialog ----------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "choose/",
                self.admin_site.admin_view(require_GET(self.choose)),
                name="images_image_choose",
            ),
            self._own("many/", "many"),
            self._own("many/one/", "one_of_many", require_POST),
            self._own("incomplete/", "incomplete"),
            path(
                "upload/",
                self.admin_site.admin_view(require_POST(self.upload)),
                name="images_image_upload",
            ),
        ]
        return own + super().get_urls()

    def _own(self, route: str, name: str, guard: Any = lambda view: view) -> URLPattern:
        view = self.admin_site.admin_view(guard(getattr(self, name)))
        return path(route, view, name=f"images_image_{name}")

    def choose(self, request: HttpRequest) -> JsonResponse:
        """A page of the library: ``?q=words&page=2``, or ``?id=12&id=34`` for these pictures."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if ids := request.GET.getlist("id"):
            named = library.pictures(_numbers(ids)).values()
            return JsonResponse({"results": [_row(one) for one in named], "next": None})
        words = request.GET.get("q", "")[:MAX_QUERY_CHARACTERS]
        images, _repeats = self.get_search_results(request, self.get_queryset(request), words)
        page = _page(request.GET.get("page", "1"))
        if page is None:
            message = "There is no such page of pictures."
            return JsonResponse({"errors": {"page": [message]}}, status=404)
        found = list(images[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
        follows = page + 1 if len(found) > PER_PAGE else None
        return JsonResponse({"results": [_row(one) for one in found[:PER_PAGE]], "next": follows})

    def upload(self, request: HttpRequest) -> JsonResponse:
        """The stored picture as ``choose`` shows it, or 400 with the sentences by field."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        outcome = uploads.upload(request, self)
        if outcome.image is None:
            return JsonResponse({"errors": outcome.errors}, status=400)
        return JsonResponse(_row(outcome.image))

    # --- Pages of their own -------------------------------------------------------------------

    def many(self, request: HttpRequest) -> HttpResponse:
        return uploads.many(request, self)

    def one_of_many(self, request: HttpRequest) -> HttpResponse:
        return uploads.one_of_many(request, self)

    def incomplete(self, request: HttpRequest) -> HttpResponse:
        return completing.incomplete(request, self)

    # --- Where it is used ---------------------------------------------------------------------

    def link(self, request: HttpRequest, row: Model) -> str | SafeString:
        """A link for those who may see the row; nobody learns a headline here that is not theirs."""
        options, kind = type(row)._meta, type(row)
        known = self.admin_site.is_registered(kind)
        if not known or not self.admin_site.get_model_admin(kind).has_view_permission(request, row):
            return f"{options.verbose_name} {row.pk}"
        address = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])
        return format_html('{} <a href="{}">{}</a>', options.verbose_name, address, row)

    def _label(self, object_id: str) -> str:
        return str(Image.objects.filter(pk=object_id).first() or "The picture")


def _until(image: Image, now: datetime) -> str:
    if image.rights_until is None:
        return "Without end." if image.licence else "Nothing is known yet."
    other = image.shown(now=max(now, image.rights_until))
    instead = f"“{other}” stands in for it" if other else "nothing stands in for it"
    if image.has_ended(now=now):
        return f"Ended on {image.last_day:%-d %B %Y}. Readers do not see it; {instead}."
    return f"End on {image.last_day:%-d %B %Y}. From then on {instead}."


def _single_use(image: Image) -> str:
    if not image.terms.once:
        return ""
    has_it = "a story has it" if getattr(image, "is_used_up", False) else "no story has it yet"
    places = library.count_uses([image]).get(image.pk, 0)
    too_many = f" It is used {_places(places)}: choose others there." if places > 1 else ""
    return f"For a single use: {has_it}.{too_many}"


def _listed(image: Image, cut: str) -> str:
    """``JPEG 640, 1200 (93.1 KB); WebP …``"""
    parts = []
    for format in FORMATS:
        files = image.files(format, cut)
        widths = ", ".join(str(file.width) for file in files)
        size = filesizeformat(sum(file.bytes for file in files))
        if files:
            parts.append(f"{FORMAT_NAMES[format]} {widths} ({size})")
    return "; ".join(parts)


def _places(number: int) -> str:
    return {0: "nowhere yet", 1: "in 1 place"}.get(number, f"in {number} places")


def _person(request: HttpRequest) -> Any:
    """The user behind the desk's login, which ``admin_view`` has asked for."""
    return request.user


def _link_to(image: Image) -> SafeString:
    address = reverse("admin:images_image_change", args=[image.pk])
    return format_html('<a href="{}">{}</a>', address, image)


def _row(image: Image) -> dict[str, Any]:
    return {
        "id": image.pk,
        "label": str(image),
        "thumb": image.url(320),
        "width": image.width,
        "height": image.height,
        "alt": image.alt,
        "caption": image.caption,
        "credit": image.credit,
        "missing": image.lacks(),
        "rights": image.marks(now=timezone.now()),
    }


def _numbers(texts: Iterable[str]) -> list[int]:
    """The ids among the texts; what is no id that a database can hold names no picture."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 18][
        :MAX_IDS
    ]


def _page(text: str) -> int | None:
    return next((number for number in _numbers([text]) if 1 <= number <= MAX_PAGE), None)
