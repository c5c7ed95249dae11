"""The buttons of the form: which one a user sees, and which verbs each of them calls.

One POST keeps what was typed and then does the verb, in one transaction of the caller: a verb
that refuses leaves nothing half done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import permissions, snapshot, workflow
from articles.admin.differences import LABELS as LABELS_OF_FIELDS
from articles.admin.form import ArticleForm
from articles.admin.standing import moment
from articles.models import Article, CorrectionKind, RevisionKind, Step
from articles.models.byline import join_names


@dataclass(frozen=True)
class Deed:
    """Something a button asks for. ``field`` is where its refusal is shown on the form."""

    name: str
    verb: str
    do: Callable[[Article, ArticleForm, Any], Article]
    field: str = ""
    #: Whether what was typed is kept before the verb is done.
    keeps: bool = True


@dataclass(frozen=True)
class Button:
    """A deed as this story and this user have it."""

    name: str
    label: str


class NotSaid(workflow.Refused):
    """The form does not say what the button needs."""


# --- What each one does ----------------------------------------------------------------------


def keep(article: Article | None, form: ArticleForm, by: Any) -> Article:
    """What was typed: the content, and where the story stands if that was changed."""
    if article is None:
        assignee = form.cleaned_data["assignee"] if form.moved("assignee") else None
        article = workflow.create(form.content(), by=by, assignee=assignee)
    else:
        article = workflow.save(article, form.content(), by=by, **_saying(form))
    return _place(article, form, by)


def keep_beside_others(
    article: Article, form: ArticleForm, by: Any
) -> tuple[Article, workflow.Merged | None]:
    """As ``keep``, and what others saved meanwhile in other fields stays; it says what that is."""
    article, merged = workflow.save_beside_others(article, form.content(), by=by, **_saying(form))
    return _place(article, form, by), merged


def _saying(form: ArticleForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "base_version": data["base_version"],
        "kind": RevisionKind(data.get("change_kind") or RevisionKind.EDIT),
        "note": data.get("note", ""),
    }


def _place(article: Article, form: ArticleForm, by: Any) -> Article:
    data = form.cleaned_data
    if form.moved("assignee"):
        article = workflow.assign(article, data["assignee"], by=by)
    if form.moved("embargo_until"):
        reason = data.get("embargo_reason", "")
        article = workflow.set_embargo(article, data["embargo_until"], by=by, reason=reason)
    return article


def _stay(article: Article, form: ArticleForm, by: Any) -> Article:
    return article


def _submit(article: Article, form: ArticleForm, by: Any) -> Article:
    return workflow.submit(article, by=by, note=form.cleaned_data["note"])


def _send_back(article: Article, form: ArticleForm, by: Any) -> Article:
    return workflow.send_back(article, by=by, note=form.cleaned_data["note"])


def _approve(article: Article, form: ArticleForm, by: Any) -> Article:
    data = form.cleaned_data
    return workflow.approve(article, by=by, note=data["note"], at=data.get("at_step"))


def _publish(article: Article, form: ArticleForm, by: Any) -> Article:
    return workflow.publish(article, by=by)


def _schedule(article: Article, form: ArticleForm, by: Any) -> Article:
    at = form.cleaned_data.get("publish_at")
    if at is None:
        message = "Say when it comes out: date and time."
        raise NotSaid(message)
    if at <= timezone.now():
        message = "That time has passed. Choose a later one, or publish now."
        raise NotSaid(message)
    return workflow.publish(article, by=by, at=at)


def _withdraw(article: Article, form: ArticleForm, by: Any) -> Article:
    return workflow.withdraw(article, by=by, reason=form.cleaned_data.get("reason", ""))


def _discard(article: Article, form: ArticleForm, by: Any) -> Article:
    same_version(article, form)
    return workflow.discard(article, by=by)


def _correct(article: Article, form: ArticleForm, by: Any) -> Article:
    """The notice, and the corrected story with it when the form says something else."""
    same_version(article, form)
    data = form.cleaned_data
    content = None
    if form.may_change:
        article = _place(article, form, by)
        typed = snapshot.normalize(form.content())
        content = typed if snapshot.changed(snapshot.head(article), typed) else None
    workflow.correct(
        article,
        by=by,
        text=data.get("correction_text", ""),
        kind=CorrectionKind(data.get("correction_kind") or CorrectionKind.CORRECTION),
        content=content,
    )
    return article


def same_version(article: Article, form: ArticleForm) -> None:
    """Conflict when somebody saved since the form was opened. The caller holds the row lock."""
    if article.version != form.cleaned_data["base_version"]:
        raise workflow.Conflict(article)


#: In the order of the buttons.
DEEDS = {
    deed.name: deed
    for deed in (
        Deed("_save", "change", _stay),
        Deed("_submit", "submit", _submit),
        Deed("_approve", "approve", _approve),
        Deed("_publish", "publish", _publish),
        Deed("_schedule", "publish", _schedule, field="publish_at"),
        Deed("_send_back", "send_back", _send_back, field="note"),
        Deed("_correct", "correct", _correct, field="correction_text", keeps=False),
        Deed("_withdraw", "withdraw", _withdraw, field="reason"),
        Deed("_discard", "discard", _discard, keeps=False),
    )
}
#: What can be done with a story that is only just written.
AT_ONCE = ("_save", "_submit", "_publish", "_schedule")


def asked(data: Any) -> Deed:
    """The deed of the button that was pressed; Enter in a field saves."""
    return next((deed for name, deed in DEEDS.items() if name in data), DEEDS["_save"])


def perform(
    deed: Deed, article: Article | None, form: ArticleForm, *, by: Any
) -> tuple[Article, workflow.Merged | None]:
    """Keep what was typed, then the verb. Refused, and ValidationError of a topic, say why not.

    Only saving takes in what others wrote without asking: nobody publishes, approves or submits
    words that were not on the form.
    """
    if article and form.may_change and deed.name == "_save":
        return keep_beside_others(article, form, by)
    if form.may_change and deed.keeps:
        article = keep(article, form, by)
    if article is None:
        message = "Write the story first."
        raise NotSaid(message)
    if not form.may_change:
        same_version(article, form)
    return deed.do(article, form, by), None


# --- Which ones there are --------------------------------------------------------------------


def buttons(user: Any, article: Article | None) -> dict[str, Button]:
    """The buttons that the user has for the story as it stands, by name."""
    found = {
        deed.name: Button(deed.name, label)
        for deed in DEEDS.values()
        if permissions.may(user, deed.verb, article)
        and (label := _label(deed.name, article, permissions.steps(user)))
    }
    if article is None:
        at_once = [name for name in AT_ONCE if _is_open(name, user)]
        found = {name: found[name] for name in at_once if name in found}
        if permissions.may(user, "add"):
            found = {"_save": Button("_save", "Save draft"), **found}
    return found


def skipped(user: Any, article: Article | None) -> str:
    """The steps that publishing now would leave out, as a sentence has them; empty for none."""
    steps = permissions.steps(user)
    ahead = article.steps_ahead(steps) if article else steps
    return join_names([step.name for step in ahead])


def _is_open(name: str, user: Any) -> bool:
    """Whether no step stands between a story that is only just written and the deed."""
    return DEEDS[name].verb != "publish" or permissions.may_publish_at_once(user)


def _label(name: str, article: Article | None, steps: list[Step]) -> str:
    """What the button says, or nothing where it has no meaning."""
    now = timezone.now()
    following = article.step_after(steps) if article else next(iter(steps), None)
    is_out = bool(article and article.is_public(now=now))
    withdrawn = bool(article and article.was_withdrawn)
    is_scheduled = bool(article and article.is_scheduled(now=now))
    match name:
        case "_submit" if following:
            return f"Submit to {following}"
        case "_approve" if following:
            return f"Pass to {following}"
        case "_publish" if is_out:
            return "Publish changes"
        case "_publish" if withdrawn:
            return "Publish again"
        case "_schedule":
            return "" if is_out or withdrawn else "Reschedule" if is_scheduled else "Schedule"
        case "_withdraw":
            return "Withdraw" if is_out else "Take off the schedule"
        case "_correct":
            return "Publish the correction" if is_out else ""
        case "_discard":
            return "Discard changes" if article and article.has_working_copy else ""
    return LABELS[name]


LABELS = {
    "_save": "Save",
    "_submit": "Submit for review",
    "_approve": "Approve",
    "_publish": "Publish now",
    "_send_back": "Send back",
}


# --- What is said afterwards -----------------------------------------------------------------


def done(deed: Deed, article: Article, merged: workflow.Merged | None = None) -> str | SafeString:
    """The sentence for the editor when it has happened."""
    link = format_html('<a href="{}">{}</a>', article.path or "", article.path or "")
    now = timezone.now()
    match deed.name:
        case "_submit" if article.step:
            return f"Submitted: it waits at {article.step}."
        case "_approve" if article.step:
            return f"Passed on: it waits at {article.step}."
        case "_submit":
            return "Submitted for review."
        case "_send_back":
            return "Sent back as a draft, with your note."
        case "_approve":
            return "Approved."
        case "_publish" | "_schedule" if article.is_scheduled(now=now):
            return format_html(
                "Scheduled: it comes out on {} at {}.", moment(article.published_at), article.path
            )
        case "_publish" | "_schedule":
            return format_html("Published: {}", link)
        case "_withdraw" if article.was_withdrawn:
            return format_html("Withdrawn: {} says that the story is gone.", link)
        case "_withdraw":
            return "Taken off the schedule. It is approved and waits."
        case "_correct":
            return format_html("The correction is out: {}", link)
        case "_discard":
            return "The changes are discarded; the history keeps them."
    readers = "Readers see the changes when you publish them." if article.has_working_copy else ""
    return " ".join(["Saved.", *_told(merged), readers]).strip()


def _told(merged: workflow.Merged | None) -> list[str]:
    """What the save took in of others' work, in the desk's names for the fields."""
    if merged is None:
        return []
    fields = ", ".join(LABELS_OF_FIELDS[name] for name in LABELS_OF_FIELDS if name in merged.fields)
    return [f"Merged with what {join_names(merged.by)} saved meanwhile: {fields}."]


def sentences(refusal: Exception) -> list[str]:
    """What a refusal says."""
    if isinstance(refusal, workflow.NotReady):
        return ["This story is not ready."]
    if isinstance(refusal, ValidationError):
        return refusal.messages
    return [str(refusal)]
