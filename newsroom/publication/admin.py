"""Masthead and house pages at the desk."""

import logging
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from newsroom.publication import workflow
from newsroom.publication.models import ONLY, HousePage, Publication, SocialLink
from newsroom.storage import NotStored

logger = logging.getLogger(__name__)


class PublicationForm(forms.ModelForm):
    #: Why the logo could not be stored, which shows only when the row is saved.
    refusal = ""

    def clean_logo(self) -> Any:
        if self.refusal:
            raise ValidationError(self.refusal)
        return self.cleaned_data["logo"]


class SocialLinkInline(admin.StackedInline):
    model = SocialLink
    extra = 1
    fields = [("label", "url", "order")]
    verbose_name_plural = "Connect with us"


@admin.register(Publication)
class PublicationAdmin(admin.ModelAdmin):
    """There is one: the list leads straight to it."""

    form = PublicationForm
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

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, *args, **kwargs)
        form.refusal = getattr(request, "logo_refusal", "")
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """A logo that cannot be stored is a sentence at the field; nothing is written then."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotStored as error:
            logger.exception("The logo could not be stored.")
            request.logo_refusal = str(error)  # type: ignore[attr-defined] # for get_form
            return super().changeform_view(request, object_id, form_url, extra_context)

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
