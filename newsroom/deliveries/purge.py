"""The delivery that makes pages stale: the first kind, asked for by every verb."""

from collections.abc import Iterable
from typing import Any

from newsroom import caching
from newsroom.deliveries import outbox

KIND = "purge"


def ask(tags: Iterable[str], *, event: int, subject: str) -> None:
    """A row that purges the pages with these tags, once per event (the audit entry's key)."""
    outbox.ask(KIND, key=f"purge:{event}", subject=subject, payload={"tags": sorted(tags)})


def deliver(payload: dict[str, Any]) -> None:
    """Does a purge delivery; doing it twice does no harm."""
    caching.purge(payload["tags"])
