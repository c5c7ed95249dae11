"""How pictures come in through the desk: one with a form, or many with the same words."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from newsroom.images import library
from newsroom.images.forms import OneOfManyForm, SharedForm, UploadForm
from newsroom.images.library import AlreadyThere
from newsroom.images.listing import IN_A_WORD
from newsroom.images.models import Image
from newsroom.images.processing import Refused, too_large
from newsroom.storage import NOT_STORED, NotStored

logger = logging.getLogger(__name__)

CENTER = (0.5, 0.5)
#: Pictures that the page takes at once, each by a request of its own; and those in one request,
#: where there are no scripts: each takes a second or two, and the server ends what takes long.
AT_ONCE, IN_ONE_REQUEST = 50, 10
#: Requests of one page at the same time: one is sent while another is being looked at.
SIDE_BY_SIDE = 2
#: What is said of a picture whose words were not accepted.
Errors = dict[str, list[str]]


@dataclass
class Outcome:
    """What became of one file: the picture, or sentences by field why there is none.

    ``image`` is the one that has this file already where ``is_there``.
    """

    name: str
    image: Image | None = None
    is_there: bool = False
    errors: Errors = field(default_factory=dict)

    @property
    def sentences(self) -> list[str]:
        return [sentence for all_of in self.errors.values() for sentence in all_of]

    @property
    def missing(self) -> list[str]:
        return [IN_A_WORD[name] for name in self.image.lacks()] if self.image else []


# --- One ------------------------------------------------------------------------------------------


def prepare(request: HttpRequest) -> None:
    """Decodes and renders the upload before any transaction: SQLite has room for one writer."""
    upload: Any = request.FILES.get("original")
    if upload is None:
        return
    try:
        request.image_prepared = library.prepare(  # type: ignore[attr-defined]
            upload, focal=focal(request) or CENTER
        )
    except Refused as refusal:
        request.image_refusal = str(refusal)  # type: ignore[attr-defined]


def cut_anew(request: HttpRequest, image: Any) -> None:
    """The crops around a point that the editor has moved; before any transaction, too."""
    moved = focal(request)
    if image and moved not in (None, image.focal) and "original" not in request.FILES:
        request.image_crops = library.recut(image, moved)  # type: ignore[attr-defined]


def focal(request: HttpRequest) -> tuple[float, float] | None:
    """The posted point; None where there is none, or one that the form will refuse."""
    try:
        x, y = float(request.POST["focal_x"]), float(request.POST["focal_y"])
    except (KeyError, ValueError):
        return None
    return (x, y) if 0 <= x <= 1 and 0 <= y <= 1 else None


def sentence(error: Exception) -> str:
    """What the editor is told of a file that was not stored."""
    if isinstance(error, Refused):
        return str(error)
    logger.error("A picture could not be stored.", exc_info=error)
    return NOT_STORED


def upload(request: HttpRequest, door: Any) -> Outcome:
    """The file of the request stored with its words, for the dialog; or why it was not."""
    prepare(request)
    form = UploadForm(request.POST, request.FILES)
    form.refusal = getattr(request, "image_refusal", "")
    if not form.is_valid():
        return Outcome("", errors=errors_of(form))
    return _stored(request, door, form.instance, request.image_prepared, library.keep)  # type: ignore[attr-defined]


def errors_of(form: Any) -> Errors:
    found = form.errors.get_json_data().items()
    return {name: [one["message"] for one in all_of] for name, all_of in found}


def _stored(request: HttpRequest, door: Any, image: Image, prepared: Any, keep: Any) -> Outcome:
    """Row, files and log, or nothing of it."""
    outcome = Outcome(prepared.name)
    try:
        with library.all_or_nothing(), transaction.atomic():
            outcome.image = keep(image, prepared, by=request.user)
            door.log_addition(request, outcome.image, [{"added": {}}])
    except AlreadyThere as there:
        return Outcome(prepared.name, there.image, is_there=True, errors=_at_file(there))
    except (Refused, NotStored, OperationalError) as error:
        return Outcome(prepared.name, errors=_at_file(error))
    return outcome


def _at_file(error: Exception) -> Errors:
    return {"original": [sentence(error)]}


# --- Many -----------------------------------------------------------------------------------------


def many(request: HttpRequest, door: Any) -> HttpResponse:
    """The page on which many pictures are uploaded, with words that all of them get.

    Its script sends each by a request of its own to ``one_of_many``. Without it the form brings
    all in one request, and the page comes back with what became of each.
    """
    if not door.has_add_permission(request):
        raise PermissionDenied
    if request.method not in {"GET", "HEAD", "POST"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    form = SharedForm(request.POST if request.method == "POST" else None)
    outcomes = []
    files = request.FILES.getlist("original")
    if request.method == "POST" and form.is_valid():
        if files and len(files) <= IN_ONE_REQUEST:
            outcomes = list(_each(request, door, files))
        else:
            form.add_error(None, _how_many(len(files)))
    context = {
        **door.admin_site.each_context(request),
        "title": "Upload many pictures",
        "opts": door.opts,
        "form": form,
        "outcomes": outcomes,
        "at_once": AT_ONCE,
        "in_one_request": IN_ONE_REQUEST,
        "side_by_side": SIDE_BY_SIDE,
        "max_bytes": settings.MAX_UPLOAD_BYTES,
        "too_large": too_large(settings.MAX_UPLOAD_BYTES),
        "is_nav_sidebar_enabled": False,
    }
    request.current_app = door.admin_site.name
    return TemplateResponse(request, "admin/images/image/many.html", context)


def one_of_many(request: HttpRequest, door: Any) -> JsonResponse:
    """The stored picture with its address; 400 with the sentences by field; 409 with the picture
    that has this very file already."""
    if not door.has_add_permission(request):
        raise PermissionDenied
    file: Any = request.FILES.get("original")
    outcome = _one(request, door, file)
    told: dict[str, Any] = {"errors": outcome.errors}
    if outcome.image:
        told |= _told(outcome.image)
    return JsonResponse(told, status=409 if outcome.is_there else 400 if outcome.errors else 200)


def _told(image: Image) -> dict[str, Any]:
    return {
        "id": image.pk,
        "label": str(image),
        "thumb": image.url(320),
        "missing": image.lacks(),
        "url": reverse("admin:images_image_change", args=[image.pk]),
    }


def _how_many(number: int) -> str:
    if not number:
        return "Choose the pictures first."
    return (
        f"{IN_ONE_REQUEST} pictures at most are taken at once without scripts; these were {number}."
        " None was stored: choose fewer."
    )


def _each(request: HttpRequest, door: Any, files: list[UploadedFile]) -> Iterator[Outcome]:
    for file in files:
        yield _one(request, door, file)


def _one(request: HttpRequest, door: Any, file: UploadedFile | None) -> Outcome:
    """One file with the words for all. What is there already is said before it is opened."""
    name = str(getattr(file, "name", ""))
    form = OneOfManyForm(request.POST, {"original": file} if file else {})
    if not form.is_valid():
        return Outcome(name, errors=errors_of(form))
    try:
        library.refuse_again(form.cleaned_data["original"])
        prepared = library.prepare(form.cleaned_data["original"])
    except AlreadyThere as there:
        return Outcome(name, there.image, is_there=True, errors=_at_file(there))
    except Refused as error:
        return Outcome(name, errors=_at_file(error))
    return _stored(request, door, form.instance, prepared, library.keep_once)
