"""A story at the desk: form, history, preview, and who may open which door.

The verbs hold the rules (``articles.workflow``); here a refusal becomes the form again, with the
text that was typed.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.forms import Media
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from js_asset import Script

from articles import body, permissions, snapshot, workflow
from articles.admin import choices, conflicts, deeds, differences, keeping, notes, sharing
from articles.admin.conflicts import Comparison
from articles.admin.deeds import Deed
from articles.admin.editor import with_nonce
from articles.admin.form import ArticleForm, initial_for, initial_for_new
from articles.admin.history import history
from articles.admin.listing import ArticleList
from articles.admin.preview import preview
from articles.admin.queue import queue
from articles.admin.standing import standing
from articles.admin.status import status
from articles.models import Article, Revision, Unsaved
from articles.models.article import OncePublic
from articles.models.revision import Snapshot
from sections.models import Section


@dataclass
class Refusal:
    """Why the form comes back: sentences for its top, and theirs beside mine."""

    sentences: list[str] = field(default_factory=list)
    comparison: Comparison | None = None
    #: What was typed, for the checklist: a field with an error is not clean any more.
    typed: Snapshot | None = None
    status: int = 200
    buttons: bool = True
    #: The unsaved text that the form shows.
    restored: Unsaved | None = None
    #: What was done without saving the story, which is all on the form.
    unsaved: str = ""


@admin.register(Article)
class ArticleAdmin(ArticleList):
    change_form_template = add_form_template = "admin/articles/article/change_form.html"

    # --- Who may ------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return permissions.may(request.user, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.may(request.user, "add")

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return permissions.may(request.user, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return permissions.may(request.user, "delete", obj)

    def view_on_site(self, obj: Article) -> str | None:
        return obj.path if obj.is_public(now=timezone.now()) else None

    # --- Doors --------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        def door(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"articles_article_{name}")

        return [
            door("choose/", choices.stories, "choose"),
            door("authors/", choices.authors, "authors"),
            door("topics/", choices.topics, "topics"),
            door("queue/", self.queue_view, "queue"),
            door("preview/", self.preview_view, "preview_new"),
            door("keep/", self.keep_view, "keep_new"),
            door("throw-away/", self.throw_away_view, "throw_away_new"),
            door("<path:object_id>/keep/", self.keep_view, "keep"),
            door("<path:object_id>/throw-away/", self.throw_away_view, "throw_away"),
            door("<path:object_id>/preview/", self.preview_view, "preview"),
            door("<path:object_id>/notes/", self.notes_view, "notes"),
            door("<path:object_id>/restore/", self.restore_view, "restore"),
            door("<path:object_id>/share/", self.share_view, "share"),
            *super().get_urls(),
        ]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        return queue(request, self)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Article | None:
        """The row, with what every door shows of it; only by its key."""
        rows = self.get_queryset(request).select_related(
            "head", "live", "section", "lead_image", "assignee", "step"
        )
        is_key = object_id.isascii() and object_id.isdecimal() and len(object_id) < 19
        return rows.filter(pk=int(object_id)).first() if is_key else None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form of a story, new or old. Nothing of Django's own saving is used."""
        article = None
        if object_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
        else:
            article = self._visible(request, object_id)
            if article is None:
                return self._no_such_story(request)
        if request.method == "POST":
            return self._posted(request, article)
        if self._may_write(request, article) and (row := keeping.chosen(request, article)):
            form = self._form(request, article, typed=row.posted)
            return self._show(request, form, article, Refusal(restored=row))
        return self._show(request, self._form(request, article), article)

    def _may_write(self, request: HttpRequest, article: Article | None) -> bool:
        if article is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, article)

    def _visible(self, request: HttpRequest, object_id: str) -> Article | None:
        """The story if there is one; unknown and forbidden look alike to who may see none."""
        article = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def _no_such_story(self, request: HttpRequest) -> HttpResponse:
        self.message_user(request, "There is no such story; it may be deleted.", messages.WARNING)
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    # --- The form -----------------------------------------------------------------------------

    def _form(
        self,
        request: HttpRequest,
        article: Article | None,
        *,
        may_change: bool | None = None,
        typed: QueryDict | None = None,
    ) -> ArticleForm:
        data = request.POST if request.method == "POST" and typed is None else typed
        content = _head(article)[0] if article else None
        if article and content:
            initial = initial_for(article, content)
        else:
            initial = initial_for_new(request.user, request.GET.dict())
        if may_change is None:
            may_change = article is None or self.has_change_permission(request, article)
        return ArticleForm(
            data,
            user=request.user,
            article=article,
            before=content,
            may_change=may_change,
            initial=initial,
        )

    def _posted(self, request: HttpRequest, article: Article | None) -> HttpResponse:
        deed = deeds.asked(request.POST)
        if deed.name not in deeds.buttons(request.user, article):
            return self._not_theirs(request, article, deed)
        form = self._form(request, article)
        if not form.is_valid():
            return self._show(request, form, article)
        if article and conflicts.is_decision(request.POST):
            form, comparison = conflicts.decide(form, snapshot.head(article), request.POST)
            return self._show(request, form, article, Refusal(comparison=comparison))
        try:
            with transaction.atomic():
                kept, merged = deeds.perform(deed, article, form, by=request.user)
                has_noted = notes.add_typed(form, kept, by=request.user)
                self._log(request, article, kept, deed)
                if deed.name != "_discard":
                    keeping.drop(request)
        except (workflow.Refused, ValidationError) as refused:
            return self._refused(request, form, article, deed, refused)
        self.message_user(request, deeds.done(deed, kept, merged), messages.SUCCESS)
        if has_noted:
            self.message_user(request, notes.ADDED, messages.SUCCESS)
        return HttpResponseRedirect(self._address(request, kept))

    def _log(self, request: HttpRequest, before: Article | None, kept: Article, deed: Deed) -> None:
        if before is None:
            self.log_addition(request, kept, [{"added": {}}])
        if before or deed.name != "_save":
            self.log_change(request, kept, deed.name.strip("_").replace("_", " "))

    def _address(self, request: HttpRequest, article: Article) -> str:
        return add_preserved_filters(
            {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts},
            reverse("admin:articles_article_change", args=[article.pk]),
        )

    # --- When it does not go through ----------------------------------------------------------

    def _not_theirs(
        self, request: HttpRequest, article: Article | None, deed: Deed
    ) -> HttpResponse:
        """A button that the user does not have, or no longer: nothing done, the text kept."""
        if not permissions.may(request.user, deed.verb):
            raise PermissionDenied
        form = self._form(request, article, may_change=True)
        form.is_valid()
        where = standing(article, now=timezone.now()).words.lower() if article else "new"
        what = deed.verb.replace("_", " ")
        sentence = (
            f"You may not {what} this story while it is {where}, so nothing was saved. What you"
            " wrote is still here: copy what you need, or ask an editor."
        )
        may_go_on = article is None or self.has_change_permission(request, article)
        status = 200 if may_go_on else 403
        return self._show(
            request, form, article, Refusal([sentence], status=status, buttons=may_go_on)
        )

    def _refused(
        self,
        request: HttpRequest,
        form: ArticleForm,
        article: Article | None,
        deed: Deed,
        refused: Exception,
    ) -> HttpResponse:
        """The sentences at the top and at the fields, with everything that was typed."""
        refusal = Refusal(deeds.sentences(refused))
        if form.may_change:
            refusal.typed = snapshot.normalize(form.content())
        if isinstance(refused, workflow.Conflict) and article:
            article = self.get_object(request, str(article.pk)) or article
            form, refusal.comparison = conflicts.settle(form, article, refused)
        elif isinstance(refused, workflow.NotReady):
            for finding in refused.findings:
                _mark(form, finding.field, finding.sentence, refusal)
        elif isinstance(refused, workflow.Embargoed | workflow.NotAllowed):
            _mark(form, "embargo_until" if "mbargo" in str(refused) else "", "", refusal)
        elif deed.field in form.fields:
            _mark(form, deed.field, str(refused), refusal)
        return self._show(request, form, article, refusal)

    # --- What is shown ------------------------------------------------------------------------

    def _show(
        self,
        request: HttpRequest,
        form: ArticleForm,
        article: Article | None,
        refusal: Refusal | None = None,
    ) -> HttpResponse:
        refusal = refusal or Refusal()
        context = {
            **self.admin_site.each_context(request),
            "title": "New story" if article is None else "Story",
            "subtitle": str(article) if article else None,
            "adminform": AdminForm(form, [], {}, (), self),  # type: ignore[arg-type]
            "form": form,
            "original": article,
            "address": self._address(request, article) if article else "",
            "object_id": str(article.pk) if article else None,
            "is_popup": False,
            "to_field": None,
            "media": form.media + _media(),
            "inline_admin_formsets": [],
            "errors": [],
            "preserved_filters": self.get_preserved_filters(request),
            "refusal": refusal,
            "buttons": _buttons(request.user, article) if refusal.buttons else {},
            "is_nav_sidebar_enabled": False,
            **self._about(request, article, form, refusal),
            "keeping": self._keeping(request, article, refusal) if form.may_change else {},
        }
        response = self.render_change_form(
            request, context, add=article is None, change=article is not None, obj=article
        )
        response.status_code = refusal.status
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def _about(
        self, request: HttpRequest, article: Article | None, form: ArticleForm, refusal: Refusal
    ) -> dict[str, Any]:
        """The status box, and the story to read for who may not write it."""
        if article is None:
            return {"preview_url": reverse("admin:articles_article_preview_new")}
        content, lost = _head(article)
        return {
            "status": status(article, refusal.typed or content, lost=lost),
            "notes": notes.notes(article, request.user),
            "notes_url": reverse("admin:articles_article_notes", args=[article.pk]),
            "may_delete": self.has_delete_permission(request, article),
            "may_share": permissions.may(request.user, "share", article),
            "preview_url": reverse("admin:articles_article_preview", args=[article.pk]),
            "reading": None if form.may_change else _reading(content),
        }

    def _keeping(
        self, request: HttpRequest, article: Article | None, refusal: Refusal
    ) -> dict[str, Any]:
        """What the form needs to keep its text, and what was kept of it before."""
        to, at = ("", [article.pk]) if article else ("_new", [])
        row = refusal.restored
        offers = []
        if request.method == "GET":
            offers = keeping.offered(
                request.user, article, lambda typed: self._form(request, article, typed=typed)
            )
        return {
            "url": reverse(f"admin:articles_article_keep{to}", args=at),
            "throw_url": reverse(f"admin:articles_article_throw_away{to}", args=at),
            "mark": row.form if row else keeping.mark_of(request.POST) or keeping.new_mark(),
            "restored": keeping.restored(row) if row else "",
            "offers": [offer for offer in offers if not row or offer.mark != row.form],
        }

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The import map of the editor is an inline script: it needs the nonce (trap 1)."""
        context["media"] = with_nonce(context["media"], request)
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Deleting -----------------------------------------------------------------------------

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Drafts go, after a question; what was once public stays, with a sentence."""
        article = self.get_object(request, unquote(object_id))
        if article and article.row_is_live and permissions.may(request.user, "delete"):
            sentence = str(OncePublic([article]).args[0])
            return self._page(
                request, article, "delete_refused.html", {"sentence": sentence}, status=403
            )
        try:
            return super().delete_view(request, object_id, extra_context)
        except (workflow.Refused, ProtectedError) as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    # --- History, preview ---------------------------------------------------------------------

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        article = self._visible(request, object_id)
        if article is None:
            return self._no_such_story(request)
        context = {
            "title": "History",
            "history": history(article, request.GET),
            "may_restore": permissions.may(request.user, "restore", article),
        }
        return self._page(request, article, "object_history.html", context)

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """An old revision's content as a new one; ``number`` and ``base_version`` are posted."""
        article = self._visible(request, object_id)
        if article is None:
            return self._no_such_story(request)
        if not permissions.may(request.user, "restore", article):
            raise PermissionDenied
        to_history = reverse("admin:articles_article_history", args=[article.pk])
        if request.method != "POST":
            return HttpResponseRedirect(to_history)
        revision = _revision(article, request.POST.get("number", ""))
        base = request.POST.get("base_version", "")
        try:
            workflow.restore(
                article,
                revision,
                by=request.user,  # type: ignore[arg-type]
                base_version=int(base) if base.isdecimal() and len(base) < 10 else -1,
            )
        except workflow.Refused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(to_history)
        sentence = f"Revision {revision.number} is back, as a new revision."
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(self._address(request, article))

    def _written(self, request: HttpRequest, object_id: str | None) -> Article | None:
        """The story that the user may write at, None for one that is not begun."""
        article = self._visible(request, object_id) if object_id else None
        if object_id and article is None:
            message = "There is no such story; it may be deleted."
            raise Http404(message)
        if not self._may_write(request, article):
            raise PermissionDenied
        return article

    def keep_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """What is typed, kept for who typed it; and who else has the story open."""
        return keeping.answer(request, self._written(request, object_id))

    def throw_away_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """An unsaved text is not wanted (POST with its mark); back to the form."""
        article = self._written(request, object_id)
        if request.method == "POST":
            keeping.drop(request)
            self.message_user(request, "The unsaved text is thrown away.", messages.SUCCESS)
        if article is None:
            return HttpResponseRedirect(reverse("admin:articles_article_add"))
        return HttpResponseRedirect(self._address(request, article))

    def notes_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A note is added, done with, opened again, deleted; the story is not saved by that.

        A script gets the notes; without one the form comes back with everything that was typed.
        """
        article = self._visible(request, object_id)
        if article is None:
            message = "There is no such story; it may be deleted."
            raise Http404(message)
        if not permissions.may(request.user, "note", article):
            raise PermissionDenied
        if request.method != "POST":
            is_script = notes.wants_json(request)
            return notes.token(request) if is_script else self._to_form(request, article)
        said, error = "", ""
        try:
            said = notes.post(request, self._form(request, article), article)
        except workflow.Refused as refused:
            error = str(refused)
        if notes.wants_json(request):
            return notes.told(request, article, said=said, error=error)
        return self._noted(request, article, said=said, error=error)

    def _to_form(self, request: HttpRequest, article: Article) -> HttpResponse:
        return HttpResponseRedirect(self._address(request, article))

    def _noted(
        self, request: HttpRequest, article: Article, *, said: str, error: str
    ) -> HttpResponse:
        """The form as it was posted; a note that was added is not on it any more."""
        typed = request.POST.copy()
        if said == notes.ADDED:
            typed.update(dict.fromkeys(notes.FIELDS, ""))
        form = self._form(request, article, typed=typed)
        unsaved = f"{said} The story is not saved by that." if said else ""
        refusal = Refusal([error] if error else [], unsaved=unsaved)
        return self._show(request, form, article, refusal)

    def preview_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """The public page: of the saved head, or (POST) of what is on the form. Writes nothing."""
        article = self._visible(request, object_id) if object_id else None
        if object_id and article is None:
            message = "There is no such story."
            raise Http404(message)
        if article is None and not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return preview(request, article, self._typed(request, article))
        if article is None:
            return HttpResponseRedirect(reverse("admin:articles_article_add"))
        return preview(request, article, _head(article)[0])

    def share_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Links for readers without an account: made and revoked by POST."""
        article = self._visible(request, object_id)
        if article is None:
            return self._no_such_story(request)
        if not permissions.may(request.user, "share", article):
            raise PermissionDenied
        form = sharing.ShareForm()
        if request.method == "POST":
            again = sharing.do(request, article)
            if again is None:
                return HttpResponseRedirect(request.path)
            form = again
        return self._page(request, article, "share.html", sharing.context(article, form))

    def _typed(self, request: HttpRequest, article: Article | None) -> Snapshot:
        """What is clean on the form, else what is saved (law 5)."""
        form = self._form(request, article, may_change=True)
        form.is_valid()
        if article is None and not form.cleaned_data.get("section"):
            form.cleaned_data["section"] = Section.objects.order_by("path").first()
        if article is None and form.cleaned_data["section"] is None:
            message = "There is no section yet."
            raise Http404(message)
        return form.content()

    def _page(
        self,
        request: HttpRequest,
        article: Article,
        template: str,
        context: dict[str, Any],
        *,
        status: int = 200,
    ) -> HttpResponse:
        """A page of the desk about a story, beside its form."""
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            f"admin/articles/article/{template}",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "subtitle": None,
                "object": article,
                "media": _media(),
                "standing": standing(article, now=timezone.now()),
                **context,
            },
            status=status,
        )


