"""What a public page shows and until when, as strings (law 8).

Every public view says ``page(response, tags=..., until=...)``. A tag is a string such as
``article:12``, ``section:3``, ``author:7``, ``topic:4``, ``front:home``, ``archive``, ``feed`` or
``path:/2026/11/slug/``; ``until`` is the second at which the page changes by itself, for example
when a scheduled story becomes public. There is no store of pages yet: a browser or proxy asks
every time and gets a 304 when nothing has changed, so what is published is seen on the next
request. ``purge`` tells whoever listens (a page store, a CDN) which tags have become stale.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.dispatch import Signal
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.cache import set_response_etag
from django.utils.http import http_date

#: Sent with ``tags`` (frozenset of strings) when pages that carry any of them are stale.
purged = Signal()

#: Kept by any cache, but never used without asking: RFC 9111, section 5.2.2.4.
REVALIDATE = "public, no-cache"
#: For addresses whose bytes never change: RFC 8246.
IMMUTABLE = "public, max-age=31536000, immutable"
#: For answers that belong to one person.
PRIVATE = "private, no-store"

Response = TypeVar("Response", bound=HttpResponse)


@dataclass(frozen=True)
class Page:
    """What a public response declared: the tags it shows and the second it changes by itself."""

    tags: frozenset[str]
    until: datetime | None


def page(
    response: Response,
    *,
    tags: Iterable[str],
    until: datetime | None = None,
    modified: datetime | None = None,
) -> Response:
    """The response with its ETag and Cache-Control set, and its declaration kept on it.

    ``tags`` must not be empty: a page that shows nothing can never be purged. ``until`` and
    ``modified`` are aware times; ``modified`` is sent as Last-Modified (RFC 9110, 8.8.2).
    """
    declared = Page(frozenset(tags), until)
    if not declared.tags:
        message = "A public page must declare at least one tag."
        raise ValueError(message)
    response.declared_page = declared  # type: ignore[attr-defined]
    response.headers["Cache-Control"] = REVALIDATE
    if modified is not None:
        response.headers["Last-Modified"] = http_date(int(modified.timestamp()))
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.add_post_render_callback(set_response_etag)
    else:
        set_response_etag(response)
    return response


def soonest(*moments: datetime | None) -> datetime | None:
    """The first of the moments at which a page changes by itself; None when there is none."""
    return min((moment for moment in moments if moment), default=None)


def latest(*moments: datetime | None) -> datetime | None:
    """The last of the moments at which a page has changed; None when there is none."""
    return max((moment for moment in moments if moment), default=None)


def purge(tags: Iterable[str]) -> None:
    """Say that every page which shows one of these tags is stale."""
    stale = frozenset(tags)
    if stale:
        purged.send(sender=None, tags=stale)
