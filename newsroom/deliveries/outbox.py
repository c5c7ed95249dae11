"""Ask for an effect in the transaction of the change; do it on commit, or again until it works."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from newsroom.deliveries.models import Delivery

log = logging.getLogger(__name__)

#: Takes the payload; returning means done, raising means try again later. Must be idempotent.
Handler = Callable[[dict[str, Any]], None]

_handlers: dict[str, Handler] = {}

#: Waits between tries; the last one repeats.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))


def register(kind: str, handler: Handler) -> None:
    """Called in an app's ``ready()`` by whoever does effects of this kind."""
    _handlers[kind] = handler


def ask(
    kind: str,
    *,
    key: str,
    subject: str = "",
    payload: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """A row in the caller's transaction; what is due is tried as soon as that commits.

    The same key twice is one delivery. ``at`` (aware) puts the first try off.
    """
    if kind not in _handlers:
        message = f"Nobody has registered for deliveries of the kind {kind!r}."
        raise LookupError(message)
    now = timezone.now()
    delivery, created = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "subject": subject,
            "payload": payload or {},
            "created_at": now,
            "due_at": at or now,
        },
    )
    if created and delivery.due_at <= now:
        # Not robust=False: a failing effect is written on its row and must not fail the verb.
        transaction.on_commit(lambda: attempt(delivery.pk))


def attempt(pk: int) -> bool:
    """Try one delivery that is due; whether it is done now. A failure is kept on the row."""
    with transaction.atomic():
        delivery = _locked().filter(pk=pk).due(now=timezone.now()).first()
        if delivery is None:
            return False
        try:
            with transaction.atomic():
                _handlers[delivery.kind](delivery.payload)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the row says so
            _failed(delivery, error)
            return False
        delivery.attempts += 1
        delivery.done_at = timezone.now()
        delivery.last_error = ""
        delivery.save(update_fields=["attempts", "done_at", "last_error"])
        return True


def run_due(*, limit: int = 1000) -> int:
    """Try everything that is due, oldest first; how many got done. For the tick."""
    due = Delivery.objects.due(now=timezone.now()).order_by("due_at", "pk")
    return sum(attempt(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


def _locked() -> Any:
    rows = Delivery.objects.all()
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows


def _failed(delivery: Delivery, error: Exception) -> None:
    wait = BACK_OFF[min(delivery.attempts, len(BACK_OFF) - 1)]
    delivery.attempts += 1
    delivery.last_error = f"{type(error).__name__}: {error}"
    delivery.due_at = timezone.now() + wait
    delivery.save(update_fields=["attempts", "last_error", "due_at"])
    log.warning("Delivery %s failed, next try in %s", delivery.pk, wait, exc_info=error)
