"""The one form of a story (law 5): what an editor may change, and what the buttons ask for.

Its cleaned data is the snapshot; nothing is required but the section. What publishing needs is
asked by ``articles.checklist``, what may happen by the verbs.
"""

from typing import Any, Self

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import slugify

from articles import permissions, snapshot
from articles.admin.editor import BodyField, ImageChooser
from articles.admin.fields import (
    BylinesField,
    BylinesWidget,
    Moment,
    SectionField,
    TopicsField,
    TopicsWidget,
    rows_of,
)
from articles.models import Article, CorrectionKind, Kind, Part, RevisionKind
from articles.models.note import LONGEST
from articles.models.revision import Snapshot
from newsroom.images.models import Image
from sections.models import Section

#: The fields that make the snapshot.
CONTENT = (*snapshot.TEXTS, "section", "body", "lead_image", "lead_waived", "bylines", "tags")
#: Where the story stands; only what was changed on the form is taken (show_hidden_initial).
PLACE = ("embargo_until", "assignee")

CHANGE_KINDS = [
    (RevisionKind.UPDATE.value, "An update: tell readers"),
    (RevisionKind.TYPO.value, "A typo only: tell nobody"),
]


class ArticleForm(forms.Form):
    """Content, place and what the verbs ask for.

    ``article`` is None for a story that is being begun; ``may_change`` says whether the user may
    write, else only what verbs ask for is on the form.
    """

    section = SectionField(
        queryset=Section.objects.order_by("path"),
        empty_label="Choose a section",
        error_messages={"required": "Choose the section that the story belongs to."},
    )
    kind = forms.ChoiceField(choices=Kind.choices, required=False)
    headline = forms.CharField(
        max_length=250, required=False, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 250})
    )
    standfirst = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences that say why it matters.",
    )
    dateline = forms.CharField(
        max_length=80, required=False, help_text="Where it was written, if that matters."
    )
    body = BodyField(label="Story", required=False)
    slug = forms.CharField(
        max_length=100,
        required=False,
        help_text="The last part of the address. Empty: made from the headline.",
    )
    lead_image = forms.ModelChoiceField(
        queryset=Image.objects.all(),
        required=False,
        widget=ImageChooser,
        error_messages={
            "invalid_choice": "That picture is not in the library any more. Choose another."
        },
    )
    lead_waived = forms.BooleanField(label="This story goes without one", required=False)
    lead_alt = forms.CharField(
        label="Alternative text",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only to say it differently from the library.",
    )
    lead_caption = forms.CharField(
        label="Caption",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only to say it differently from the library.",
    )
    bylines = BylinesField(required=False)
    tags = TopicsField(
        label="Topics",
        max_length=4000,
        required=False,
        help_text="Names with commas between; a new name becomes a new topic.",
    )
    assignee: forms.ModelChoiceField = forms.ModelChoiceField(
        label="On the desk of",
        queryset=None,
        required=False,
        empty_label="Nobody",
        show_hidden_initial=True,
    )
    embargo_until = Moment(
        required=False, show_hidden_initial=True, help_text="Nothing publishes it before this."
    )
    embargo_reason = forms.CharField(
        label="Why the embargo is lifted",
        required=False,
        help_text="Needed when the embargo ends earlier than agreed. It goes into the audit.",
    )
    publish_at = Moment(label="When it comes out", required=False)
    change_kind = forms.ChoiceField(
        label="What the change is", choices=CHANGE_KINDS, required=False
    )
    note = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the history, and for whoever gets the story next.",
    )
    reason = forms.CharField(
        label="Why it is taken off",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It goes into the audit; readers do not see it.",
    )
    correction_kind = forms.ChoiceField(
        label="Kind of notice", choices=CorrectionKind.choices, required=False
    )
    correction_text = forms.CharField(
        label="What was wrong and what is right",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Readers see it on the story and on the corrections page.",
    )
    base_version = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        error_messages={
            "required": "The form is not complete, so nothing was saved. Reload the page.",
            "invalid": "The form is not complete, so nothing was saved. Reload the page.",
        },
    )
    #: A note of the desk that is being written; its own buttons and every other one add it.
    remark = forms.CharField(
        label="New note",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    remark_on = forms.ChoiceField(
        label="About", choices=[("", "The whole story"), *Part.choices], required=False
    )
    #: The step at which the story waited when the form was shown.
    at_step = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: Any,
        article: Article | None,
        before: Snapshot | None,
        may_change: bool = True,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.user, self.article, self.before = user, article, before
        self.may_change = may_change
        self._keep_what_applies()
        self.omitted = {
            name
            for name in CONTENT
            if data is not None
            and name in self.fields
            and self.fields[name].widget.value_omitted_from_data(data, {}, name)
        }
        zone = timezone.get_current_timezone_name()
        for name in {"embargo_until", "publish_at"} & self.fields.keys():
            self.fields[name].help_text = f"{self.fields[name].help_text} In {zone}.".strip()
        if "section" in self.fields:
            self.fields["section"].queryset = _sections(user, article)  # type: ignore[attr-defined]
        if "assignee" in self.fields:
            self.fields["assignee"].queryset = colleagues(article)  # type: ignore[attr-defined]

    def _keep_what_applies(self) -> None:
        article, user = self.article, self.user
        now = timezone.now()
        was_public = bool(article and (article.was_withdrawn or article.is_public(now=now)))
        applies = {
            "base_version": article is not None,
            "at_step": bool(article and article.step_id),
            **dict.fromkeys(
                ("remark", "remark_on"), bool(article) and permissions.may(user, "note", article)
            ),
            "change_kind": bool(article and article.row_is_live),
            "publish_at": permissions.may(user, "publish", article) and not was_public,
            "reason": bool(article) and permissions.may(user, "withdraw", article),
            "embargo_reason": bool(article and _held(article))
            and permissions.may(user, "break_embargo", article),
            **dict.fromkeys(
                ("correction_kind", "correction_text"),
                bool(article and article.is_public(now=now))
                and permissions.may(user, "correct", article),
            ),
        }
        if not self.may_change:
            applies |= dict.fromkeys((*CONTENT, *PLACE, "change_kind", "embargo_reason"), False)
        for name, is_kept in applies.items():
            if not is_kept:
                del self.fields[name]

    # --- Cleaning -----------------------------------------------------------------------------

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Kind.NEWS.value

    def clean_tags(self) -> list[dict[str, Any]]:
        """New names by permission only; the verb holds to that, too."""
        tags: list[dict[str, Any]] = self.cleaned_data["tags"]
        new = [f"“{tag['label']}”" for tag in tags if tag["id"] is None]
        if new and not permissions.may_name_topics(self.user):
            message = f"No topic yet: {', '.join(new)}. Choose one that is there, or ask an editor for it."
            raise ValidationError(message)
        return tags

    def clean_headline(self) -> str:
        """One line, whatever was pasted."""
        return " ".join(self.cleaned_data["headline"].split())

    def clean_slug(self) -> str:
        """The slug as it was, or in the alphabet of addresses."""
        typed: str = self.cleaned_data["slug"].strip("/ ")
        if not typed or (self.before and typed == self.before["slug"]):
            return typed
        slug = slugify(typed)
        if not slug:
            message = "Use letters without accents, digits and hyphens, such as ferry-returns."
            raise ValidationError(message)
        return slug

    def content(self) -> Snapshot:
        """What was typed as a snapshot; a field that was not posted at all stays as it was.

        Only after ``is_valid()``, or with the fields that are not clean left as they were.
        """
        before = self.before or snapshot.blank(self.cleaned_data["section"])
        typed = {
            name: self.cleaned_data[name]
            for name in CONTENT
            if name in self.cleaned_data and name not in self.omitted
        }
        for name in ("section", "lead_image"):
            if name in typed:
                typed[name] = snapshot.reference(typed[name])
        return {**before, **typed}

    def moved(self, name: str) -> bool:
        """Whether the editor changed where the story stands; what was not shown was not changed."""
        return name in self.fields and name in self.changed_data

    # --- Saying no ----------------------------------------------------------------------------

    def replaced(self, values: Snapshot, *, base_version: int | None = None) -> Self:
        """The same form with other values in some content fields, checked anew."""
        data = self.data.copy()  # type: ignore[attr-defined]
        for name, value in values.items():
            _put(data, name, value)
        if base_version is not None:
            data["base_version"] = str(base_version)
        form = type(self)(
            data,
            user=self.user,
            article=self.article,
            before=self.before,
            may_change=self.may_change,
            initial=dict(self.initial),
        )
        form.is_valid()
        return form


def _held(article: Article) -> bool:
    return article.embargo_until is not None and article.embargo_until > timezone.now()


def _sections(user: Any, article: Article | None) -> QuerySet[Section]:
    """Where the user may write, and where the story is already: in the row, in its working copy."""
    held = {article.section_id} if article else set()
    if article and article.head and (where := article.head.snapshot["section"]):
        held.add(where["id"])
    within = permissions.sections(user, "change" if article else "add")
    return (within | Section.objects.filter(pk__in=held)).order_by("path")


def colleagues(article: Article | None) -> QuerySet[Any]:
    """Who can have a story on the desk, and whoever has this one."""
    at_work = Q(is_staff=True, is_active=True)
    if article and article.assignee_id:
        at_work |= Q(pk=article.assignee_id)
    return (
        get_user_model()
        ._default_manager.filter(at_work)
        .order_by("first_name", "last_name", "username")
    )


def _put(data: QueryDict, name: str, value: Any) -> None:
    """Write a snapshot's value into posted data, as the widget would have posted it."""
    match name:
        case "section" | "lead_image":
            data[name] = str(value["id"]) if value else ""
        case "lead_waived":
            data.pop(name, None)
            if value:
                data[name] = "on"
        case "bylines":
            rows = rows_of(value)
            for part in BylinesWidget.parts:
                data.setlist(f"{name}-{part}", [row[part] for row in rows])
        case "tags":
            data[name] = TopicsWidget().format_value(value)
        case _:
            data[name] = str(value)


def initial_of(content: Snapshot) -> dict[str, Any]:
    """A snapshot as initial values of the form."""
    return {
        **{name: content[name] for name in CONTENT},
        "section": content["section"]["id"] if content["section"] else None,
        "lead_image": content["lead_image"]["id"] if content["lead_image"] else None,
    }


def initial_for(article: Article, content: Snapshot) -> dict[str, Any]:
    """Initial values of a story that exists; ``content`` is its head."""
    return {
        **initial_of(content),
        "base_version": article.version,
        "at_step": article.step_id,
        "assignee": article.assignee_id,
        "embargo_until": article.embargo_until,
        "publish_at": article.published_at,
        "change_kind": RevisionKind.UPDATE.value,
    }


def initial_for_new(user: Any, asked: dict[str, str]) -> dict[str, Any]:
    """Initial values of a new story: the reporter's own byline, and the section used last."""
    author = getattr(user, "author", None)
    section = asked.get("section", "")
    is_key = section.isdecimal() and len(section) < 12
    return {
        "section": int(section) if is_key else _own_section(user),
        "kind": asked.get("kind") or Kind.NEWS.value,
        "headline": asked.get("headline", ""),
        "assignee": user.pk,
        "bylines": [{"author": snapshot.reference(author), "role": "writer"}] if author else [],
    }


def _own_section(user: Any) -> int | None:
    """The key of the section used last, else of the only one where the user may write."""
    within = permissions.sections(user, "add")
    used = Article.objects.filter(created_by=user, section__in=within).order_by("-pk")
    if last := used.values_list("section", flat=True).first():
        return last
    only = within.order_by("path").values_list("pk", flat=True)[:2]
    return only[0] if len(only) == 1 else None
