"""A story's own page."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from articles import body, related, structured_data
from articles.models import Article
from newsroom import richtext
from newsroom.caching import page
from newsroom.images.models import Picture
from newsroom.publication import masthead
from sections import navigation

#: Lists beside a story refresh by age, so that one publication does not stale a section (law 8).
BESIDE_TTL = timedelta(hours=1)


def article(request: HttpRequest, path: str) -> HttpResponse | None:
    """The public story at this path, 410 where one was withdrawn, None where there is none.

    Five queries: publication, story, bylines, related, pictures of the body.
    """
    now = timezone.now()
    found = Article.objects.for_page().filter(path=path).first()
    if found is None:
        return None
    if found.was_withdrawn:
        return gone(request, tags={found.subject, f"path:{path}"})
    if not found.is_public(now=now):
        return None
    return story(request, found)


def story(request: HttpRequest, found: Article) -> HttpResponse:
    """The page of a public story that ``for_page`` has fetched."""
    now = timezone.now()
    publication = masthead.of_request(request)
    section = navigation.tree(publication).by_pk[found.section_id]
    html = found.body.html
    topics = found.topics
    beside, mentioned = related.beside(
        found, topics=topics, mentioned=richtext.references(html).articles, now=now
    )
    context = {
        "article": found,
        "section": section,
        "body": body.render(html, images=body.pictures(html), articles=mentioned),
        "lead": lead_picture(found),
        "topics": topics,
        "notices": found.notices,
        "related": beside,
        "reading_minutes": richtext.reading_minutes(found.body.word_count),
        "structured_data": structured_data.article(found, publication),
        "breadcrumbs": structured_data.breadcrumbs(
            [*section.crumbs, (found.headline, found.path or "/")]
        ),
        "social_image": structured_data.social_image(found),
    }
    shown = {other.subject for other in [*beside, *mentioned.values()]}
    return page(
        TemplateResponse(request, "articles/article.html", context),
        tags={"site", found.subject, f"path:{found.path}", *shown},
        until=now + BESIDE_TTL,
        modified=found.modified_at,
    )


def lead_picture(found: Article) -> Picture | None:
    """The lead image with the words of this use before those of the library."""
    if found.lead_image is None:
        return None
    return found.lead_image.picture(
        alt=found.lead_alt or None,
        caption=found.lead_caption or None,
        sizes="(min-width: 60rem) 48rem, 100vw",
    )


def gone(request: HttpRequest, *, tags: set[str]) -> HttpResponse:
    """410: it was here and was taken away on purpose."""
    return page(TemplateResponse(request, "410.html", status=410), tags=tags)
