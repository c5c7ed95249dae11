"""What follows a change: what is waiting, what failed and why."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from newsroom.deliveries import outbox
from newsroom.deliveries.models import Delivery


class HowItStands(admin.SimpleListFilter):
    title = "how it stands"
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("waiting", "Waiting"),
            ("failing", "Failed, will be tried again"),
            ("done", "Done"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        match self.value():
            case "waiting":
                return queryset.filter(done_at__isnull=True, attempts=0)
            case "failing":
                return queryset.filter(done_at__isnull=True, attempts__gt=0)
            case "done":
                return queryset.filter(done_at__isnull=False)
        return queryset


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    list_display = ["created_at", "kind", "subject", "stands", "attempts", "last_error"]
    list_filter = [HowItStands, "kind"]
    search_fields = ["key", "subject", "last_error"]
    show_full_result_count = False
    actions = ["try_again"]

    @admin.display(description="stands")
    def stands(self, delivery: Delivery) -> str:
        if delivery.done_at:
            return "Done"
        return "Failed, will be tried again" if delivery.attempts else "Waiting"

    @admin.action(description="Try again now", permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        if not self.has_retry_permission(request):
            raise PermissionDenied
        waiting = list(queryset.filter(done_at__isnull=True).values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=waiting).update(due_at=timezone.now())
        done = sum(outbox.attempt(pk) for pk in waiting)
        level = messages.SUCCESS if done == len(waiting) else messages.WARNING
        self.message_user(request, f"{done} of {len(waiting)} done.", level)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whoever may look at a failure may ask for another try: it does no harm twice."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False
