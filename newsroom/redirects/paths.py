"""Who lives at a path, and where those who moved can be found."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import Resolver404, get_resolver, resolve

from newsroom.redirects.models import Redirect

#: Takes decoded paths and the subject that asks; answers a sentence for each where another lives.
Taker = Callable[[Collection[str], str], dict[str, str]]

_takers: list[Taker] = []

#: The name of the route that finds articles, sections, house pages and redirects.
CATCH_ALL = "find"


def register(taker: Taker) -> None:
    """Called in an app's ``ready()`` by whoever gives out paths."""
    if taker not in _takers:
        _takers.append(taker)


def taken(path: str, *, owner: str = "") -> str:
    """A sentence that says who has the path, or the empty string when it is free for the owner.

    ``owner`` is a subject such as ``article:12``: its own page and its own old addresses do not
    count. One query per registered app and one for the redirects.
    """
    return taken_among([path], owner=owner).get(path, "")


def taken_among(asked: Collection[str], *, owner: str = "") -> dict[str, str]:
    """``taken`` for many paths in as many queries as for one."""
    found = {
        path: f"{path} is an old address that still leads to another page. Choose another."
        for path, former in Redirect.objects.filter(old_path__in=asked).values_list(
            "old_path", "owner"
        )
        if not owner or former != owner
    }
    for taker in _takers:
        found |= taker(asked, owner)
    return found | {
        path: f"{path} is an address of the site itself. Choose another."
        for path in asked
        if _is_fixed(path)
    }


@cache
def _fixed_segments() -> frozenset[str]:
    """First segments of all routes, and where files are served from."""
    served = {settings.STATIC_URL.strip("/"), settings.MEDIA_URL.strip("/")}
    return frozenset(served | set(_segments(get_resolver().url_patterns)))


def _segments(patterns: Iterable[Any]) -> Iterator[str]:
    for pattern in patterns:
        segment = str(pattern.pattern).split("/")[0]
        if not segment and hasattr(pattern, "url_patterns"):
            yield from _segments(pattern.url_patterns)
        elif segment and re.fullmatch(r"[\w.-]+", segment):
            yield segment


def _is_fixed(path: str) -> bool:
    """Whether a route of the site answers there, or its first segment belongs to routes."""
    if path.split("/")[1] in _fixed_segments():
        return True
    try:
        return resolve(path).url_name != CATCH_ALL
    except Resolver404:
        return False


@transaction.atomic
def moved(old: str, new: str, *, owner: str) -> None:
    """Write that ``old`` leads to ``new``, in one hop from every earlier address too.

    An old address that is taken back stops being a redirect.
    """
    if old == new:
        return
    Redirect.objects.filter(old_path=new).delete()
    Redirect.objects.filter(new_path=old).update(new_path=new)
    Redirect.objects.update_or_create(old_path=old, defaults={"new_path": new, "owner": owner})


@transaction.atomic
def returned(path: str, *, since: str, owners: Collection[str]) -> None:
    """Write that a page lives at ``path`` again, which had led to ``since``.

    Older addresses of the owners that were led on to ``since`` lead to it again.
    """
    Redirect.objects.filter(old_path=path).delete()
    Redirect.objects.filter(new_path=since, owner__in=owners).update(new_path=path)


def gone(path: str, *, owner: str) -> None:
    """Write that what lived at this path is gone for good (410), from earlier addresses too."""
    Redirect.objects.filter(new_path=path).update(new_path="")
    Redirect.objects.update_or_create(old_path=path, defaults={"new_path": "", "owner": owner})


def flatten(redirect: Redirect) -> None:
    """What led to this old address leads on to its new one at once."""
    Redirect.objects.filter(new_path=redirect.old_path).update(new_path=redirect.new_path)


def find(path: str) -> Redirect | None:
    """The redirect at this decoded path. One query."""
    return Redirect.objects.filter(old_path=path).first()
