"""The public page of a story that is not public: what the desk previews and share links show."""

from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from articles import snapshot
from articles.models import Article, Body, Byline, Tag
from articles.models.proof import date
from articles.models.revision import Snapshot
from articles.views.article import story
from authors.models import Author
from newsroom.caching import PRIVATE
from newsroom.images.models import Image
from sections.models import Section

Response = TypeVar("Response", bound=HttpResponse)


def page_of(request: HttpRequest, article: Article | None, content: Snapshot) -> TemplateResponse:
    """The public page with this content, kept by no cache and listed by no search engine.

    Whether the request may see it is asked before. ``content`` is put on an unsaved copy of the row.
    """
    shown: Any = story(request, proof(article, snapshot.normalize(content)))
    return unlisted(TemplateResponse(request, shown.template_name, shown.context_data))


def unlisted(response: Response) -> Response:
    """The answer with the headers of what is not for the public."""
    response.headers["Cache-Control"] = PRIVATE
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def proof(article: Article | None, content: Snapshot) -> Article:
    """An unsaved copy of the story that says ``content``, with all that its page shows."""
    rows = Article.objects.for_page()
    found = rows.filter(pk=article.pk).first() if article else None
    copy = found or Article(pk=0)
    for name in snapshot.TEXTS:
        setattr(copy, name, content[name])
    copy.section = Section.objects.get(pk=content["section"]["id"])
    copy.lead_image = (
        Image.objects.with_fallbacks().filter(pk=content["lead_image"]["id"]).first()
        if content["lead_image"]
        else None
    )
    copy.lead_waived = content["lead_waived"]
    copy.body = Body(article_id=copy.pk)  # type: ignore[assignment, unused-ignore]
    copy.body.set_html(content["body"])
    _cache_bylines(copy, content)
    copy.tag_rows = _tag_rows(content)  # type: ignore[attr-defined]
    if found is None:
        copy.correction_rows = []  # type: ignore[attr-defined]
    return date(copy, at=timezone.now().replace(microsecond=0))


def _cache_bylines(copy: Article, content: Snapshot) -> None:
    """Bylines as if they had been prefetched."""
    authors = Author.objects.select_related("portrait__fallback").in_bulk(
        [line["author"]["id"] for line in content["bylines"]]
    )
    lines = [
        Byline(article_id=copy.pk, author=authors[pk], role=line["role"], order=order)
        for order, line in enumerate(content["bylines"])
        if (pk := line["author"]["id"]) in authors
    ]
    bylines = Byline.objects.none()
    bylines._result_cache = lines
    bylines._prefetch_done = True  # type: ignore[attr-defined]
    copy._prefetched_objects_cache = {"bylines": bylines}  # type: ignore[attr-defined]


def _tag_rows(content: Snapshot) -> list[dict[str, Any]]:
    """As ``with_rows`` has them; a new name has its page only once it is published."""
    tags = Tag.objects.in_bulk([tag["id"] for tag in content["tags"] if tag["id"]])
    return [
        {"order": order, "pk": tag.pk, "name": tag.name, "slug": tag.slug}
        for order, line in enumerate(content["tags"])
        if (tag := tags.get(line["id"]) or Tag(pk=0, name=line["label"], slug="-"))
    ]
