"""Addresses of stories in lists, feeds and sitemaps; a story's own path is found by the fronts."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from articles import feeds, sitemaps
from articles.views import lists, searching, shared


class Year(StringConverter):
    regex = r"[12]\d{3}"

    def to_python(self, value: str) -> int:  # type: ignore[override]
        return int(value)


class Month(Year):
    regex = r"0[1-9]|1[0-2]"

    def to_url(self, value: int) -> str:  # type: ignore[override]
        return f"{int(value):02}"


class Day(Month):
    regex = r"0[1-9]|[12]\d|3[01]"


class Feed(StringConverter):
    regex = r"feed\.(?:xml|atom|json)"


register_converter(Year, "year")
register_converter(Month, "month")
register_converter(Day, "day")
register_converter(Feed, "feed")

app_name = "articles"
urlpatterns = [
    path("<year:year>/", lists.archive_year, name="archive_year"),
    path("<year:year>/<month:month>/", lists.archive_month, name="archive_month"),
    path("<year:year>/<month:month>/<day:day>/", lists.archive_day, name="archive_day"),
    path("topics/<str:slug>/", lists.topic, name="topic"),
    path("corrections/", lists.corrections, name="corrections"),
    path("search/", searching.search, name="search"),
    path("<feed:name>", feeds.site, name="feed"),
    path("authors/<slug:slug>/<feed:name>", feeds.author, name="author_feed"),
    path("topics/<str:slug>/<feed:name>", feeds.topic, name="topic_feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/<year:year>-<month:month>.xml", sitemaps.month, name="sitemap_month"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/news.xml", sitemaps.news, name="sitemap_news"),
    path("shared/<str:token>/", shared.shared, name="shared"),
    path("robots.txt", sitemaps.robots, name="robots"),
]
