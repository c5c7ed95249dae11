"""JSON behind the boxes of the form: stories to point to, authors, topics.

Each answers GET with ``{"results": [{"id", "label", "detail"}, ...], "next": page | null}`` for
``?q=&page=``; stories also for ``?id=12&id=34``. Only who may work on stories is answered.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from articles import permissions
from articles.admin.fields import names_of
from articles.admin.standing import minute, standing
from articles.models import Article, Tag
from articles.models.tag import fold
from authors.models import Author

#: Rows in one answer, pages that can be asked for, ids at once, letters of a question.
PER_PAGE, MAX_PAGE, MAX_IDS, MAX_LETTERS = 20, 500, 200, 200

Choice = dict[str, Any]


def stories(request: HttpRequest) -> JsonResponse:
    """Stories by headline, latest changed first."""
    _only_for(request, "view")
    rows = (
        permissions.visible(request.user).select_related("section").order_by("-changed_at", "-pk")
    )
    if "id" in request.GET:
        return _answer([_story(row) for row in rows.filter(pk__in=_ids(request))])
    for word in _question(request).split()[:8]:
        rows = rows.filter(Q(headline__icontains=word) | Q(slug__icontains=word))
    return _page(request, rows, lambda found: [_story(row) for row in found])


def authors(request: HttpRequest) -> JsonResponse:
    """Authors by name; the label is what a byline understands."""
    _only_for(request, "change", "add")
    rows = Author.objects.filter(name__icontains=_question(request)).order_by("name", "pk")
    return _page(request, rows, _authors)


def topics(request: HttpRequest) -> JsonResponse:
    """Topics by name, those that begin so first; merged ones are not offered."""
    _only_for(request, "change", "add")
    text = fold(_question(request))
    rows = Tag.objects.filter(merged_into=None, folded__contains=text)
    begins = rows.filter(folded__startswith=text).order_by("folded")
    if text and not request.GET.get("page"):
        first = list(begins[:PER_PAGE])
        more = rows.exclude(folded__startswith=text).order_by("folded")
        found = first + list(more[: PER_PAGE - len(first)])
        return _answer([_named(row) for row in found])
    return _page(request, rows.order_by("folded"), lambda found: [_named(row) for row in found])


def _only_for(request: HttpRequest, *verbs: str) -> None:
    if not any(permissions.may(request.user, verb) for verb in verbs):
        raise PermissionDenied


def _question(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:MAX_LETTERS]


def _ids(request: HttpRequest) -> list[int]:
    asked = request.GET.getlist("id")[:MAX_IDS]
    return [int(pk) for pk in asked if pk.isascii() and pk.isdecimal() and len(pk) < 12]


def _page(
    request: HttpRequest,
    rows: QuerySet[Any],
    to_choices: Callable[[list[Any]], list[Choice]],
) -> JsonResponse:
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    number = min(max(number, 1), MAX_PAGE)
    start = (number - 1) * PER_PAGE
    found = list(rows[start : start + PER_PAGE + 1])
    following = number + 1 if len(found) > PER_PAGE and number < MAX_PAGE else None
    return _answer(to_choices(found[:PER_PAGE]), following=following)


def _answer(choices: Sequence[Choice], *, following: int | None = None) -> JsonResponse:
    response = JsonResponse({"results": list(choices), "next": following})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _story(row: Article) -> Choice:
    stands = standing(row, now=timezone.now()).words
    when = minute(row.published_at or row.changed_at)
    return {"id": row.pk, "label": str(row), "detail": f"{row.section} · {stands} · {when}"}


def _authors(found: list[Author]) -> list[Choice]:
    return [
        {"id": row.pk, "label": label, "detail": row.title}
        for row, label in zip(found, names_of(found), strict=True)
    ]


def _named(row: Model) -> Choice:
    return {"id": row.pk, "label": str(row), "detail": ""}
