"""Pages that list stories: topics, the archive, corrections."""

from datetime import date, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Article, ArticleQuerySet, Correction, Page, Tag
from articles.models.article import BadCursor
from newsroom.caching import page, soonest
from newsroom.images.models import gallery

CORRECTIONS_PER_PAGE = 50


def river(request: HttpRequest, articles: ArticleQuerySet, *, now: datetime) -> Page:
    """The page of a list that the request asks for; 404 when its cursor leads nowhere."""
    try:
        return articles.published(now=now).for_cards().page(request.GET)
    except BadCursor as error:
        raise Http404(str(error)) from error


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Stories on a topic, latest first; a topic of unpublished stories does not exist yet."""
    now = timezone.now()
    tag = get_object_or_404(Tag, slug=slug, merged_into=None)
    articles = Article.objects.tagged_with(tag)
    found = river(request, articles, now=now)
    if not found.articles:
        message = "Nothing has been published on this topic."
        raise Http404(message)
    pictures = gallery((story.lead_image for story in found.articles), now=now)
    context = {"topic": tag, "page": found, "feed_at": tag.get_absolute_url()}
    return page(
        TemplateResponse(request, "articles/topic.html", context),
        tags={"site", tag.subject, *pictures.tags},
        until=soonest(articles.next_due(now=now), pictures.until),
    )


@require_safe
def archive_year(request: HttpRequest, year: int) -> HttpResponse:
    """The months of a year with their numbers of stories."""
    start, end = _moment(date(year, 1, 1)), _moment(_after_year(year))
    articles = Article.objects.between(start, end)
    now = timezone.now()
    months = articles.published(now=now).months()
    if not months:
        message = f"Nothing was published in {year}."
        raise Http404(message)
    context = {
        "year": year,
        "months": months,
        "total": sum(number for _, number in months),
        "previous": _year_beside(year, now=now, step=-1),
        "next": _year_beside(year, now=now, step=1),
    }
    return page(
        TemplateResponse(request, "articles/archive_year.html", context),
        tags={"site", "latest"},
        until=articles.next_due(now=now),
    )


@require_safe
def archive_month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The stories of a month, latest first."""
    first = date(year, month, 1)
    return _span(request, first, _after_month(first), "month")


@require_safe
def archive_day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """The stories of a day, latest first."""
    try:
        on = date(year, month, day)
    except ValueError as error:
        message = f"There is no day {day} in that month."
        raise Http404(message) from error
    return _span(request, on, on + timedelta(days=1), "day")


def _span(request: HttpRequest, first: date, after: date, span: str) -> HttpResponse:
    now = timezone.now()
    articles = Article.objects.between(_moment(first), _moment(after))
    found = river(request, articles, now=now)
    if not found.articles:
        message = "Nothing was published then."
        raise Http404(message)
    context = {"first": first, "span": span, "page": found}
    return page(
        TemplateResponse(request, "articles/archive.html", context),
        tags={"site", "latest"},
        until=articles.next_due(now=now),
    )


def _moment(on: date) -> datetime:
    """The first moment of a day in the publication's time zone."""
    return datetime.combine(on, time.min, tzinfo=timezone.get_current_timezone())


def _after_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _after_year(year: int) -> date:
    return date(year + 1, 1, 1)


def _year_beside(year: int, *, now: datetime, step: int) -> int | None:
    """The nearest year before (-1) or after (1) in which something was published."""
    public = Article.objects.published(now=now)
    if step < 0:
        found = public.until(_moment(date(year, 1, 1))).newest().first()
    else:
        found = public.since(_moment(_after_year(year))).oldest().first()
    return timezone.localtime(found.published_at).year if found else None


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """What was wrong, latest first, each with the story it belongs to."""
    now = timezone.now()
    public = Article.objects.published(now=now)
    rows = Correction.objects.of(public).select_related("article")
    return page(
        TemplateResponse(
            request,
            "articles/corrections.html",
            {
                "corrections": rows.only(
                    "kind", "text", "at", "signed_by", "article__headline", "article__path"
                )[:CORRECTIONS_PER_PAGE]
            },
        ),
        tags={"site", "corrections"},
        until=Article.objects.next_due(now=now),
    )
