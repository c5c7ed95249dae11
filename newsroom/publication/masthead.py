"""What every page shows of the publication, held per process until its token changes."""

from dataclasses import dataclass

from django.http import HttpRequest

from newsroom.publication.models import HousePage, Publication


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Masthead:
    """The links around every page: elsewhere on the web, and the house pages."""

    social: tuple[Link, ...]
    house: tuple[Link, ...]


_held: dict[str, Masthead] = {}


def of_request(request: HttpRequest) -> Publication:
    """The publication, fetched once per request. One query at most."""
    publication: Publication | None = getattr(request, "_publication", None)
    if publication is None:
        publication = Publication.current()
        request._publication = publication  # type: ignore[attr-defined]
    return publication


def links(publication: Publication) -> Masthead:
    """Social links and footer menu; two queries when the token is new, none after."""
    held = _held.get(publication.token)
    if held is None:
        held = _read(publication)
        _held.clear()
        if publication.token:
            _held[publication.token] = held
    return held


def _read(publication: Publication) -> Masthead:
    return Masthead(
        social=tuple(Link(link.label, link.url) for link in publication.social_links.all()),
        house=tuple(
            Link(page.title, page.get_absolute_url())
            for page in HousePage.objects.in_menu().only("title", "slug")
        ),
    )
