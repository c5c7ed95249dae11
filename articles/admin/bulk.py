"""Many stories at once from the list: each by its own verb, in a transaction of its own.

A page names the stories first and says for each whether it may be done. Whatever it said, the verb
decides; a story that somebody has changed since is left as it is, and that is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from articles import permissions, snapshot, workflow
from articles.admin.fields import Moment, SectionField, TopicsField
from articles.admin.form import colleagues
from articles.admin.standing import Standing, moment, standing
from articles.models import Article, ArticleQuerySet, RevisionKind
from sections.models import Section

#: Stories that can be chosen at once: more than a page of the list, and done within a request.
MOST = 100

Said = dict[str, Any]


class Ask(forms.Form):
    """What a deed has to be told, once for all stories."""

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data, label_suffix="")
        self.user = user


class AssignForm(Ask):
    assignee: forms.ModelChoiceField = forms.ModelChoiceField(
        label="On the desk of", queryset=None, required=False, empty_label="Nobody"
    )

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data, user=user)
        self.fields["assignee"].queryset = colleagues(None)  # type: ignore[attr-defined]


class TagForm(Ask):
    add = TopicsField(
        label="Topics to add",
        required=False,
        max_length=4000,
        help_text="Names with commas between; they come after those that a story has.",
    )
    remove = TopicsField(label="Topics to take away", required=False, max_length=4000)

    def clean_remove(self) -> list[dict[str, Any]]:
        unknown = [tag["label"] for tag in self.cleaned_data["remove"] if not tag["id"]]
        if unknown:
            message = f"No topic is called “{unknown[0]}”."
            raise ValidationError(message)
        removed: list[dict[str, Any]] = self.cleaned_data["remove"]
        return removed

    def clean(self) -> None:
        if not self.errors and not (self.cleaned_data["add"] or self.cleaned_data["remove"]):
            message = "Name a topic to add, or one to take away."
            raise ValidationError(message)


class MoveForm(Ask):
    section = SectionField(
        label="To the section",
        queryset=Section.objects.none(),
        empty_label="Choose a section",
        error_messages={"required": "Choose the section that the stories go to."},
    )

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data, user=user)
        within = permissions.sections(user, "change").order_by("path")
        self.fields["section"].queryset = within  # type: ignore[attr-defined]


class ScheduleForm(Ask):
    at = Moment(
        label="When they come out",
        error_messages={"required": "Say when they come out: date and time."},
    )

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data, user=user)
        self.fields["at"].help_text = f"All at this second, in {timezone.get_current_timezone()}."

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            message = "That time has passed. Choose a later one."
            raise ValidationError(message)
        return at


class WithdrawForm(Ask):
    reason = forms.CharField(
        label="Why they are taken off",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It goes into the audit of each; readers do not see it.",
        error_messages={"required": "Give a reason for withdrawing; it goes into the audit."},
    )


# --- What is done to one story ----------------------------------------------------------------


def _assign(article: Article, said: Said, by: Any) -> str:
    workflow.assign(article, said["assignee"], by=by)
    return f"is on the desk of {said['assignee'] or 'nobody'} now."


def _tag(article: Article, said: Said, by: Any) -> str:
    content = snapshot.current(snapshot.head(article))[0]
    away = {tag["id"] for tag in said["remove"]}
    kept = [tag for tag in content["tags"] if tag["id"] not in away]
    return _save(article, {**content, "tags": kept + said["add"]}, "has these topics", by)


def _move(article: Article, said: Said, by: Any) -> str:
    content = snapshot.current(snapshot.head(article))[0]
    moved = {**content, "section": snapshot.reference(said["section"])}
    return _save(article, moved, f"is in {said['section']}", by)


def _save(article: Article, content: snapshot.Snapshot, words: str, by: Any) -> str:
    """Kept as what readers need not be told of: where a story is filed is no news."""
    before = article.version
    kind = RevisionKind.TYPO if article.row_is_live else RevisionKind.EDIT
    saved = workflow.save(article, content, by=by, base_version=before, kind=kind)
    if saved.version == before:
        return f"{words} already."
    if saved.has_working_copy:
        return f"{words} now; readers see it when the changes are published."
    return f"{words} now."


def _schedule(article: Article, said: Said, by: Any) -> str:
    done = workflow.publish(article, by=by, at=said["at"], base_version=article.version)
    return f"comes out on {moment(done.published_at)} at {done.path}."


def _withdraw(article: Article, said: Said, by: Any) -> str:
    done = workflow.withdraw(article, by=by, reason=said["reason"])
    if done.was_withdrawn:
        return f"is withdrawn: {done.path} says that it is gone."
    return "is off the schedule; it is approved and waits."


@dataclass(frozen=True)
class Bulk:
    """A deed for many: ``verb`` is what the user must be allowed, ``help`` is said before it."""

    name: str
    verb: str
    title: str
    button: str
    help: str
    form: type[Ask]
    do: Callable[[Article, Said, Any], str]


DEEDS = {
    deed.name: deed
    for deed in (
        Bulk(
            "bulk_assign", "change", "Put stories on a desk", "Put them there",
            "Whoever gets them finds the drafts on the first page of the desk.",
            AssignForm, _assign,
        ),
        Bulk(
            "bulk_tag", "change", "Add or take away topics", "Change the topics",
            "In what is published the topics change when the changes of the story are published.",
            TagForm, _tag,
        ),
        Bulk(
            "bulk_move", "change", "Move stories to a section", "Move them",
            "What is published moves when the changes of the story are published; its address stays.",
            MoveForm, _move,
        ),
        Bulk(
            "bulk_schedule", "publish", "Schedule stories", "Schedule them",
            "Each comes out at this second as it is saved now.",
            ScheduleForm, _schedule,
        ),
        Bulk(
            "bulk_withdraw", "withdraw", "Withdraw stories", "Withdraw them",
            "What is public is gone for readers at once, and its address says so; what is scheduled"
            " goes back to the approved stories.",
            WithdrawForm, _withdraw,
        ),
    )
}  # fmt: skip


# --- The page, and what comes of it -----------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A story on the page: ``hindrances`` are sentences, none where it may be done; ``remark`` is
    what the choice of a time must mind; ``seen`` is what the page says of the story."""

    article: Article
    standing: Standing
    hindrances: list[str]
    remark: str
    seen: str


