"""What follows a change: what is waiting, what failed and why."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from newsroom.deliveries import outbox
from newsroom.deliveries.models import Delivery, Worker
from newsroom.deliveries.standing import standing
from newsroom.paging import BoundedPaginator


class HowItStands(admin.SimpleListFilter):
    title = "how it stands"
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("waiting", "Waiting"),
            ("failing", "Failed, will be tried again"),
            ("given-up", "Given up"),
            ("done", "Done"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        match self.value():
            case "waiting":
                return queryset.filter(pk__in=Delivery.objects.open().filter(attempts=0))
            case "failing":
                return queryset.filter(pk__in=Delivery.objects.failing())
            case "given-up":
                return queryset.filter(pk__in=Delivery.objects.given_up())
            case "done":
                return queryset.filter(done_at__isnull=False)
        return queryset


class LookedAt(admin.ModelAdmin):
    """Rows that the machine writes: nobody adds, changes or deletes one by hand."""

    paginator = BoundedPaginator
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Delivery)
class DeliveryAdmin(LookedAt):
    list_display = ["created_at", "kind", "about", "stands", "attempts", "next_try", "last_error"]
    fields = [
        "kind",
        "about",
        "stands",
        "attempts",
        "next_try",
        "last_error",
        "created_at",
        "done_at",
        "key",
        "payload",
    ]
    list_filter = [HowItStands, "kind"]
    search_fields = ["key", "subject", "last_error"]
    actions = ["try_again"]

    class Media:
        css = {"all": ["desk/deliveries/deliveries.css"]}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"standing": standing(), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description="about", ordering="subject")
    def about(self, delivery: Delivery) -> str | SafeString:
        """A link to the row, which asks who may see it; deliveries name rows by strings only."""
        name, _, pk = delivery.subject.partition(":")
        for model in self.admin_site._registry:
            if model._meta.model_name == name.replace("-", "") and pk.isdigit():
                address = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
                words = f"{model._meta.verbose_name} {pk}"
                return format_html('<a href="{}">{}</a>', reverse(address, args=[pk]), words)
        return delivery.subject

    @admin.display(description="next try", ordering="due_at")
    def next_try(self, delivery: Delivery) -> datetime | None:
        return None if delivery.done_at or delivery.given_up_at else delivery.due_at

    @admin.display(description="stands")
    def stands(self, delivery: Delivery) -> str:
        if delivery.done_at:
            return "Done"
        if delivery.given_up_at:
            return "Given up"
        return "Failed, will be tried again" if delivery.attempts else "Waiting"

    @admin.action(description="Try again now", permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        if not self.has_retry_permission(request):
            raise PermissionDenied
        waiting = list(queryset.filter(done_at__isnull=True))
        for delivery in waiting:
            outbox.again(delivery)
        pks = [delivery.pk for delivery in waiting]
        done = Delivery.objects.filter(pk__in=pks, done_at__isnull=False).count()
        level = messages.SUCCESS if done == len(waiting) else messages.WARNING
        text = f"{done} of {len(waiting)} done; the rest is on its queue, or has failed again."
        self.message_user(request, text, level)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whoever may look at a failure may ask for another try: it does no harm twice."""
        return self.has_view_permission(request)


@admin.register(Worker)
class WorkerAdmin(LookedAt):
    list_display = ["__str__", "started_at", "seen_at", "stopped_at"]
    fields = ["host", "name", "started_at", "seen_at", "stopped_at"]
