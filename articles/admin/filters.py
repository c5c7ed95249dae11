"""The questions that the list of stories answers."""

from collections.abc import Iterable
from datetime import timedelta
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
    """Days of the publication's zone; scheduled stories count on their day."""

    title = "When does it come out?"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [
            ("today", "Today"),
            ("yesterday", "Yesterday"),
            ("tomorrow", "Tomorrow"),
            ("week", "In the last 7 days"),
            ("month", "This month"),
        ]

    def answer(self, rows: ArticleQuerySet, value: str, request: HttpRequest) -> Rows:
        today = timezone.localdate()
        spans = {
            "today": (today, today),
            "yesterday": (today - timedelta(days=1), today - timedelta(days=1)),
            "tomorrow": (today + timedelta(days=1), today + timedelta(days=1)),
            "week": (today - timedelta(days=6), today),
            "month": (today.replace(day=1), today),
        }
        first, last = spans[value]
        return rows.on_days(first, last)
