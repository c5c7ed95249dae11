"""What the desk shows first: the stories that wait for somebody, and what is wrong.

Each list starts from what its admin lets the user see and is cut short by the database, so that
the page costs the same at 50 stories and at 100,000.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from articles import permissions
from articles.models import Article, ArticleQuerySet
from newsroom.deliveries.models import Delivery
from newsroom.deliveries.standing import standing
from newsroom.images.filters import SOON
from newsroom.images.models import Image, ImageQuerySet

#: Rows shown in a block, the most that is counted, and pictures named in a problem.
SHOWN, COUNTED, NAMED = 6, 50, 3
#: Stories looked at for those that wait for this user: a section's editor may do fewer than all.
LOOKED_AT = 200

STORIES = "admin:articles_article_changelist"
IMAGES = "admin:images_image_changelist"
INCOMPLETE = "admin:images_image_incomplete"
SHOW = "Show these in the library"
DELIVERIES = "admin:deliveries_delivery_changelist"


@dataclass(frozen=True)
class Row:
    """A story: ``why`` it is there, in words for people, and ``note`` where somebody left one;
    ``open_notes`` is how many of the desk's notes on it are not done."""

    headline: str
    url: str
    section: str
    who: str
    at: datetime | None
    why: str = ""
    note: str = ""
    open_notes: int = 0


@dataclass(frozen=True)
class Block:
    """Some stories: how many (as text, "50+" when there are more), the first of them, and where
    all are. ``nothing`` is said when there are none; ``when`` heads the column of times."""

    name: str
    title: str
    when: str
    nothing: str
    rows: list[Row]
    count: str
    links: list[tuple[str, str]]


@dataclass(frozen=True)
class Problem:
    """Something that is wrong, in a sentence; what is concerned, each with its address."""

    sentence: str
    url: str
    link: str
    count: str = ""
    named: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Dashboard:
    """``write_url`` is empty for who may not begin a story. ``problems`` is None for who may look
    neither at pictures nor at deliveries."""

    blocks: list[Block]
    problems: list[Problem] | None
    write_url: str


def of(request: HttpRequest, desk: AdminSite) -> Dashboard:
    """The dashboard of the user who asks. A fixed number of queries, whatever there is."""
    door = desk.get_model_admin(Article)
    may_write = door.has_add_permission(request)
    return Dashboard(
        blocks=_blocks(request, door) if door.has_view_permission(request) else [],
        problems=_problems(request, desk),
        write_url=reverse("admin:articles_article_add") if may_write else "",
    )


# --- Stories ----------------------------------------------------------------------------------


def _blocks(request: HttpRequest, door: Any) -> list[Block]:
    user, now, today = request.user, timezone.now(), timezone.localdate()
    pk = user.pk or 0
    every: ArticleQuerySet = door.get_queryset(request)
    rows = every.select_related("section", "step").with_bylines().with_open_notes()
    mine = rows.drafts().on_desk_of(pk).order_by("-changed_at", "-pk")
    ahead = rows.scheduled(now=now).oldest()
    out = rows.published(now=now).on_days(today, today).newest()

    def block(name: str, title: str, found: ArticleQuerySet, **words: Any) -> Block:
        first = [one for one in found[:SHOWN] if door.has_view_permission(request, one)]
        shown = [_row(one, at=one.published_at or one.changed_at) for one in first]
        # A page that is not full has shown them all: only a full one is counted.
        count = len(first) if len(first) < SHOWN else found.order_by()[: COUNTED + 1].count()
        return Block(name, title, rows=shown, count=_counted(count), **words)

    return [
        _waiting(user, rows, _list("All my drafts", desk="mine", stands="draft")),
        block(
            "drafts", "My drafts", mine, when="Changed",
            nothing="No draft is on your desk.",
            links=[_list("All my drafts", desk="mine", stands="draft")],
        ),
        block(
            "scheduled", "Scheduled", ahead, when="Comes out",
            nothing="Nothing is scheduled.",
            links=[
                ("The queue, by day and hour", reverse("admin:articles_article_queue")),
                _list("All that is scheduled", stands="scheduled"),
            ],
        ),
        block(
            "published", "Published today", out, when="Came out",
            nothing="Nothing has come out today.",
            links=[_list("All of today", stands="out", when="today")],
        ),
    ]  # fmt: skip


