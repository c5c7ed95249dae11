"""House pages, and whether the site is well."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from newsroom import richtext
from newsroom.caching import PRIVATE, page
from newsroom.publication.models import HousePage, Publication


def house_page(request: HttpRequest, path: str) -> HttpResponse | None:
    """The house page at this path, or None."""
    found = HousePage.objects.public().filter(slug=path.strip("/")).first()
    if found is None or found.get_absolute_url() != path:
        return None
    # Again on the way out: a row may have been written past save(), by an import or by hand.
    found.body = richtext.clean(found.body)
    return page(
        TemplateResponse(request, "publication/house_page.html", {"house_page": found}),
        tags={"site", found.subject, f"path:{path}"},
        modified=found.updated_at,
    )


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it wherever a page names no icon, as at the desk."""
    to = HttpResponseRedirect(static("site/favicon.svg"))
    return page(to, tags={"site"})


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all."""
    return _plain("ok", 200)


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and holds our tables, else 503.

    ``select 1`` would call an empty new SQLite file well.
    """
    try:
        Publication.current()
        HousePage.objects.exists()
    except DatabaseError:
        return _plain("the database does not answer, or is not migrated", 503)
    return _plain("ok", 200)


def _plain(text: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{text}\n", content_type="text/plain", status=status)
    response.headers["Cache-Control"] = PRIVATE
    return response
