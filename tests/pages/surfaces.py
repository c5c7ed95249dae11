"""Every public address of the site, found from the URL configuration itself.

A route with a parameter that is not known here fails the tests until somebody says what to ask
for: a new page cannot be forgotten.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from articles.models import Article, Tag
from authors.models import Author
from newsroom.images.models import Image
from newsroom.publication.models import HousePage
from newsroom.redirects.models import Redirect
from sections.models import Section

#: Not for readers: tested door by door elsewhere.
DESK = ("admin/", "accounts/")
FEEDS = ("feed.xml", "feed.atom", "feed.json")


def values(route: str) -> dict[str, list[Any]]:
    """What to put into each parameter of a route: everything that the database holds."""
    moments = [at for at in Article.objects.values_list("published_at", flat=True) if at]
    moments.append(timezone.now())
    local = [timezone.localtime(at) for at in moments]
    slugs = Author.objects if "authors" in route else Tag.objects
    return {
        "slug": list(slugs.values_list("slug", flat=True)),
        "year": sorted({at.year for at in local}),
        "month": sorted({at.month for at in local}),
        "day": sorted({at.day for at in local}),
        "name": renditions() if route.startswith("media/") else list(FEEDS),
        "path": list(paths()),
        # What somebody may guess: a link that was made shows what it is for (test_sharing.py).
        "token": [f"{pk}.{'A' * 43}" for pk in Article.objects.values_list("pk", flat=True)],
        # IndexNow's, when there is one.
        "key": [settings.INDEXNOW_KEY] if settings.INDEXNOW_KEY else [],
    }


def renditions() -> list[str]:
    return [name for image in Image.objects.all() for name in image.names()]


def paths() -> Iterator[str]:
    """What the catch-all may find, and what somebody may guess."""
    sections = list(Section.objects.values_list("path", flat=True))
    yield from sections
    yield from (f"{path}{feed}" for path, feed in product(sections, FEEDS))
    yield from (f"/{slug}/" for slug in HousePage.objects.values_list("slug", flat=True))
    yield from Redirect.objects.values_list("old_path", flat=True)
    for article in Article.objects.all():
        yield from guesses(article)


def guesses(article: Article) -> Iterable[str]:
    """Addresses under which somebody may look for a story."""
    made = {f"{at:/%Y/%m/}{article.slug}/" for at in (article.created_at, timezone.now())}
    return {path for path in (article.path, *made) if path}


def addresses() -> set[str]:
    """Every public address there is to ask for now."""
    found: set[str] = set()
    for route, names in routes(get_resolver().url_patterns):
        known = values(route)
        unknown = [name for name in names if name not in known]
        assert not unknown, (
            f"{route!r} has parameters that tests/pages/surfaces.py does not know: {unknown}"
        )
        for chosen in product(*(known[name] for name in names)):
            found.add(filled(route, dict(zip(names, chosen, strict=True))))
    return found


def filled(route: str, chosen: dict[str, Any]) -> str:
    if "path" in chosen:
        return str(chosen["path"])
    for name, value in chosen.items():
        route = route.replace(f"<{name}>", f"{value:02}" if isinstance(value, int) else str(value))
    return f"/{route}"


def routes(patterns: list[Any], before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Each public route as text with ``<name>`` for its parameters, and their names."""
    for pattern in patterns:
        text, names = plain(pattern)
        if (before + text).startswith(DESK):
            continue
        if isinstance(pattern, URLResolver):
            for rest, more in routes(pattern.url_patterns, before + text):
                yield rest, [*names, *more]
        else:
            yield before + text, names


def plain(pattern: URLPattern | URLResolver) -> tuple[str, list[str]]:
    """The route without its converters, and the names of its parameters."""
    names = list(pattern.pattern.regex.groupindex)
    text = str(pattern.pattern)
    if text.startswith("^"):
        return "<path>" if names == ["path"] else text, names
    for name, converter in pattern.pattern.converters.items():
        for word in _words(text, name):
            text = text.replace(word, f"<{name}>")
        assert converter
    return text, names


def _words(text: str, name: str) -> Iterator[str]:
    start = text.find("<")
    while start >= 0:
        end = text.index(">", start)
        if text[start + 1 : end].rsplit(":", maxsplit=1)[-1] == name:
            yield text[start : end + 1]
        start = text.find("<", end)
