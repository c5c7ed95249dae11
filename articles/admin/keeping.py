"""Behind an open form: what is typed and not saved yet, and who else has the story open.

``static/desk/articles/keeping.js`` posts the form's raw fields two seconds after the last key, and
without them every ten seconds. Nothing here checks or changes a story; what was kept is seen by
nobody but who typed it. The caller asks for the permission.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.utils import timezone

from articles import snapshot
from articles.admin.fields import BylinesWidget
from articles.admin.form import PLACE, ArticleForm
from articles.admin.standing import minute
from articles.models import Article, Presence, Unsaved
from articles.models.byline import join_names

#: What the form posts beside its fields: its own mark; whether the fields are there; which text to
#: restore, in the address of the form.
MARK, TEXT, RESTORE = "_form", "_text", "unsaved"
#: Texts offered on one form, names of others that are told.
MOST_OFFERS, MOST_NAMES = 5, 20

#: The names under which the form's fields are posted; nothing else is kept.
NAMES = frozenset({
    *ArticleForm.base_fields,
    *(f"bylines-{part}" for part in BylinesWidget.parts),
    *(f"initial-{name}" for name in PLACE),
})  # fmt: skip
#: What an editor may have written beside the story.
BESIDE = ("note", "reason", "correction_text", "embargo_reason", "remark")
#: By these a story that is not begun is seen to be more than an open form.
WRITTEN = ("headline", "standfirst", "body", "dateline", "slug", "tags", "lead_image", *BESIDE)


@dataclass(frozen=True)
class Offer:
    """A text that may be restored, in a sentence."""

    mark: str
    sentence: str


def new_mark() -> str:
    """What tells one open form from another."""
    return secrets.token_urlsafe(16)


def mark_of(posted: QueryDict) -> str:
    """The mark that a form posts; empty where it is none of ours."""
    mark = posted.get(MARK, "")
    return mark if re.fullmatch(r"[\w-]{16,40}", mark, re.ASCII) else ""


# --- The form tells, and is told --------------------------------------------------------------


def answer(request: HttpRequest, article: Article | None) -> JsonResponse:
    """To a form that is open: when its text was kept, who else is here, what is newer.

    GET gives a fresh CSRF token, for a form that was open while its user logged in again.
    """
    told: dict[str, Any] = {"csrf": get_token(request)}
    if request.method == "POST":
        now = timezone.now()
        told = _kept(request, article, now=now) if TEXT in request.POST else {}
        if article:
            Presence.objects.seen(article, request.user, now=now)
            told |= {
                "others": _others(article, request.user, now=now),
                "newer": _newer(article, request.POST.get("base_version", ""), request.user),
            }
    response = JsonResponse(told)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _kept(request: HttpRequest, article: Article | None, *, now: datetime) -> dict[str, Any]:
    mark = mark_of(request.POST)
    if not mark:
        return {"kept": ""}
    fields = _fields(request.POST)
    Unsaved.objects.put(mark, user=request.user, article=article, fields=fields, now=now)
    return {"kept": clock(now)}


def _fields(posted: QueryDict) -> dict[str, list[str]]:
    """The form's own fields; PostgreSQL keeps no NUL in JSON."""
    return {
        name: [text.replace("\x00", "") for text in values]
        for name, values in posted.lists()
        if name in NAMES
    }


def _others(article: Article, user: Any, *, now: datetime) -> str:
    """Who else has it open, as a sentence; empty when nobody has."""
    rows = Presence.objects.others(article, user, now=now)[:MOST_NAMES]
    names = [f"{row.user} (since {clock(row.since)})" for row in rows]
    if not names:
        return ""
    return f"{join_names(names)} {'has' if len(names) == 1 else 'have'} this story open, too."


def _newer(article: Article, base_version: str, user: Any) -> str:
    """Who saved since the form was opened, as a sentence; empty when nobody did."""
    if article.head is None or base_version == str(article.version):
        return ""
    who = "You" if article.head.by_id == user.pk else article.head.by_name
    where = ", in another window" if who == "You" else ""
    return (
        f"{who} saved a newer version at {clock(article.head.at)}{where}. When you save, what you"
        " changed in other fields is merged with it; for the rest you are asked."
    )


def clock(at: datetime) -> str:
    """The time of day in the publication's zone; with the day when it is not today."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else minute(at)


# --- Coming back ------------------------------------------------------------------------------


def offered(
    user: Any, article: Article | None, form_of: Callable[[QueryDict], ArticleForm]
) -> list[Offer]:
    """The user's unsaved texts of this story that say something else than what is saved.

    One query, and for each text what its form needs to be checked. ``form_of`` binds a form.
    """
    rows = Unsaved.objects.of(user, article).recent(now=timezone.now())[:MOST_OFFERS]
    return [
        Offer(row.form, _offering(row))
        for row in rows
        if (_says_anything(row) if article is None else _differs(form_of(row.posted), article))
    ]


def _offering(row: Unsaved) -> str:
    named = f": “{row.headline}”" if row.article_id is None and row.headline else ""
    return f"There is an unsaved text of {clock(row.saved_at)}{named}."


def _says_anything(row: Unsaved) -> bool:
    return any(text.strip() for name in WRITTEN for text in row.fields.get(name, []))


def _differs(form: ArticleForm, article: Article) -> bool:
    """Whether saving the form would change anything. What cannot be checked would."""
    if not form.is_valid():
        return True
    if any(form.cleaned_data.get(name) for name in BESIDE) or any(map(form.moved, PLACE)):
        return True
    typed = snapshot.normalize(form.content())
    if not snapshot.changed(snapshot.head(article), typed):
        return False
    base = article.revisions.filter(number=form.cleaned_data["base_version"]).first()
    return base is None or bool(snapshot.changed(base.snapshot, typed))


def chosen(request: HttpRequest, article: Article | None) -> Unsaved | None:
    """The text that the form's address asks to restore, if it is this user's and still there."""
    rows = Unsaved.objects.of(request.user, article).recent(now=timezone.now())
    mark = request.GET.get(RESTORE, "")
    return rows.filter(form=mark).first() if mark else None


def restored(row: Unsaved) -> str:
    """What the form says when it shows a restored text."""
    return (
        f"This is your unsaved text of {clock(row.saved_at)}. Nothing is saved yet: look it over,"
        " then save."
    )


def drop(request: HttpRequest) -> None:
    """The form's text is saved, or not wanted."""
    if mark := mark_of(request.POST):
        Unsaved.objects.drop(mark, user=request.user)
