"""An author's own page."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from authors.models import Author
from newsroom.caching import page, soonest
from newsroom.images.models import gallery


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    """Who it is, and the stories, latest first."""
    now = timezone.now()
    found = get_object_or_404(Author.objects.select_related("portrait__fallback"), slug=slug)
    try:
        stories = found.articles.published(now=now).for_cards().page(request.GET)
    except ObjectDoesNotExist as error:
        raise Http404(str(error)) from error
    context = {"author": found, "page": stories, "feed_at": found.get_absolute_url()}
    pictures = gallery([found.portrait, *(story.lead_image for story in stories.articles)], now=now)
    return page(
        TemplateResponse(request, "authors/author.html", context),
        tags={"site", found.subject, *pictures.tags},
        until=soonest(found.articles.next_due(now=now), pictures.until),
    )
