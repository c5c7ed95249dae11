"""The sections for every template."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from newsroom.publication import masthead
from sections import navigation as held


def navigation(request: HttpRequest) -> dict[str, Any]:
    """``navigation``: the tree of sections; fetched when a template looks."""
    return {"navigation": SimpleLazyObject(lambda: held.tree(masthead.of_request(request)))}
