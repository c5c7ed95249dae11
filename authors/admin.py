"""Authors at the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from authors import workflow
from authors.models import Author, AuthorLink
from newsroom.paging import BoundedPaginator


class HasAccount(admin.SimpleListFilter):
    title = "has an account?"
    parameter_name = "account"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Works at the desk"), ("no", "Has no account")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Author]) -> QuerySet[Author]:
        if self.value() in {"yes", "no"}:
            return queryset.filter(user__isnull=self.value() == "no")
        return queryset


class AuthorLinkInline(admin.StackedInline):
    model = AuthorLink
    extra = 1
    fields = [("label", "url", "order")]


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ["face", "name", "title", "user", "stories"]
    list_display_links = ["name"]
    list_filter = [HasAccount]
    list_select_related = ["portrait", "user"]
    search_fields = ["name", "slug", "title"]
    search_help_text = "Name or title."
    paginator = BoundedPaginator
    show_full_result_count = False
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["portrait", "user"]
    inlines = [AuthorLinkInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "title", "portrait"]}),
        ("For readers", {"fields": ["biography", "email"]}),
        ("At the desk", {"fields": ["user"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        """Counted for each row that is shown; a join would count them all first."""
        same = Author.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
        count = same.annotate(number=Count("bylines")).values("number")
        return super().get_queryset(request).annotate(story_count=Subquery(count))

    @admin.display(description="portrait")
    def face(self, author: Author) -> SafeString | str:
        if author.portrait is None or not author.portrait.renditions:
            return ""
        return format_html(
            '<img class="desk-thumbnail {}" src="{}" alt="" width="40" height="40">',
            author.portrait.focus_classes,
            author.portrait.url(320),
        )

    @admin.display(description="stories", ordering="story_count")
    def stories(self, author: Author) -> int:
        return author.story_count  # type: ignore[attr-defined]

    def save_model(
        self, request: HttpRequest, obj: Author, form: Any, change: bool
    ) -> None:  # fmt: skip
        workflow.keep(obj, by=request.user)
