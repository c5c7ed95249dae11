"""House pages, and whether the site is well."""

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from newsroom import richtext
from newsroom.caching import PRIVATE, page
from newsroom.deliveries.standing import Standing, standing
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
    """200 when the database answers and holds our tables, else 503; then how the queue stands.

    ``select 1`` would call an empty new SQLite file well. A queue that is late or a worker that is
    missing is said and makes no 503: readers are served all the same, and taking the site away from
    them would mend nothing.
    """
    try:
        Publication.current()
        HousePage.objects.exists()
        queue = standing()
    except DatabaseError:
        return _plain("the database does not answer, or is not migrated", 503)
    return _plain("\n".join(["ok", *_told(queue)]), 200)


def _told(queue: Standing) -> list[str]:
    last = queue.last_tick_at
    return [
        f"queue: {queue.waiting} waiting, the oldest for {queue.oldest_seconds} s",
        f"failures: {queue.failing} tried again, {queue.given_up} given up",
        f"workers: {queue.workers}",
        f"last tick: {last.isoformat(timespec='seconds') if last else 'never'}",
    ]


def _plain(text: str, status: int) -> HttpResponse:
    response = HttpResponse(f"{text}\n", content_type="text/plain", status=status)
    response.headers["Cache-Control"] = PRIVATE
    return response
