"""Sections at the desk, in the order of the tree."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sections import workflow
from sections.models import Section


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["indented_name", "descriptor", "path", "order"]
    list_display_links = ["indented_name"]
    list_select_related = ["parent"]
    search_fields = ["name", "path", "descriptor"]
    search_help_text = "Name, descriptor or address."
    ordering = ["path"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "descriptor", "slug", "parent", "order"]}),
        ("For the head of its page and for search engines", {"fields": ["description"]}),
    ]

    @admin.display(description="section", ordering="path")
    def indented_name(self, section: Section) -> SafeString:
        """The name, set in by its depth; the dashes are for the eye only."""
        depth = section.path.count("/") - 2
        return format_html('<span aria-hidden="true">{}</span> {}', "— " * depth, section.name)

    def save_model(
        self, request: HttpRequest, obj: Section, form: Any, change: bool
    ) -> None:  # fmt: skip
        workflow.place(obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Section) -> None:
        workflow.remove(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Section]) -> None:
        for row in queryset:
            workflow.remove(row, by=request.user)