def _waiting(user: Any, rows: ArticleQuerySet, drafts: tuple[str, str]) -> Block:
    """What was sent back to the user, then what waits for a step that the user may take, longest
    waiting first."""
    verbs = [verb for verb in ("approve", "publish") if permissions.may(user, verb)]
    back = list(rows.sent_back_to(user.pk).order_by("-changed_at", "-pk")[: COUNTED + 1])
    steps = permissions.steps_of(user)
    next_ones = rows.waiting_for(verbs, at=steps).order_by("changed_at", "pk")[:LOOKED_AT]
    theirs = [
        one for one in (next_ones if verbs else [])
        if any(permissions.may(user, verb, one) for verb in verbs)
    ]  # fmt: skip
    shown = [
        *(_row(one, at=one.changed_at, why="Sent back", note=_note(one)) for one in back),
        *(_row(one, at=one.changed_at, why=one.stage) for one in theirs),
    ]
    lists = {
        "approve": [
            *(_list(f"All at {step}", stands=f"step-{step.pk}") for step in steps),
            *([] if steps else [_list("All in review", stands="in-review")]),
        ],
        "publish": [_list("All approved", stands="approved")],
    }
    return Block(
        name="waiting",
        title="Waiting for me",
        when="Since",
        nothing="Nothing waits for you.",
        rows=shown[:SHOWN],
        count=_counted(len(shown)),
        links=[*([drafts] if back else []), *(link for verb in verbs for link in lists[verb])],
    )


def _note(article: Any) -> str:
    return f"{article.sent_back_by}: {article.sent_back_note}".strip()


def _row(article: Any, *, at: datetime | None, why: str = "", note: str = "") -> Row:
    return Row(
        headline=str(article),
        url=reverse("admin:articles_article_change", args=[article.pk]),
        section=str(article.section),
        who=article.byline.removeprefix("By "),
        at=at,
        why=why,
        note=note,
        open_notes=len(article.open_notes),
    )


def _counted(number: int) -> str:
    return str(number) if number <= COUNTED else f"{COUNTED}+"


def _list(words: str, **asked: str) -> tuple[str, str]:
    """A link into the list of stories, with its filters set."""
    return words, reverse(STORIES, query=asked)


# --- Problems ---------------------------------------------------------------------------------


def _problems(request: HttpRequest, desk: AdminSite) -> list[Problem] | None:
    """What is wrong, for who may see it; None for who may see nothing of the kind."""
    pictures = desk.get_model_admin(Image)
    effects = desk.get_model_admin(Delivery)
    sees_pictures = pictures.has_view_permission(request)
    sees_effects = effects.has_view_permission(request)
    if not (sees_pictures or sees_effects):
        return None
    found: Iterable[Problem | None] = [
        *(_of_pictures(request, pictures) if sees_pictures else []),
        *(_of_effects() if sees_effects else []),
    ]
    return [problem for problem in found if problem]


def _of_pictures(request: HttpRequest, pictures: Any) -> list[Problem | None]:
    """Pictures that readers see, or will when a story comes out, and should not. What is missing
    leads to where it is filled in, one picture after the other, for who may do that."""
    now = timezone.now()
    rows: ImageQuerySet = pictures.get_queryset(request)
    live = rows.in_public(now=now)
    may_mend = pictures.has_change_permission(request)
    mend = "Fill it in, one after the other" if may_mend else SHOW

    def where(kind: str) -> str:
        if may_mend:
            return reverse(INCOMPLETE, query={"lacks": kind})
        return reverse(IMAGES, query={kind: "missing"})

    return [
        _pictures(
            live.without_alt(), "without an alternative text in stories that are out",
            where("alt"), mend,
        ),
        _pictures(
            live.without_rights(),
            "without credit or licence, or what it asks for, in stories that are out",
            where("rights"), mend,
        ),
        _pictures(
            rows.ended(now=now).in_use(), "whose rights have run out, and still in use",
            reverse(IMAGES, query={"until": "used"}),
        ),
        _pictures(
            rows.ending(now=now, until=now + SOON).in_use(),
            f"in use, whose rights run out within {SOON.days} days",
            reverse(IMAGES, query={"until": "soon"}),
        ),
    ]  # fmt: skip


def _pictures(rows: ImageQuerySet, words: str, url: str, link: str = SHOW) -> Problem | None:
    found = list(rows.select_related(None).order_by("-pk").only("file_name", "alt")[: COUNTED + 1])
    if not found:
        return None
    return Problem(
        sentence=f"{_several(found)} {words}.",
        url=url,
        link=link,
        count=_counted(len(found)),
        named=[(str(one), reverse("admin:images_image_change", args=[one.pk])) for one in found][
            :NAMED
        ],
    )


def _several(found: Sequence[Any]) -> str:
    return "1 picture" if len(found) == 1 else f"{_counted(len(found))} pictures"


def _of_effects() -> list[Problem | None]:
    stands = standing()
    failing = _effects(stands.failing, "failed and will be tried again", "failing")
    given_up = _effects(stands.given_up, "failed and was given up", "given-up")
    return [None if stands.workers else _no_worker(), given_up, failing]


def _effects(number: int, words: str, stands: str) -> Problem | None:
    if not number:
        return None
    what = "1 delivery" if number == 1 else f"{number} deliveries"
    return Problem(
        sentence=f"{what} {words}.",
        url=reverse(DELIVERIES, query={"stands": stands}),
        link="Show what failed and why",
        count=str(number),
    )


def _no_worker() -> Problem:
    return Problem(
        sentence=(
            "No worker is running: announcements, new formats of pictures and second tries wait."
            " Readers see what is published all the same. Tell whoever runs the site."
        ),
        url=reverse(DELIVERIES),
        link="Show what waits",
    )
