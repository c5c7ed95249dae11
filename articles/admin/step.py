"""The steps that stories pass, for whoever sets them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse

from articles import workflow
from articles.models import Step


@admin.register(Step)
class StepAdmin(admin.ModelAdmin):
    """In their order, with the stories that wait at each."""

    change_list_template = "admin/articles/step/change_list.html"
    list_display = ["name", "order", "passed_by", "waiting"]
    list_select_related = ["role"]
    fields = ["name", "order", "role"]
    ordering = ["order", "pk"]
    sortable_by = ()
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Step]:
        return super().get_queryset(request).annotate(number=Count("articles"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        words = {"title": "Steps before publishing"}
        return super().changelist_view(request, {**words, **(extra_context or {})})

    @admin.display(description="who passes it")
    def passed_by(self, step: Step) -> str:
        return str(step.role or "Whoever may approve stories there")

    @admin.display(description="stories waiting")
    def waiting(self, step: Any) -> int:
        number: int = step.number
        return number

    def save_model(self, request: HttpRequest, obj: Step, form: Any, change: bool) -> None:
        workflow.keep_step(obj, by=request.user)  # type: ignore[arg-type] # asked for above

    def delete_model(self, request: HttpRequest, obj: Step) -> None:
        workflow.remove_step(obj, by=request.user)  # type: ignore[arg-type] # asked for above

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """Stories that wait there go on, so nothing else goes with a step."""
        told = [f"{step}: what waits there goes on at the next step" for step in objs]
        return told, {"steps": len(told)}, set(), []
