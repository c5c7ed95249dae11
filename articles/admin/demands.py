"""The checklist's switches, for whoever sets them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles import workflow
from articles.models import Demands
from articles.models.demands import ONLY, SWITCHES

ALWAYS = (
    "Always demanded, whatever is chosen here: a headline and a section, for there is no page"
    " without them; a licence for every picture, for without one there is no right to show it; what"
    " licences and contracts ask for (the credit of an agency, an owner or whoever handed it out,"
    " author, source, last day); rights that have not ended; a single use that no other story has"
    " used up."
)


@admin.register(Demands)
class DemandsAdmin(admin.ModelAdmin):
    """There is one: the list leads straight to it."""

    radio_fields = dict.fromkeys(SWITCHES, admin.HORIZONTAL)
    fieldsets = [("Before a story is published", {"fields": list(SWITCHES), "description": ALWAYS})]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        if Demands.objects.exists():
            to = reverse("admin:articles_demands_change", args=[ONLY])
        else:
            to = reverse("admin:articles_demands_add")
        return HttpResponseRedirect(to)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        words = {"title": "Checklist", "subtitle": "", "show_save_and_add_another": False}
        return super().changeform_view(
            request, object_id, form_url, {**words, **(extra_context or {})}
        )

    def save_model(self, request: HttpRequest, obj: Demands, form: Any, change: bool) -> None:
        workflow.set_demands(obj, by=request.user)  # type: ignore[arg-type] # asked for above

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Demands.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Demands | None = None) -> bool:
        return False
