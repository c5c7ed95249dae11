"""What search engines are told: robots.txt, the sitemaps cut by month, and the news of two days.

Sitemaps are joined strings, for a template would be rendered a thousand times (speed.md). Format:
sitemaps.org 0.9, with Google's extensions for images and news.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from html import escape

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.feeds import printable
from articles.models import Article, Tag
from articles.structured_data import SHARED_WIDTH_PX, address, jpeg
from authors.models import Author
from newsroom.caching import page, soonest
from newsroom.images.models import Gallery, gallery
from newsroom.publication import masthead
from newsroom.publication.models import HousePage, Publication
from sections import navigation

#: sitemaps.org: at most so many addresses in one file.
MAX_URLS = 50_000
#: Google, "News sitemaps": the last two days, at most a thousand.
NEWS_AGE = timedelta(hours=48)
MAX_NEWS = 1_000

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

#: Stories come and go with "latest"; names and addresses of the rest change with "site".
TAGS = frozenset({"site", "latest"})


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The sitemaps of every month with its newest change, and that of the pages. Three queries."""
    now = timezone.now()
    months = Article.objects.published(now=now).modified_by_month()
    lines = [
        _entry("sitemap", address(f"/sitemaps/{month:%Y-%m}.xml"), _lastmod(modified))
        for month, modified in months
    ]
    lines.append(_entry("sitemap", address("/sitemaps/pages.xml")))
    return _answer(_document("sitemapindex", lines), until=Article.objects.next_due(now=now))


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The stories of a month in the publication's time zone; 404 for one without. Three queries."""
    now = timezone.now()
    articles = Article.objects.between(
        _first_moment(year, month), _first_moment(*_next(year, month))
    )
    stories = list(articles.published(now=now).for_sitemap().newest()[:MAX_URLS])
    lines = [_entry("url", *_facts(story, now=now)) for story in stories]
    if not lines:
        message = f"Nothing was published in {year}-{month:02}."
        raise Http404(message)
    text = _document("urlset", lines, image=IMAGE)
    pictures = gallery((story.lead_image for story in stories), now=now)
    return _answer(
        text, until=soonest(articles.next_due(now=now), pictures.until), pictures=pictures
    )


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    """Everything that is no story: the front, sections, authors and topics with public stories,
    house pages. Five queries, one more when the sections are not held yet."""
    now = timezone.now()
    public = Article.objects.published(now=now)
    sections = navigation.tree(masthead.of_request(request)).by_path
    authors = Author.objects.filter(Exists(public.filter(bylines__author=OuterRef("pk"))))
    topics = Tag.objects.filter(Exists(public.filter(tagged__tag=OuterRef("pk"))), merged_into=None)
    found = [
        "/",
        *sections,
        "/corrections/",
        *(author.get_absolute_url() for author in authors.only("slug")),
        *(topic.get_absolute_url() for topic in topics.only("slug")),
    ]
    lines = [_entry("url", address(path)) for path in found]
    lines += [
        _entry("url", address(house.get_absolute_url()), _lastmod(house.updated_at))
        for house in HousePage.objects.public().only("slug", "updated_at")
    ]
    return _answer(_document("urlset", lines), until=Article.objects.next_due(now=now))


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """The stories of the last 48 hours, a thousand at most. Three queries.

    It changes by itself when a story comes out or the oldest one gets too old.
    """
    now = timezone.now()
    # A story leaves in the second in which it is 48 hours old, so the oldest is younger than that.
    since = now - NEWS_AGE + timedelta.resolution
    recent = Article.objects.published(now=now).between(since, now + timedelta.resolution)
    stories = list(recent.for_sitemap().newest()[:MAX_NEWS])
    head = _publication(masthead.of_request(request))
    lines = [_entry("url", *_facts(story, now=now), _news(story, head)) for story in stories]
    oldest = stories[-1].published_at if stories else None
    pictures = gallery((story.lead_image for story in stories), now=now)
    until = soonest(
        Article.objects.next_due(now=now), oldest + NEWS_AGE if oldest else None, pictures.until
    )
    text = _document("urlset", lines, image=IMAGE, news=NEWS)
    return _answer(text, until=until, pictures=pictures)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What robots may read: all but the desk and searches. The publication's query only."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /search/",
        "",
        f"Sitemap: {address('/sitemap.xml')}",
        f"Sitemap: {address('/sitemaps/news.xml')}",
        "",
    ]
    return page(
        HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"), tags={"site"}
    )


# --- Months -----------------------------------------------------------------------------------


def _first_moment(year: int, month: int) -> datetime:
    """Of a month in the publication's time zone, which its middleware has made the current one."""
    return datetime.combine(date(year, month, 1), time.min, tzinfo=timezone.get_current_timezone())


def _next(year: int, month: int) -> tuple[int, int]:
    return year + month // 12, month % 12 + 1


# --- Writing ----------------------------------------------------------------------------------


def _facts(story: Article, *, now: datetime) -> tuple[str, str, str]:
    """Address, last change and lead image of a story, as readers see it."""
    modified = _lastmod(story.modified_at) if story.modified_at else ""
    lead = story.lead_image.shown(now=now) if story.lead_image else None
    file = jpeg(lead, SHARED_WIDTH_PX)
    picture = _tag("image:image", _tag("image:loc", escape(file["url"]))) if file else ""
    return address(story.path or "/"), modified, picture


def _news(story: Article, head: str) -> str:
    at = _tag("news:publication_date", story.published_at.isoformat() if story.published_at else "")
    return _tag("news:news", head, at, _tag("news:title", escape(printable(story.headline))))


def _publication(publication: Publication) -> str:
    """Its name and language, which Google wants in two letters, but for the two of Chinese."""
    language = publication.language.lower()
    if language not in {"zh-cn", "zh-tw"}:
        language = language.split("-")[0]
    return _tag(
        "news:publication",
        _tag("news:name", escape(printable(publication.name))),
        _tag("news:language", escape(language)),
    )


def _lastmod(at: datetime) -> str:
    return _tag("lastmod", at.isoformat())


def _entry(element: str, url: str, *facts: str) -> str:
    return _tag(element, _tag("loc", escape(url)), *facts)


def _tag(name: str, *content: str) -> str:
    return f"<{name}>{''.join(content)}</{name}>"


def _document(root: str, lines: Iterable[str], **spaces: str) -> str:
    names = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in spaces.items())
    body = "\n".join(lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SITEMAP}"{names}>\n{body}\n</{root}>\n'


def _answer(text: str, *, until: datetime | None, pictures: Gallery | None = None) -> HttpResponse:
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    return page(response, tags=TAGS | (pictures.tags if pictures else set()), until=until)
