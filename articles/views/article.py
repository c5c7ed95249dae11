"""A story's own page."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from articles import body, related, structured_data
from articles.models import Article
from newsroom import richtext
from newsroom.caching import latest, page, soonest
from newsroom.images.models import gallery
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
    in_body = body.pictures(html)
    topics = found.topics
    beside, mentioned = related.beside(
        found, topics=topics, mentioned=richtext.references(html).articles, now=now
    )
    context = {
        "article": found,
        "section": section,
        "body": body.render(html, images=in_body, articles=mentioned, now=now),
        "lead": found.lead_picture(now=now, sizes="(min-width: 60rem) 48rem, 100vw"),
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
    portraits = [line.author.portrait for line in found.bylines.all()]
    pictures = gallery([found.lead_image, *in_body.values(), *portraits], now=now)
    return page(
        TemplateResponse(request, "articles/article.html", context),
        tags={"site", found.subject, f"path:{found.path}", *shown, *pictures.tags},
        until=soonest(now + BESIDE_TTL, pictures.until),
        modified=latest(found.modified_at, pictures.changed_at),
    )


def gone(request: HttpRequest, *, tags: set[str]) -> HttpResponse:
    """410: it was here and was taken away on purpose."""
    return page(TemplateResponse(request, "410.html", status=410), tags=tags)
