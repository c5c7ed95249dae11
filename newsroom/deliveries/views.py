"""What the outside must be able to read for a delivery to be believed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from newsroom.caching import page


@require_safe
def indexnow_key(request: HttpRequest, key: str) -> HttpResponse:
    """The key of IndexNow, which proves that announcements of this site are its own."""
    response = HttpResponse(settings.INDEXNOW_KEY, content_type="text/plain; charset=utf-8")
    return page(response, tags={"site"})
