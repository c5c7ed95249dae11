"""The masthead for every template."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from newsroom.publication import masthead as held


def masthead(request: HttpRequest) -> dict[str, Any]:
    """``publication``, ``masthead`` (links) and ``site_url``; fetched when a template looks."""
    return {
        "publication": SimpleLazyObject(lambda: held.of_request(request)),
        "masthead": SimpleLazyObject(lambda: held.links(held.of_request(request))),
        "site_url": settings.SITE_URL,
    }
