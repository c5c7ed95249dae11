"""Sections at the desk, in the order of the tree."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from newsroom.accounts.admin import groups_within
from sections import workflow
from sections.models import Membership, Section


class Desk(admin.StackedInline):
    """Who works for the section; nobody hands out a role that is more than their own."""

    model = Membership
    fields = [("user", "role")]
    autocomplete_fields = ["user"]
    extra = 0

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "role":
            kwargs["queryset"] = groups_within(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


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

    inlines = [Desk]

    @admin.display(description="section", ordering="path")
    def indented_name(self, section: Section) -> SafeString:
        """The name, set in by its depth; the dashes are for the eye only."""
        depth = section.path.count("/") - 2
        return format_html('<span aria-hidden="true">{}</span> {}', "— " * depth, section.name)

    def save_model(
        self, request: HttpRequest, obj: Section, form: Any, change: bool
    ) -> None:  # fmt: skip
        workflow.place(obj, by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for gone in formset.deleted_objects:
            workflow.revoke(gone, by=request.user)
        for membership in [*(one for one, _ in formset.changed_objects), *formset.new_objects]:
            workflow.grant(membership, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Section) -> None:
        workflow.remove(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Section]) -> None:
        for row in queryset:
            workflow.remove(row, by=request.user)
