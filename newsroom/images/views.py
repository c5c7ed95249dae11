"""The view that serves pictures where no web server or object store does."""

import re

from django.core.files.storage import FileSystemStorage, default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.views.decorators.http import require_safe

from newsroom.caching import IMMUTABLE
from newsroom.storage import CONTENT_TYPES

#: All that is ever served. Originals are not among it: they hold what a reader must not get, such
#: as where a photograph was taken.
SERVED = re.compile(
    r"renditions/[0-9a-f]{24}(?:[0-9a-f]{8})?/(?:(?:16x9|3x2|1x1|4x5)-)?[1-9][0-9]{0,3}\.(webp|jpg|avif)"
    r"|publication/logo-[0-9a-f]{8,64}\.(png)"
)
#: How long a cache may keep where a picture went; the site may move back (seconds).
MOVED_SECONDS = 86_400


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """A rendition or the logo; 404 for any other name. Its bytes never change.

    With pictures in a bucket the way there: feed readers keep addresses from before the move.
    """
    match = SERVED.fullmatch(name)
    if not match:
        return _absent()
    if not isinstance(default_storage, FileSystemStorage):
        headers = {"Cache-Control": f"public, max-age={MOVED_SECONDS}"}
        return HttpResponseRedirect(default_storage.url(name), headers=headers)
    try:
        with default_storage.open(name) as file:
            data = file.read()
    except FileNotFoundError:
        return _absent()
    return HttpResponse(
        data,
        content_type=CONTENT_TYPES[match[1] or match[2]],
        headers={
            "Cache-Control": IMMUTABLE,
            "Content-Disposition": "inline",
            "Content-Length": str(len(data)),
            "Content-Security-Policy": "default-src 'none'",
            # Feed readers on the web show our pictures on their own pages.
            "Cross-Origin-Resource-Policy": "cross-origin",
            "ETag": f'"{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _absent() -> HttpResponse:
    """In plain text: who asks for a picture has no use for a page, which costs a hundred times more."""
    return HttpResponseNotFound("There is no such picture.\n", content_type="text/plain")
