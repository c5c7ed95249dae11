"""A share link: a story that is not public, for whoever has the address."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import sharing, snapshot
from articles.models import ShareLink
from articles.views.proof import page_of, unlisted


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The story as it is saved at the desk; once it is out, the way to its public page.

    Reading writes nothing, whoever reads: a messenger's robot looks at every address that is sent.
    One answer for every address that shows nothing, so that it tells nothing. At most sixteen
    queries.
    """
    now = timezone.now()
    link = sharing.opened(token, now=now)
    response: HttpResponse
    if link is None:
        response = TemplateResponse(request, "articles/shared_dead.html", status=404)
    elif path := sharing.public_path(link, now=now):
        response = HttpResponseRedirect(path)
    else:
        response = _proof(request, link, now=now)
    # The address is the key: no page that is linked to may learn it.
    response.headers["Referrer-Policy"] = "no-referrer"
    return unlisted(response)


def _proof(request: HttpRequest, link: ShareLink, *, now: datetime) -> TemplateResponse:
    content, _ = snapshot.current(snapshot.head(link.article))
    response = page_of(request, link.article, content)
    response.template_name = "articles/shared.html"
    until = link.article.embargo_until
    told = {
        "link": link,
        "undated": link.article.published_at is None,
        "is_update": link.article.is_public(now=now),
        "embargo": until if until and until > now else None,
        "robots": "noindex, nofollow",
    }
    for_engines = {"structured_data": "", "breadcrumbs": "", "social_image": None}
    response.context_data = {**(response.context_data or {}), **told, **for_engines}
    return response
