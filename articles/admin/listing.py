"""The list of stories: columns and filters that answer questions, in a fixed number of queries."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import permissions, workflow
from articles.admin.bulk import DEEDS, ManyAtOnce
from articles.admin.filters import (
    LeadMissing,
    OpenNotes,
    UnpublishedChanges,
    WhatKind,
    WhenOut,
    WhereItStands,
    WhichSection,
    WhoseDesk,
)
from articles.admin.notes import open_notes
from articles.admin.searching import found
from articles.admin.standing import minute, standing
from articles.models import Article, ArticleQuerySet
from articles.models.article import OncePublic
from articles.models.states import UNPUBLISHED
from newsroom.paging import BoundedPaginator


class Stories(ChangeList):
    """A page of the list with what its columns show: the rows, and their bylines."""

    def apply_select_related(self, qs: ArticleQuerySet) -> ArticleQuerySet:  # type: ignore[override]
        rows = qs.select_related("section", "assignee", "lead_image", "step")
        return rows.with_bylines().with_open_notes()


class ArticleList(ManyAtOnce):
    """The list and what is done from it to many stories."""

    list_display = [
        "picture",
        "story",
        "stands",
        "in_section",
        "by_line",
        "on_desk",
        "when",
    ]
    list_display_links = ["story"]
    list_filter = [
        WhoseDesk,
        WhereItStands,
        UnpublishedChanges,
        WhichSection,
        WhatKind,
        WhenOut,
        LeadMissing,
        OpenNotes,
    ]
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-changed_at", "-pk"]
    #: By headline or section every story would have to be sorted for the first fifty.
    sortable_by = ["when"]
    #: Only that there is a search; ``get_search_results`` says where.
    search_fields = ["headline"]
    search_help_text = (
        "Words of the headline, standfirst, slug, an author or a topic; of what is out also of the"
        " text. Or an address."
    )
    actions = ["take_on_my_desk", *DEEDS]

    class Media:
        css = {"all": ["desk/articles/articles.css"]}

    def get_queryset(self, request: HttpRequest) -> ArticleQuerySet:
        """What the user may see; every door of the desk looks for stories here."""
        return permissions.visible(request.user).order_by(*self.ordering)

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Latest changed first; of what is out the latest out, of what is to come the next."""
        answers = {"out": Article.objects.newest(), "scheduled": Article.objects.oldest()}
        rows = answers.get(request.GET.get("stands", ""))
        return list(rows.query.order_by) if rows is not None else self.ordering

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        return found(queryset, search_term), False  # type: ignore[arg-type]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Stories

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request,
            {"title": "Stories", "is_nav_sidebar_enabled": False, **(extra_context or {})},
        )

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description="picture", empty_value="")
    def picture(self, article: Article) -> str | SafeString:
        lead = article.lead_image
        if lead is None or not lead.renditions:
            return ""
        return format_html(
            '<img class="story-thumbnail {}" src="{}" alt="" loading="lazy" width="60" height="40">',
            lead.focus_classes,
            lead.url(320),
        )

    @admin.display(description="story")
    def story(self, article: Any) -> str | SafeString:
        words = open_notes(len(article.open_notes))
        return format_html("{}<small>{}</small>", article, words) if words else str(article)

    @admin.display(description="where it stands")
    def stands(self, article: Article) -> SafeString:
        stands = standing(article, now=timezone.now())
        return format_html(
            '<span class="standing standing--{}">{}</span>', stands.name, stands.words
        )

    @admin.display(description="section, kind")
    def in_section(self, article: Article) -> SafeString:
        return format_html("{}<small>{}</small>", article.section, article.get_kind_display())

    @admin.display(description="byline", empty_value="")
    def by_line(self, article: Article) -> str:
        return article.byline.removeprefix("By ")

    @admin.display(description="desk", empty_value="")
    def on_desk(self, article: Article) -> str:
        return str(article.assignee or "")

    @admin.display(description="when", ordering="changed_at")
    def when(self, article: Article) -> SafeString:
        if article.published_at:
            return format_html(
                "{}<small>changed {}</small>",
                minute(article.published_at),
                minute(article.changed_at),
            )
        return format_html("<small>changed {}</small>", minute(article.changed_at))

    # --- Many at once -------------------------------------------------------------------------

    @admin.action(description="Put on my desk", permissions=["change"])
    def take_on_my_desk(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """Those that the user may change; the others are named."""
        taken = 0
        for article in queryset:
            try:
                workflow.assign(article, request.user, by=request.user)  # type: ignore[arg-type]
            except workflow.Refused as refused:
                self.message_user(request, f"“{article}”: {refused}", messages.ERROR)
            else:
                taken += 1
        if taken:
            what = "1 story is" if taken == 1 else f"{taken} stories are"
            self.message_user(request, f"{what} on your desk now.", messages.SUCCESS)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """What would go, what the user may not delete, and what nobody may."""
        protected = [f"“{one}”: {OncePublic([one])}" for one in objs if _was_out(one)]
        not_theirs = {
            f"story “{one}”"
            for one in objs
            if not _was_out(one) and not permissions.may(request.user, "delete", one)
        }
        return [str(one) for one in objs], {"stories": len(objs)}, not_theirs, protected

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        workflow.delete(obj, by=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        """All or none: what was refused in between leaves the others, too."""
        try:
            with transaction.atomic():
                for article in queryset:
                    self.delete_model(request, article)
        except (workflow.Refused, ProtectedError) as refused:
            raise PermissionDenied(str(refused)) from refused


def _was_out(article: Article) -> bool:
    return article.state not in UNPUBLISHED
