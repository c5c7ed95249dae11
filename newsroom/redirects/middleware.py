"""What was not found may have moved: looked up for every 404 outside the desk, whoever said it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.utils.encoding import iri_to_uri

from newsroom.caching import page
from newsroom.redirects import paths

#: A feed moves with the page it belongs to.
FEEDS = ("feed.xml", "feed.atom", "feed.json")


def redirects(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """301 in one hop, 410 where the page is gone for good; one query for each 404."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:
            return response
        return moved(request) or response

    return handle


def moved(request: HttpRequest) -> HttpResponseBase | None:
    """Where the asked page, or the page of the asked feed, lives now."""
    path, _, last = request.path_info.rpartition("/")
    suffix = last if last in FEEDS else ""
    asked = f"{path}/" if suffix else request.path_info
    found = paths.find(asked)
    if found is None and not asked.endswith("/"):
        found = paths.find(f"{asked}/")
    if found is None:
        return None
    if not found.new_path:
        return page(
            TemplateResponse(request, "410.html", status=410), tags={f"path:{asked}"}
        ).render()
    target = HttpResponsePermanentRedirect(iri_to_uri(found.new_path + suffix))
    return page(target, tags={f"path:{asked}"})
