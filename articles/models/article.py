"""The article: an identity, where it stands, and the card by which lists know it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, TruncMonth
from django.utils import timezone
from taggit.managers import TaggableManager

from articles.models.byline import Byline, Role, join_names
from articles.models.correction import Correction
from articles.models.json_rows import JSONRows
from articles.models.note import Note
from articles.models.revision import Revision
from articles.models.states import LABELED, SENT_BACK, STEPS, UNPUBLISHED, Kind, State
from articles.models.step import Step
from articles.models.tag import Tag, TaggedArticle
from authors.models import Author, AuthorLink
from newsroom.audit.models import Entry
from newsroom.images.models import Image, Picture
from sections.models import Section

#: Stories on one page of a list.
PAGE_SIZE = 20

CURSOR = re.compile(r"\A([12]\d{3})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)-(\d{1,18})\Z")


class BadCursor(ObjectDoesNotExist):
    """No page begins there; views answer 404."""


class OncePublic(models.ProtectedError):
    """Somebody tried to delete what the public has seen."""

    def __init__(self, articles: Iterable["Article"]) -> None:
        super().__init__(
            "What was once public cannot be deleted. Withdraw it: its address then says so.",
            set(articles),
        )


@dataclass(frozen=True)
class Page:
    """One page of a list, with the cursors of its neighbors ("" where there is none)."""

    articles: list["Article"]
    older: str
    newer: str
    is_first: bool


class ArticleQuerySet(models.QuerySet["Article"]):
    # --- Which ---------------------------------------------------------------------------------

    def published(self, *, now: datetime) -> Self:
        """What the public may see (law 1); the twin of ``Article.is_public``."""
        return self.filter(state=State.PUBLISHED, published_at__lte=now)

    def scheduled(self, *, now: datetime) -> Self:
        """Published with a time that has not come; the twin of ``Article.is_scheduled``."""
        return self.filter(state=State.PUBLISHED, published_at__gt=now)

    def withdrawn(self) -> Self:
        """Once public, now gone (410)."""
        return self.filter(state=State.WITHDRAWN)

    def out_of_sight(self) -> Self:
        """Neither public nor to come out by themselves."""
        return self.filter(state__in=[*UNPUBLISHED, State.WITHDRAWN])

    def in_state(self, state: str) -> Self:
        return self.filter(state=state)

    def deletable(self) -> Self:
        """Never public and not about to be."""
        return self.filter(state__in=UNPUBLISHED)

    def drafts(self) -> Self:
        return self.filter(state=State.DRAFT)

    def on_desk_of(self, user: int | None) -> Self:
        """Those assigned to the user (by the key), or (None) to nobody."""
        return self.filter(assignee=user)

    def waiting_for(self, verbs: Collection[str], *, at: Collection[Step] = ()) -> Self:
        """Those whose next step is one of these verbs: approve what is in review at one of these
        steps or at none, publish what is approved."""
        nexts = {"approve": State.IN_REVIEW, "publish": State.APPROVED}
        states = [state for verb, state in nexts.items() if verb in verbs]
        # What is approved is at no step. An "or" around the states would find no index.
        return self.filter(Q(step=None) | Q(step__in=at), state__in=states)

    def at_step(self, pk: int) -> Self:
        """Those that wait at the step (by the key)."""
        return self.filter(step=pk)

    def sent_back_to(self, user: int) -> Self:
        """Drafts whose last step was that somebody else sent them back to the user (by the key).

        To whoever has it on the desk; to whoever began it while it still lies with the sender, or
        with nobody. ``sent_back_by`` is the sender's name then, ``sent_back_note`` the note.
        """
        steps = Entry.objects.filter(
            subject=Concat(Value("article:"), Cast(OuterRef("pk"), models.CharField())),
            verb__in=STEPS,
        )
        last = steps.order_by("-at", "-pk")
        began = Q(created_by=user) & (Q(assignee=None) | Q(assignee=F("sent_back_from")))
        return (
            self.drafts()
            .filter(Q(assignee=user) | Q(created_by=user))
            .annotate(
                last_step=Subquery(last.values("verb")[:1]),
                sent_back_from=Subquery(last.values("actor")[:1]),
                sent_back_by=Subquery(last.values("actor_name")[:1]),
                sent_back_note=Subquery(last.values("note")[:1]),
            )
            .filter(Q(assignee=user) | began, last_step=SENT_BACK)
            # Nobody's (the sender's account is gone) is somebody else's, too.
            .filter(~Q(sent_back_from=user) | Q(sent_back_from=None))
        )

    def held(self, *, now: datetime) -> Self:
        """Under an embargo that has not run out, and not scheduled yet."""
        return self.filter(state__in=UNPUBLISHED, embargo_until__gt=now)

    def with_working_copy(self) -> Self:
        """With changes that readers do not see; the twin of ``Article.has_working_copy``."""
        return self.filter(live__isnull=False).exclude(live=F("head"))

    def in_sections(self, pks: list[int]) -> Self:
        return self.filter(section__in=pks)

    def of_desk(self, sections: models.QuerySet[Section], user: Any) -> Self:
        """Those of the sections, and those that are the user's own (``permissions.is_own``)."""
        written = Byline.objects.filter(author__user=user.pk)
        own = Q(created_by=user.pk) | Q(assignee=user.pk) | Q(pk__in=written.values("article"))
        return self.filter(own | Q(section__in=sections))

    def by_author(self, author: Author) -> Self:
        return self.filter(bylines__author=author)

    def tagged_with(self, tag: Tag) -> Self:
        return self.filter(tagged__tag=tag)

    def since(self, start: datetime) -> Self:
        """Published at that moment or later."""
        return self.filter(published_at__gte=start)

    def until(self, end: datetime) -> Self:
        """Published before that moment."""
        return self.filter(published_at__lt=end)

    def between(self, start: datetime, end: datetime) -> Self:
        """Published at ``start`` or later and before ``end``."""
        return self.since(start).until(end)

    def on_days(self, first: date, last: date) -> Self:
        """Published, or to be published, on these days of the current time zone."""
        return self.between(_midnight(first), _midnight(last + timedelta(days=1)))

    # --- In which order, how many --------------------------------------------------------------

    def newest(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def oldest(self) -> Self:
        return self.order_by("published_at", "pk")

    def page(self, query: Mapping[str, str], *, size: int = PAGE_SIZE) -> Page:
        """A page by key, so nothing repeats or drops while stories are published. One query.

        ``query`` may hold ``before`` or ``after``, cursors as ``Article.cursor`` makes them; other
        keys are ignored. BadCursor says that one is broken or that nothing lies beyond it.
        """
        before, after = query.get("before", ""), query.get("after", "")
        if before:
            rows = list(self.newest().filter(_beyond(before, "lt"))[: size + 1])
            more, rows = len(rows) > size, rows[:size]
            return _page(rows, older=more, newer=True)
        if after:
            oldest_first = self.oldest().filter(_beyond(after, "gt"))
            rows = list(oldest_first[: size + 1])
            more, rows = len(rows) > size, rows[:size][::-1]
            return _page(rows, older=True, newer=more)
        rows = list(self.newest()[: size + 1])
        more, rows = len(rows) > size, rows[:size]
        return _page(rows, older=more, newer=False)

    def after(self, cursor: str) -> Self:
        """Those later than that place in the list, the soonest first; all for an empty cursor."""
        return self.oldest().filter(_beyond(cursor, "gt")) if cursor else self.oldest()

    def next_due(self, *, now: datetime) -> datetime | None:
        """When the set changes by itself: the first scheduled story in it. One query."""
        due = (
            self.scheduled(now=now).order_by("published_at").values_list("published_at", flat=True)
        )
        return due.first()

    def first_and_last(self) -> tuple[date | None, date | None]:
        """The days of the current time zone on which the first and the last of them came out, or
        will; two Nones when there are none. Two queries, which an index answers."""
        ends = (self.oldest(), self.newest())
        times = [rows.values_list("published_at", flat=True).first() for rows in ends]
        first, last = (timezone.localtime(time).date() if time else None for time in times)
        return first, last

    def months(self) -> list[tuple[datetime, int]]:
        """Each month (its first moment in the current time zone) with its number of stories."""
        counted = (
            self.annotate(month=TruncMonth("published_at"))
            .order_by("-month")
            .values_list("month")
            .annotate(number=models.Count("pk"))
        )
        return [(month, number) for month, number in counted]

    def modified_by_month(self) -> list[tuple[datetime, datetime]]:
        """Each month as in ``months``, with when readers were last told of a change in it."""
        told = Coalesce("updated_at", "published_at")
        rows = self.annotate(month=TruncMonth("published_at")).order_by("-month")
        return list(rows.values_list("month").annotate(modified=models.Max(told)))

    # --- With what -----------------------------------------------------------------------------

    def for_cards(self) -> Self:
        """What ``articles/card.html`` shows. Two queries: the rows, and their bylines."""
        return self.for_links().with_bylines()

    def for_links(self) -> Self:
        """What a card shows without its byline. One query."""
        return self.select_related("section", "lead_image__fallback").only(
            "headline",
            "standfirst",
            "kind",
            "path",
            "state",
            "published_at",
            "updated_at",
            "lead_alt",
            "lead_caption",
            "section__name",
            "section__path",
            "lead_image",
        )

    def with_open_notes(self) -> Self:
        """``open_notes``, the desk's notes that are not done, by their keys. One query more: a
        number in each row would be counted before the rows are sorted and cut."""
        rows = Note.objects.open().only("article")
        return self.prefetch_related(Prefetch("notes", queryset=rows, to_attr="open_notes"))

    def noted(self) -> Self:
        """Those with a note that is not done; found from the notes, which are few."""
        return self.filter(pk__in=Note.objects.filter(done_at=None).values("article"))

    def for_sitemap(self) -> Self:
        """Address, headline, times and lead image. One query."""
        return self.select_related("lead_image__fallback").only(
            "path", "headline", "published_at", "updated_at", "lead_image"
        )

    def with_bylines(self) -> Self:
        """Bylines with their authors, in order: one query more."""
        bylines = Byline.objects.select_related("author").order_by("order")
        return self.prefetch_related(Prefetch("bylines", queryset=bylines))

    def for_page(self) -> Self:
        """Everything of an article's own page in two queries: the row, and its bylines.

        ``tag_rows`` and ``correction_rows`` come as JSON in the row; read them with
        ``Article.topics`` and ``Article.notices``. Each byline has its author's links, as
        ``link_rows`` (label, url, order).
        """
        links = AuthorLink.objects.filter(author=OuterRef("author")).order_by()
        bylines = (
            Byline.objects.select_related("author__portrait__fallback")
            .annotate(
                link_rows=Subquery(
                    links.values(rows=JSONRows(label="label", url="url", order="order"))
                )
            )
            .order_by("order")
        )
        return (
            self.with_rows()
            .select_related("section", "lead_image__fallback", "body")
            .prefetch_related(Prefetch("bylines", queryset=bylines))
        )

    def for_feeds(self) -> Self:
        """Whole stories with tags, corrections and bylines. Two queries."""
        return (
            self.with_rows()
            .select_related("section", "lead_image__fallback", "body")
            .with_bylines()
        )

    def with_rows(self) -> Self:
        """Tags and corrections as JSON columns of the same query."""
        tags = TaggedArticle.objects.filter(content_object=OuterRef("pk")).order_by()
        corrections = Correction.objects.filter(article=OuterRef("pk")).order_by()
        return self.annotate(
            tag_rows=Subquery(
                tags.values(
                    rows=JSONRows(order="order", pk="tag_id", name="tag__name", slug="tag__slug")
                )
            ),
            correction_rows=Subquery(
                corrections.values(
                    rows=JSONRows(pk="pk", kind="kind", text="text", at="at", signed_by="signed_by")
                )
            ),
        )

    def delete(self) -> tuple[int, dict[str, int]]:
        once_public = set(self.exclude(state__in=UNPUBLISHED)[:10])
        if once_public:
            raise OncePublic(once_public)
        return super().delete()


def _beyond(cursor: str, side: str) -> Q:
    """The rows on one side of a cursor, as a condition that an index answers."""
    match = CURSOR.match(cursor)
    if not match:
        message = f"{cursor[:40]!r} is not a place in a list."
        raise BadCursor(message)
    *moment, pk = (int(part) for part in match.groups())
    try:
        at = datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError as error:
        message = f"{cursor[:40]!r} is not a time."
        raise BadCursor(message) from error
    return Q(**{f"published_at__{side}e": at}) & ~(
        Q(published_at=at) & Q(**{f"pk__{'gte' if side == 'lt' else 'lte'}": pk})
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _page(rows: Sequence["Article"], *, older: bool, newer: bool) -> Page:
    if (older or newer) and not rows:
        message = "Nothing lies beyond that place in the list."
        raise BadCursor(message)
    return Page(
        articles=list(rows),
        older=rows[-1].cursor if rows and older else "",
        newer=rows[0].cursor if rows and newer else "",
        is_first=not newer,
    )


def new_guid() -> str:
    """An identity that no address change touches (RFC 9562)."""
    return uuid4().urn


class Article(models.Model):  # type: ignore[django-manager-missing] # taggit is untyped
    """One story. Only ``articles.workflow`` changes ``state`` and ``published_at`` (law 2)."""

    guid = models.CharField(max_length=300, unique=True, default=new_guid, editable=False)
    path = models.CharField(max_length=500, unique=True, null=True, blank=True, editable=False)
    state = models.CharField(
        max_length=20, choices=State.choices, default=State.DRAFT, editable=False
    )
    step = models.ForeignKey(
        Step,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="articles",
        help_text="Where it waits while it is in review; empty in an outlet without steps.",
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When readers were last told of a change: an update or a correction, not a typo.",
    )
    embargo_until = models.DateTimeField(
        null=True, blank=True, help_text="Nothing publishes it before this moment."
    )

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.NEWS)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="articles")
    headline = models.CharField(max_length=250, blank=True)
    standfirst = models.TextField(
        blank=True, help_text="One or two sentences between the headline and the story."
    )
    slug = models.CharField(max_length=100, blank=True)
    dateline = models.CharField(max_length=80, blank=True, help_text="Where it was written.")
    lead_image = models.ForeignKey(
        Image, null=True, blank=True, on_delete=models.PROTECT, related_name="leads"
    )
    lead_waived = models.BooleanField(
        default=False, help_text="This story goes without a lead image on purpose."
    )
    lead_alt = models.CharField(max_length=500, blank=True)
    lead_caption = models.TextField(blank=True)

    authors = models.ManyToManyField(Author, through=Byline, related_name="articles")
    tags = TaggableManager(through=TaggedArticle, blank=True)

    version = models.PositiveIntegerField(default=0, editable=False)
    live = models.ForeignKey(
        Revision, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    head = models.ForeignKey(
        Revision, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="assigned_articles",
        help_text="Whose desk it is on.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="created_articles",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(
        auto_now=True, help_text="When anything about it changed at the desk."
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "-published_at", "-id"], name="article_latest"),
            models.Index(
                fields=["section", "state", "-published_at", "-id"], name="article_in_section"
            ),
            # The lists of the desk, which have the latest changed first.
            models.Index(fields=["-changed_at", "-id"], name="article_changed"),
            models.Index(fields=["state", "-changed_at", "-id"], name="article_in_state_changed"),
            models.Index(fields=["assignee", "-changed_at", "-id"], name="article_on_desk_changed"),
            models.Index(
                fields=["section", "-changed_at", "-id"], name="article_in_section_changed"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="article_state_is_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="article_kind_is_known"),
            models.CheckConstraint(
                condition=Q(step=None) | Q(state=State.IN_REVIEW),
                name="article_waits_at_a_step_in_review_only",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNPUBLISHED, published_at=None, path=None, live=None)
                | Q(
                    state__in=[State.PUBLISHED, State.WITHDRAWN],
                    published_at__isnull=False,
                    path__isnull=False,
                    live__isnull=False,
                ),
                name="article_has_time_path_and_live_once_published",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED)
                | Q(embargo_until=None)
                | Q(published_at__gte=F("embargo_until")),
                name="article_keeps_its_embargo",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | ~Q(headline=""),
                name="article_has_a_headline_when_published",
            ),
            models.CheckConstraint(
                condition=Q(path=None) | Q(path__startswith="/"), name="article_path_is_a_path"
            ),
        ]
        permissions = [
            ("change_any_article", "Can change articles of others, in every state"),
            ("submit_article", "Can submit an article for review"),
            ("approve_article", "Can approve an article or send it back"),
            ("publish_article", "Can publish and schedule"),
            ("withdraw_article", "Can withdraw what is public"),
            ("correct_article", "Can issue corrections"),
            ("skip_steps", "Can publish a story that has not passed every step"),
            ("break_embargo", "Can break an embargo"),
            ("share_article", "Can share what is not public by a link"),
            ("merge_tags", "Can merge topics"),
        ]

    def __str__(self) -> str:
        return self.headline or f"Untitled {self.pk or ''}".strip()

    def get_absolute_url(self) -> str | None:
        """The path once there is a publishing time; the admin shows "View on site" by it."""
        return self.path

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.state not in UNPUBLISHED:
            raise OncePublic({self})
        return super().delete(*args, **kwargs)

    # --- Facts ---------------------------------------------------------------------------------

    def is_public(self, *, now: datetime) -> bool:
        """Whether the public may see it (law 1); the twin of ``ArticleQuerySet.published``."""
        return (
            self.state == State.PUBLISHED
            and self.published_at is not None
            and self.published_at <= now
        )

    def is_scheduled(self, *, now: datetime) -> bool:
        """Published for later; the twin of ``ArticleQuerySet.scheduled``."""
        return (
            self.state == State.PUBLISHED
            and self.published_at is not None
            and self.published_at > now
        )

    @property
    def row_is_live(self) -> bool:
        """From publishing on the row holds what readers see, and edits go to the head (law 4)."""
        return self.state not in UNPUBLISHED

    @property
    def has_working_copy(self) -> bool:
        """Whether there are changes that readers do not see yet; the twin of
        ``ArticleQuerySet.with_working_copy``."""
        return self.row_is_live and self.live_id != self.head_id

    @property
    def stage(self) -> str:
        """Where it stands, in words, with the step at which it waits; needs ``step``."""
        label = str(State(self.state).label)
        return f"{label}: {self.step}" if self.step else label

    def steps_ahead(self, steps: Iterable[Step]) -> list[Step]:
        """Those of the outlet's steps, in order, that it has not passed: the one at which it waits,
        and what comes after; none once it is approved. Needs ``step``."""
        if self.state not in {State.DRAFT, State.IN_REVIEW}:
            return []
        return [one for one in steps if self.step is None or one.place >= self.step.place]

    def step_after(self, steps: Iterable[Step]) -> Step | None:
        """The step to which it goes on, if there is one; the twin of ``StepQuerySet.after``."""
        ahead = (one for one in steps if self.step is None or one.place > self.step.place)
        return next(ahead, None)

    @property
    def was_withdrawn(self) -> bool:
        return self.state == State.WITHDRAWN

    @property
    def modified_at(self) -> datetime | None:
        """When readers were last told of a change, else when it was published."""
        return self.updated_at or self.published_at

    @property
    def subject(self) -> str:
        return f"article:{self.pk}"

    @property
    def cursor(self) -> str:
        """Its place in a list by time."""
        if self.published_at is None:
            return ""
        return f"{self.published_at.astimezone(UTC):%Y%m%dT%H%M%S}-{self.pk}"

    @property
    def label(self) -> str:
        """What kind of story, in words, where the reader must be told; else empty."""
        return self.get_kind_display() if self.kind in LABELED else ""

    # --- Its picture (fetched by for_cards, for_page, for_feeds, for_sitemap) --------------------

    def lead_picture(self, *, now: datetime, sizes: str = "100vw") -> Picture | None:
        """The lead image as readers see it at a moment, with the words of this use before those of
        the library; after the end of its rights its fallback with its own words, or none."""
        shown = self.lead_image.shown(now=now) if self.lead_image else None
        if shown is None:
            return None
        if shown is not self.lead_image:
            return shown.picture(sizes=sizes)
        return shown.picture(alt=self.lead_alt, caption=self.lead_caption, sizes=sizes)

    @property
    def lead(self) -> Picture | None:
        """The lead image as a card shows it in this second."""
        return self.lead_picture(now=timezone.now())

    # --- Who, about what (fetched by for_cards, for_page, for_feeds) ----------------------------

    @property
    def writers(self) -> list[Author]:
        return [line.author for line in self.bylines.all() if line.role == Role.WRITER]

    @property
    def byline(self) -> str:
        """ "By A, B and C", or empty."""
        names = [author.name for author in self.writers]
        return f"By {join_names(names)}" if names else ""

    @property
    def topics(self) -> list[Tag]:
        """Its tags in order; needs ``with_rows``."""
        rows = sorted(self.tag_rows or [], key=lambda row: row["order"])  # type: ignore[attr-defined]
        return [Tag(pk=row["pk"], name=row["name"], slug=row["slug"]) for row in rows]

    @property
    def notices(self) -> list[Correction]:
        """Its corrections, latest first; needs ``with_rows``."""
        rows = self.correction_rows or []  # type: ignore[attr-defined]
        notices = [
            Correction(
                pk=row["pk"],
                kind=row["kind"],
                text=row["text"],
                at=_aware(row["at"]),
                signed_by=row["signed_by"],
            )
            for row in rows
        ]
        return sorted(notices, key=lambda notice: (notice.at, notice.pk), reverse=True)


def _aware(text: str) -> datetime:
    """A time as the database wrote it into JSON; SQLite stores UTC without saying so."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def articles_at(asked: Collection[str], owner: str) -> dict[str, str]:
    """Says which article has a path, unless it is the owner. For ``redirects.paths``."""
    return {
        str(article.path): f"{article.path} is the story “{article}”. Choose another address."
        for article in Article.objects.filter(path__in=asked).only("path", "headline")
        if article.subject != owner
    }