def _head(article: Article) -> tuple[Snapshot, list[str]]:
    """The head's content with its references as they are now, and what has gone."""
    content = snapshot.head(article)
    try:
        return snapshot.current(content)
    except snapshot.Unreadable as error:
        return content, [str(error)]


def _buttons(user: Any, article: Article | None) -> dict[str, Any]:
    """The buttons for the template, by the names of their deeds; the furthest step stands out, one
    that leaves others out only when there is no other. ``skips`` names what publishing leaves out.
    """
    on = {name.strip("_"): button for name, button in deeds.buttons(user, article).items()}
    skips = deeds.skipped(user, article) if "publish" in on else ""
    steps = ("approve", "submit", "publish") if skips else ("publish", "approve", "submit")
    first = next((name for name in steps if name in on), "")
    return {
        "on": on,
        "skips": skips,
        "looks": {name: "button default" if name == first else "button" for name in steps},
    }


def _mark(form: ArticleForm, name: str, sentence: str, refusal: Refusal) -> None:
    """A sentence at its field; at the top where the form has no such field."""
    if name in form.fields:
        form.add_error(name, sentence or refusal.sentences[0])
    elif sentence and sentence not in refusal.sentences:
        refusal.sentences.append(sentence)


def _revision(article: Article, number: str) -> Revision:
    is_number = number.isascii() and number.isdecimal() and len(number) < 9
    found = article.revisions.filter(number=int(number)).first() if is_number else None
    if found is None:
        message = "There is no such revision."
        raise Http404(message)
    return found


def _reading(content: Snapshot) -> dict[str, Any]:
    """The story for who may not write it: its words, and the body as readers get it."""
    words = {
        name: words
        for name in differences.LABELS
        if content[name] and name != "body" and (words := differences.in_words(name, content))
    }
    html = content["body"]
    return {
        "facts": [(differences.LABELS[name], text) for name, text in words.items()],
        "body": body.render(html, images=body.pictures(html), articles={}, now=timezone.now()),
    }


def _media() -> Media:
    return Media(
        css={"all": ["desk/articles/articles.css", "desk/articles/live-preview.css"]},
        js=[Script("desk/articles/form.js", type="module")],
    )