class ManyAtOnce(admin.ModelAdmin):
    """The actions of the list that ask before they do something."""

    @admin.action(description="Put on a desk …", permissions=["change"])
    def bulk_assign(self, request: HttpRequest, queryset: QuerySet[Article]) -> Any:
        return self._ask(request, queryset, DEEDS["bulk_assign"])

    @admin.action(description="Add or take away topics …", permissions=["change"])
    def bulk_tag(self, request: HttpRequest, queryset: QuerySet[Article]) -> Any:
        return self._ask(request, queryset, DEEDS["bulk_tag"])

    @admin.action(description="Move to a section …", permissions=["change"])
    def bulk_move(self, request: HttpRequest, queryset: QuerySet[Article]) -> Any:
        return self._ask(request, queryset, DEEDS["bulk_move"])

    @admin.action(description="Schedule …", permissions=["publish"])
    def bulk_schedule(self, request: HttpRequest, queryset: QuerySet[Article]) -> Any:
        return self._ask(request, queryset, DEEDS["bulk_schedule"])

    @admin.action(description="Withdraw …", permissions=["withdraw"])
    def bulk_withdraw(self, request: HttpRequest, queryset: QuerySet[Article]) -> Any:
        return self._ask(request, queryset, DEEDS["bulk_withdraw"])

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, "publish")

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, "withdraw")

    def _ask(
        self, request: HttpRequest, queryset: QuerySet[Article], deed: Bulk
    ) -> HttpResponse | None:
        """The page with its question; once that is answered the deeds, and back to the list."""
        rows: ArticleQuerySet = queryset  # type: ignore[assignment]
        articles = list(rows.select_related("section", "head", "live", "step")[: MOST + 1])
        if len(articles) > MOST:
            self.message_user(request, f"Choose {MOST} stories at most.", messages.ERROR)
            return None
        form = deed.form(request.POST if "confirm" in request.POST else None, user=request.user)
        if not form.is_valid():
            return self._question(request, articles, deed, form)
        self._tell_of_lost(request, articles)
        for article in articles:
            self._one(request, article, deed, form.cleaned_data)
        filters = request.POST.get("filters", "")
        return HttpResponseRedirect(f"{_list()}?{filters}" if filters else _list())

    def _question(
        self, request: HttpRequest, articles: list[Article], deed: Bulk, form: Ask
    ) -> HttpResponse:
        lines = [_line(article, deed, request.user) for article in articles]
        context = {
            **self.admin_site.each_context(request),
            "title": deed.title,
            "opts": self.opts,
            "deed": deed,
            "form": form,
            "lines": lines,
            "ready": sum(not line.hindrances for line in lines),
            "checkbox": ACTION_CHECKBOX_NAME,
            "filters": request.POST.get("filters", request.GET.urlencode()),
            "list_url": _list(),
            "media": self.media,
            "is_nav_sidebar_enabled": False,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/article/bulk.html", context)

    def _tell_of_lost(self, request: HttpRequest, articles: list[Article]) -> None:
        lost = len(set(request.POST.getlist(ACTION_CHECKBOX_NAME))) - len(articles)
        if lost > 0:
            what = "1 story is" if lost == 1 else f"{lost} stories are"
            sentence = f"{what} not there any more, so nothing was done about it."
            self.message_user(request, sentence, messages.WARNING)

    def _one(self, request: HttpRequest, article: Article, deed: Bulk, said: Said) -> None:
        """The deed for one story, wholly or not at all, and the sentence about it."""
        try:
            with transaction.atomic():
                held = _held(article, seen=request.POST.get(f"seen-{article.pk}", ""))
                outcome = deed.do(held, said, request.user)
        except (workflow.Refused, snapshot.Unreadable) as refused:
            self.message_user(request, f"“{article}”: {refused}", messages.ERROR)
        except ValidationError as refused:
            sentence = " ".join(refused.messages)
            self.message_user(request, f"“{article}”: {sentence}", messages.ERROR)
        else:
            self.message_user(request, f"“{article}” {outcome}", messages.SUCCESS)


def _list() -> str:
    return reverse("admin:articles_article_changelist")


def _held(article: Article, *, seen: str) -> Article:
    """The row as it is now, held until the transaction ends. Refused where it is not as it was
    on the page."""
    row = Article.objects.select_for_update().filter(pk=article.pk).first()
    if row is None:
        message = "This story does not exist any more."
        raise workflow.Refused(message)
    if _seen(row) != seen:
        where = standing(row, now=timezone.now()).words.lower()
        message = (
            "somebody has changed it since you chose it, so nothing was done. It is"
            f" {where} now: look at it and choose it again."
        )
        raise workflow.Refused(message)
    return row


def _seen(article: Article) -> str:
    """The version and where it stands: a scheduled story may have come out meanwhile."""
    stands = standing(article, now=timezone.now())
    return f"{article.version} {stands.name} {article.published_at or ''}"


def _line(article: Article, deed: Bulk, user: Any) -> Line:
    now, remark = timezone.now(), ""
    if deed.verb != "publish":
        against = [workflow.refusal(user, deed.verb, article)]
    else:
        against = workflow.against_scheduling(article, by=user)
        if article.embargo_until and article.embargo_until > now:
            remark = f"There is an embargo: not before {moment(article.embargo_until)}."
    return Line(
        article=article,
        standing=standing(article, now=now),
        hindrances=[sentence for sentence in against if sentence],
        remark=remark,
        seen=_seen(article),
    )
