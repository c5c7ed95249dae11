"""Corrections, to read: they are made on the form of their story."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import permissions
from articles.admin.standing import moment
from articles.models import Correction


@admin.register(Correction)
class CorrectionAdmin(admin.ModelAdmin):
    list_display = ["when", "kind", "text", "story", "signed_by"]
    list_display_links = ["when"]
    list_filter = ["kind"]
    list_select_related = ["article"]
    search_fields = ["text", "signed_by", "article__headline"]
    search_help_text = "What was wrong, who signed it, or the headline."
    show_full_result_count = False
    fields = ["story", "kind", "text", "when", "signed_by"]
    readonly_fields = ["story", "when"]
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        user: Any = request.user
        return user.has_perm("articles.view_correction")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Correction]:
        mine = permissions.visible(request.user)
        return super().get_queryset(request).filter(article__in=mine)

    @admin.display(description="when", ordering="at")
    def when(self, correction: Correction) -> str:
        return moment(correction.at)

    @admin.display(description="story")
    def story(self, correction: Correction) -> SafeString:
        address = reverse("admin:articles_article_change", args=[correction.article_id])
        return format_html('<a href="{}">{}</a>', address, correction.article)
