"""Times are shown, and typed at the desk, in the publication's time zone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from newsroom.publication import masthead

#: Answered without the database.
BARE_PREFIXES = ("/static/", "/media/", "/livez", "/readyz")


def publication(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def handle(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(BARE_PREFIXES):
            return get_response(request)
        with timezone.override(masthead.of_request(request).zone):
            return get_response(request)

    return handle
