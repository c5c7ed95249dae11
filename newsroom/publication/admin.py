"""Masthead and house pages at the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from newsroom.publication import workflow
from newsroom.publication.models import ONLY, HousePage, Publication, SocialLink


class SocialLinkInline(admin.TabularInline):
    model = SocialLink
    extra = 1
    verbose_name_plural = "Connect with us"


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin):
    """There is one: the list leads straight to it."""

    inlines = [SocialLinkInline]
    fieldsets = [
        ("Masthead", {"fields": ["name", "tagline", "logo"]}),
        ("For readers", {"fields": ["search_prompt", "contact_email"]}),
        ("For search engines and feeds", {"fields": ["description", "language"]}),
        ("Time", {"fields": ["time_zone"]}),
    ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        if Publication.objects.exists():
            to = reverse("admin:publication_publication_change", args=[ONLY])
        else:
            to = reverse("admin:publication_publication_add")
        return HttpResponseRedirect(to)

    def save_model(
        self, request: HttpRequest, obj: Publication, form: Any, change: bool
    ) -> None:  # fmt: skip
        workflow.keep(obj, by=request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Publication.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Publication | None = None) -> bool:
        return False


@admin.register(HousePage)
class HousePageAdmin(admin.ModelAdmin):
    list_display = ["title", "address", "is_public", "in_footer", "order", "updated_at"]
    list_filter = ["is_public", "in_footer"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}

    @admin.display(description="address", ordering="slug")
    def address(self, page: HousePage) -> str:
        return page.get_absolute_url()

    def save_model(
        self, request: HttpRequest, obj: HousePage, form: Any, change: bool
    ) -> None:  # fmt: skip
        workflow.keep_page(obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: HousePage) -> None:
        workflow.remove_page(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[HousePage]) -> None:
        for row in queryset:
            workflow.remove_page(row, by=request.user)
