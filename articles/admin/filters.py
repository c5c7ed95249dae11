"""The questions that the list of stories answers."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles import permissions
from articles.models import Article, ArticleQuerySet, Kind, State
from newsroom.publication import masthead
from sections import navigation
from sections.navigation import Node

Choices = Iterable[tuple[str, str]]
Rows = QuerySet[Article]


class Question(admin.SimpleListFilter):
    """A filter whose answers come from a closed list; any other is no answer."""

    template = "admin/articles/article/question.html"

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows | None:
        value = self.value()
        if value is None or value not in {str(key) for key, _ in self.lookup_choices}:
            return queryset
        return self.answer(queryset, value, request)  # type: ignore[arg-type]

    def answer(self, rows: ArticleQuerySet, value: str, request: HttpRequest) -> Rows:
        raise NotImplementedError


class WhoseDesk(Question):
    title = "Whose desk is it on?"
    parameter_name = "desk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("mine", "Mine"), ("nobody", "Nobody’s")]

    def answer(self, rows: ArticleQuerySet, value: str, request: HttpRequest) -> Rows:
        return rows.on_desk_of(request.user.pk if value == "mine" else None)


class WhereItStands(Question):
    title = "Where does it stand?"
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        self.steps = {f"step-{one.pk}": one for one in permissions.steps(request.user)}
        return [
            (str(State.DRAFT), str(State.DRAFT.label)),
            (str(State.IN_REVIEW), str(State.IN_REVIEW.label)),
            *((key, f"\u2003{step}") for key, step in self.steps.items()),
            (str(State.APPROVED), str(State.APPROVED.label)),
            ("scheduled", "Scheduled"),
            ("out", State.PUBLISHED.label),
            ("gone", State.WITHDRAWN.label),
        ]

    def answer(self, rows: ArticleQuerySet, value: str, request: HttpRequest) -> Rows:
        now = timezone.now()
        if value in self.steps:
            return rows.at_step(self.steps[value].pk)
        match value:
            case "scheduled":
                return rows.scheduled(now=now)
            case "out":
                return rows.published(now=now)
            case "gone":
                return rows.withdrawn()
        return rows.in_state(value)


class UnpublishedChanges(Question):
    title = "Are there unpublished changes?"
    parameter_name = "changes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("yes", "Yes")]

    def answer(self, rows: ArticleQuerySet, value: str, request: HttpRequest) -> Rows:
        """Twin of ``Article.has_working_copy``: only what was given out has a live revision."""
        return rows.filter(live__isnull=False).exclude(live=F("head"))


class WhichSection(Question):
    title = "In which section?"
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        self.tree = navigation.tree(masthead.of_request(request))
        return [
            (str(node.pk), "\u2003" * (len(node.trail) - 1) + node.name)
            for root in self.tree.roots
            for node in _walk(root)
        ]

    def answer(self, rows: ArticleQuerySet, value: str, request: HttpRequest) -> Rows:
        return rows.in_sections(self.tree.family_pks(int(value)))


def _walk(node: Node) -> Iterable[Node]:
    return node.family()


class WhatKind(Question):
    title = "What kind of story?"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(value, str(label)) for value, label in Kind.choices]

    def answer(self, rows: ArticleQuerySet, value: str, request: HttpRequest) -> Rows:
        return rows.filter(kind=value)


class LeadMissing(Question):
    title = "Is a lead image missing?"
    parameter_name = "lead"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("missing", "Yes")]

    def answer(self, rows: ArticleQuerySet, value: str, request: HttpRequest) -> Rows:
        return rows.filter(lead_image=None, lead_waived=False)


class OpenNotes(Question):
    title = "Are there open notes?"
    parameter_name = "notes"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [("open", "Yes")]

    def answer(self, rows: ArticleQuerySet, value: str, request: HttpRequest) -> Rows:
        return rows.noted()


class WhenOut(Question):
    """Days of the publication's zone; scheduled stories count on their day. Years open into months,
    and these into days."""

    title = "When does it come out?"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        self.spans = _named_days(timezone.localdate())
        asked = self.value() or ""
        return [*((key, words) for key, (words, *_) in self.spans.items()), *self._years(asked)]

    def _years(self, asked: str) -> Choices:
        """The years of the archive, newest first; of the one asked for the months, and so on."""
        first, last = Article.objects.in_state(State.PUBLISHED).first_and_last()
        if first is None or last is None:
            return
        for year in range(last.year, first.year - 1, -1):
            yield self._span(str(year), str(year), date(year, 1, 1), date(year, 12, 31))
            if asked[:4] == str(year):
                yield from self._months(year, asked)

    def _months(self, year: int, asked: str) -> Choices:
        for month in range(1, 13):
            first = date(year, month, 1)
            last = date(year, month, monthrange(year, month)[1])
            yield self._span(f"{first:%Y-%m}", f"\u2003{first:%B}", first, last)
            if asked[:7] == f"{first:%Y-%m}":
                for day in (first + timedelta(days=one) for one in range(last.day)):
                    yield self._span(str(day), f"\u2003\u2003{day:%a %-d}", day, day)

    def _span(self, key: str, words: str, first: date, last: date) -> tuple[str, str]:
        self.spans[key] = (words, first, last)
        return key, words

    def answer(self, rows: ArticleQuerySet, value: str, request: HttpRequest) -> Rows:
        _, first, last = self.spans[value]
        return rows.on_days(first, last)


def _named_days(today: date) -> dict[str, tuple[str, date, date]]:
    """What is asked for most, with its first and last day."""
    day = timedelta(days=1)
    return {
        "today": ("Today", today, today),
        "yesterday": ("Yesterday", today - day, today - day),
        "tomorrow": ("Tomorrow", today + day, today + day),
        "week": ("In the last 7 days", today - 6 * day, today),
        "month": ("This month", today.replace(day=1), today),
    }
