"""The queue: what comes out when, by day and hour in the publication's time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.utils import timezone

from articles.models import Article, ArticleQuerySet
from articles.models.article import BadCursor

#: Stories on one page, and the most under an embargo that are listed.
PER_PAGE = 100


@dataclass(frozen=True)
class Slot:
    """A story at its moment; ``at`` is in the publication's zone. ``offset`` is told on a day on
    which the clocks are changed, else empty."""

    article: Article
    at: datetime
    offset: str


@dataclass(frozen=True)
class Hour:
    """From ``at`` for an hour; one that the clocks repeat is there twice."""

    at: datetime
    offset: str
    slots: list[Slot]


@dataclass(frozen=True)
class Day:
    on: date
    is_changed: bool
    hours: list[Hour]


def queue(request: HttpRequest, door: Any) -> HttpResponse:
    """A page of what is scheduled, soonest first, and what an embargo holds. Nine queries at
    most, with those of the session; 404 for a place that is none."""
    if not door.has_view_permission(request):
        raise PermissionDenied
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    now, after = timezone.now(), request.GET.get("after", "")
    every: ArticleQuerySet = door.get_queryset(request)
    rows = every.select_related("section", "step").with_bylines()
    try:
        found = list(rows.scheduled(now=now).after(after)[: PER_PAGE + 1])
    except BadCursor as error:
        message = "The queue has no such place."
        raise Http404(message) from error
    page = found[:PER_PAGE]
    held: list[Article] = []
    if not after:
        held = list(rows.held(now=now).order_by("embargo_until", "pk")[: PER_PAGE + 1])
    context = {
        **door.admin_site.each_context(request),
        "title": "Queue",
        "opts": door.opts,
        "days": days(_seen(request, door, page)),
        "later": page[-1].cursor if len(found) > PER_PAGE else "",
        "is_first": not after,
        "held": [_slot(one, one.embargo_until) for one in _seen(request, door, held)[:PER_PAGE]],
        "has_more_held": len(held) > PER_PAGE,
        "zone": timezone.get_current_timezone_name(),
        "is_nav_sidebar_enabled": False,
    }
    request.current_app = door.admin_site.name
    return TemplateResponse(request, "admin/articles/article/queue.html", context)


def _seen(request: HttpRequest, door: Any, rows: Any) -> list[Article]:
    return [one for one in rows if door.has_view_permission(request, one)]


def days(articles: list[Article]) -> list[Day]:
    """Stories, soonest first, by days and hours of the current time zone.

    Hours are parted in UTC: the two hours from one to two of the night in which the clocks go back
    stay two, in their order.
    """
    slots = [_slot(one, one.published_at) for one in articles if one.published_at]
    return [
        Day(on, _offset_changes(on), [_hour(list(group)) for _, group in groupby(some, _begins)])
        for on, some in groupby(slots, lambda slot: slot.at.date())
    ]


def _slot(article: Article, moment: Any) -> Slot:
    at = timezone.localtime(moment)
    return Slot(article, at, f"UTC{at.isoformat()[-6:]}" if _offset_changes(at.date()) else "")


def _begins(slot: Slot) -> datetime:
    """The beginning of the hour, in UTC: a zone may be half an hour off, and repeat an hour."""
    return slot.at.replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _hour(slots: list[Slot]) -> Hour:
    first = slots[0]
    return Hour(timezone.localtime(_begins(first)), first.offset, slots)


def _offset_changes(on: date) -> bool:
    """Whether the clocks are put forward or back on that day in the current time zone."""
    zone = timezone.get_current_timezone()
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=zone)
    first, last = noon - timedelta(hours=12), noon + timedelta(hours=12)
    return first.utcoffset() != last.utcoffset()
