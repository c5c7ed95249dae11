"""One picture after the other that lacks something, those that readers see first."""

import logging
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from newsroom.images import library
from newsroom.images.forms import NeededForm
from newsroom.images.models import Image, ImageQuerySet

logger = logging.getLogger(__name__)

NOT_SAVED = (
    "The words could not be saved. They are still in the fields: try again in a moment; when it"
    " happens again, tell whoever runs the site that the database is full or unreachable."
)
#: The most that is counted, and the uses that are listed for each kind of place.
COUNTED, USES = 100, 5
#: What may be asked for alone.
KINDS = {"alt": ImageQuerySet.without_alt, "rights": ImageQuerySet.without_rights}


def incomplete(request: HttpRequest, door: Any) -> HttpResponse:
    """The next picture that lacks something, with the fields for it; ``?lacks=alt`` or ``rights``
    asks for those only. A fixed number of queries, whatever the number of pictures."""
    if not door.has_change_permission(request):
        raise PermissionDenied
    if request.method == "POST":
        return _saved(request, door)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    now = timezone.now()
    rows = _rows(request, door)
    image = _asked(request, door) or _after(rows, request.GET.get("after", ""), now)
    if image and not door.has_change_permission(request, image):
        raise PermissionDenied
    return _page(request, door, NeededForm(instance=image) if image else None)


def _saved(request: HttpRequest, door: Any) -> HttpResponse:
    """As ``_save``; a database that takes nothing is a sentence, and the words stay."""
    try:
        return _save(request, door)
    except OperationalError as error:
        logger.exception("The words of a picture could not be saved.", exc_info=error)
        image = Image.objects.filter(pk=_key(request.POST.get("image")) or 0).first()
        if image is None:
            return _on(request)
        form = NeededForm(request.POST, instance=image)
        form.add_error(None, NOT_SAVED)
        return _page(request, door, form)


def _save(request: HttpRequest, door: Any) -> HttpResponse:
    """The words kept beside what others wrote meanwhile, then the next picture."""
    with library.all_or_nothing(), transaction.atomic():
        held = (
            Image.objects.select_for_update()
            .filter(pk=_key(request.POST.get("image")) or 0)
            .first()
        )
        if held is None:
            door.message_user(request, "That picture was deleted meanwhile.", messages.WARNING)
            return _on(request)
        if not door.has_change_permission(request, held):
            raise PermissionDenied
        form = NeededForm(request.POST, instance=held)
        if not form.is_valid():
            return _page(request, door, form)
        if form.has_changed():
            said = door.construct_change_message(request, form, [])
            library.revise(form.instance, by=request.user)  # type: ignore[arg-type] # admin_view let in
            door.log_change(request, held, said)
    door.tell_of_others(request, form)
    if set(held.lacks()) - set(form.missing):
        sentence = f"“{held}” is saved. Its licence asks for more: see below."
        door.message_user(request, sentence, messages.WARNING)
        return _on(request, at=held.pk)
    return _on(request, after=held.pk)


def _on(request: HttpRequest, **place: int) -> HttpResponse:
    kind = request.GET.get("lacks", "")
    query = {**place, **({"lacks": kind} if kind in KINDS else {})}
    return HttpResponseRedirect(reverse("admin:images_image_incomplete", query=query))


def _rows(request: HttpRequest, door: Any) -> ImageQuerySet:
    rows: ImageQuerySet = door.get_queryset(request)
    return KINDS.get(request.GET.get("lacks", ""), ImageQuerySet.incomplete)(rows)


def _asked(request: HttpRequest, door: Any) -> Image | None:
    """The picture that ``at`` names, whatever it lacks."""
    key = _key(request.GET.get("at"))
    found: Image | None = door.get_queryset(request).filter(pk=key).first() if key else None
    return found


def _after(rows: ImageQuerySet, after: str, now: datetime) -> Image | None:
    """The first of the rows behind that picture, in the order in which they are worked through.

    That picture may be complete by now: its place is known all the same.
    """
    ordered, key = rows.public_first(now=now), _key(after)
    place = Image.objects.filter(pk=key).public_first(now=now).first() if key else None
    if place is None:
        return ordered.first()
    behind = Q(uploaded_at__lt=place.uploaded_at)
    behind |= Q(uploaded_at=place.uploaded_at, pk__lt=place.pk)
    if place.is_public:  # type: ignore[attr-defined] # annotated
        return ordered.filter(Q(is_public=False) | behind).first()
    return ordered.filter(behind, Q(is_public=False)).first()


def _page(request: HttpRequest, door: Any, form: NeededForm | None) -> HttpResponse:
    now, rows = timezone.now(), _rows(request, door)
    image = form.instance if form else None
    uses = dict.fromkeys(library.uses(image, limit=USES)) if image else ()
    kind = request.GET.get("lacks", "")
    context = {
        **door.admin_site.each_context(request),
        "title": "Complete pictures",
        "opts": door.opts,
        "form": form,
        "image": image,
        "uses": [door.link(request, row) for row in uses],
        "kind": kind if kind in KINDS else "",
        "left": _counted(rows),
        "left_out": _counted(rows.in_public(now=now)),
        "is_nav_sidebar_enabled": False,
    }
    request.current_app = door.admin_site.name
    return TemplateResponse(request, "admin/images/image/incomplete.html", context)


def _counted(rows: ImageQuerySet) -> str:
    number = rows.order_by()[: COUNTED + 1].count()
    return str(number) if number <= COUNTED else f"{COUNTED}+"


def _key(text: str | None) -> int | None:
    """The key of a row; None for what no database can hold."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
