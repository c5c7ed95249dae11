"""Whatever is asked: a page that helps, never a 500."""

from urllib.parse import quote, unquote_to_bytes

import pytest
from django.test import Client

from newsroom.accounts.models import User
from newsroom.publication.models import HousePage
from tests import factories

pytestmark = pytest.mark.django_db

HUGE = "9" * 400
LISTS = ("/", "/harbor/", "/authors/ines-caldeira/", "/topics/ferries/", "/2026/11/", "/search/")
CURSORS = (
    "x", HUGE, "20261322T120000-1", "00000000T000000-1", "20261122T120000-" + HUGE, "%ff", "%00",
    "19000101T000000-1", "' OR 1=1 --", "\u202e", "a" * 100_000,
)  # fmt: skip
PATHS = (
    "/2026/13/", "/2026/02/31/", "/2026/00/", "/0000/", "/9999/", "/2999/12/31/", f"/{HUGE}/",
    "/%00", "/a%00b/", "/%ff%fe/", "/%c0%af/", "/harbor/%00/", "/authors/%00/", "/topics/%ff/",
    "/authors/nobody/", "/topics/nothing/", "/harbor/nothing/", "/.env", "/wp-login.php",
    "/../../etc/passwd", "/media/../settings.py", "/media/originals/x", "/media/renditions/x",
    "/static/nothing.css", "/sitemaps/0000-00.xml", "/sitemaps/2026-13.xml", "/sitemaps/x.xml",
    "/feed.xmlx", "/harbor/feed.exe", "/topics/nothing/feed.xml", "/authors/nobody/feed.json",
    "/🐟/", "/" + "a/" * 2000, "/2026/11/" + "x" * 3000 + "/", "/search/extra/", "//", "//evil.example/",
    "/harbor//", "/\\evil.example/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def paper(chief: User) -> None:
    factories.published(by=chief)
    HousePage(title="About", slug="about").save()


def get(address: str, **extra: str):
    """Ask as a client does who does not let the framework mend the address."""
    client = Client(raise_request_exception=False)
    path, _, query = address.partition("?")
    # As a server passes it on: the client would take "//x/" for a host.
    decoded = unquote_to_bytes(path).decode("latin-1")
    return client.get("/", PATH_INFO=decoded, QUERY_STRING=query, **extra)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:30])
def test_odd_path_is_a_helpful_404_or_leads_home(path: str) -> None:
    response = get(path)
    assert response.status_code in {301, 400, 404}
    if response.status_code == 301:
        assert response.headers["Location"] in {"/", "/harbor/"}
    elif response.status_code == 404 and not path.startswith(("/media/", "/static/")):
        assert b'role="search"' in response.content


@pytest.mark.parametrize("cursor", CURSORS, ids=lambda cursor: cursor[:20])
@pytest.mark.parametrize("address", LISTS[1:-1])
def test_broken_cursor_is_a_404(address: str, cursor: str) -> None:
    assert get(f"{address}?before={quote(cursor, safe='%')}").status_code == 404
    if not cursor.startswith("1900"):  # what came after 1900 is a page
        assert get(f"{address}?after={quote(cursor, safe='%')}").status_code == 404


@pytest.mark.parametrize("address", LISTS)
def test_unknown_parameters_are_ignored(address: str) -> None:
    assert get(f"{address}?utm_source=x&page={HUGE}&state=draft&__class__=1").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 1_000_000, "q=" + quote('"' * 500), "q=NEAR(a b)", "q=*", "q=-", "q=%00", "q=%ff",
        "q=a&section=nothing", "q=a&author=nobody", "q=a&since=2026-02-31", "q=a&until=x",
        f"q=a&since={HUGE}", "q=a&page=x", f"q=a&page={HUGE}", "q=" + quote("'; DROP TABLE x; --"),
        "q=" + quote("🐟"), "q=headline:a", "q=(((", "q=a AND OR NOT", "q=%E2%80%AE",
    ],
    ids=lambda query: query[:20],
)  # fmt: skip
def test_search_takes_anything(query: str) -> None:
    assert get(f"/search/?{query}").status_code in {200, 400, 404, 414}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", [*LISTS, "/about/", "/feed.xml", "/sitemap.xml", "/robots.txt"])
def test_readers_only_read(address: str, method: str) -> None:
    client = Client(raise_request_exception=False)
    assert getattr(client, method)(address).status_code in {403, 405}


def test_foreign_host_is_refused_and_not_reflected() -> None:
    response = get("/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert b"evil.example" not in response.content


@pytest.mark.parametrize("path", ["/harbor", "/harbor//", "//harbor/", "/about"])
def test_slash_too_few_or_too_many_leads_to_the_page_in_one_hop(path: str) -> None:
    response = get(path)
    assert response.status_code == 301
    assert Client().get(response.headers["Location"]).status_code == 200


def test_redirect_keeps_the_query() -> None:
    assert get("/harbor?from=mail&to=me").headers["Location"] == "/harbor/?from=mail&to=me"
