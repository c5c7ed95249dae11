"""The fronts, and the one view that finds a path."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe

from articles import feeds, structured_data
from articles.models import Article
from articles.views.article import article
from articles.views.lists import river
from newsroom.caching import page, soonest
from newsroom.fronts import rules
from newsroom.images.models import gallery
from newsroom.publication import masthead
from newsroom.publication.views import house_page
from sections import navigation
from sections.navigation import Node

Finder = Callable[[HttpRequest, str], HttpResponse | None]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page. Five queries."""
    now = timezone.now()
    publication = masthead.of_request(request)
    front = rules.home(navigation.tree(publication), now=now)
    pictures = gallery(front.pictures(), now=now)
    context = {
        "front": front,
        "feed_at": "/",
        "structured_data": structured_data.website(publication),
    }
    return page(
        TemplateResponse(request, "fronts/home.html", context),
        tags={
            "site",
            "front:home",
            "latest",
            *(story.subject for story in front.stories()),
            *pictures.tags,
        },
        until=soonest(Article.objects.next_due(now=now), pictures.until),
    )


def section(request: HttpRequest, path: str) -> HttpResponse | None:
    """A section's front with the stories of its children, or None when no section lives here."""
    node = _node(request, path)
    if node is None:
        return None
    now = timezone.now()
    articles = Article.objects.in_sections([below.pk for below in node.family()])
    found = river(request, articles, now=now)
    pictures = gallery((story.lead_image for story in found.articles), now=now)
    context = {
        "section": node,
        "page": found,
        "feed_at": node.path,
        "breadcrumbs": structured_data.breadcrumbs(node.crumbs),
    }
    return page(
        TemplateResponse(request, "fronts/section.html", context),
        tags={"site", node.subject, *pictures.tags},
        until=soonest(articles.next_due(now=now), pictures.until),
    )


def section_feed(request: HttpRequest, path: str) -> HttpResponse | None:
    """The feed of the section before ``feed.xml``, ``feed.atom`` or ``feed.json``, or None."""
    base, _, name = path.rpartition("/")
    if name not in feeds.FORMATS:
        return None
    node = _node(request, f"{base}/")
    return feeds.section(request, node, name) if node else None


def _node(request: HttpRequest, path: str) -> Node | None:
    return navigation.tree(masthead.of_request(request)).by_path.get(path)


#: In the house's order but for the sections, which are held in memory: they cost no query, and
#: no path is ever given to two of them.
FINDERS: tuple[Finder, ...] = (section, section_feed, article, house_page)


@require_safe
def find(request: HttpRequest, path: str) -> HttpResponse:
    """Whatever lives at the path; with a slash too few or too many, a redirect there."""
    path = request.path_info
    if response := _at(request, path):
        return response
    mended = _mended(path)
    if mended != path and (mended == "/" or _at(request, mended)):
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponsePermanentRedirect(iri_to_uri(mended) + query)
    message = "Nothing lives at this address."
    raise Http404(message)


def _at(request: HttpRequest, path: str) -> HttpResponse | None:
    return next((found for finder in FINDERS if (found := finder(request, path))), None)


def _mended(path: str) -> str:
    parts = [part for part in path.split("/") if part]
    if not parts:
        return "/"
    end = "" if path.endswith("/") and "." in parts[-1] else "/"
    return f"/{'/'.join(parts)}{end}"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in the site's look, with a search box and ways on."""
    return TemplateResponse(request, "404.html", status=404)
