"""IndexNow: the key that proves whose site it is, and what is told to search engines."""

import json
from typing import Any

import pytest
from django.test import Client

from newsroom import outbound
from newsroom.deliveries import indexnow
from newsroom.redirects import paths
from tests.outside import Said, Station

KEY = "7b1e0a7c-4d8f-Harbor"


def test_search_engine_is_told_addresses_of_ours_and_where_the_key_lies(settings: Any) -> None:
    settings.SITE_URL, settings.INDEXNOW_KEY = "https://news.example", KEY
    with Station(Said(202)) as engine:
        settings.OUTBOUND_ALLOW = [engine.host]
        indexnow.submit(f"{engine.url}indexnow", ["https://news.example/2026/11/ferry/"])
        [request] = engine.received
    assert (request.method, request.path) == ("POST", "/indexnow")
    assert request.headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(request.body) == {
        "host": "news.example",
        "key": KEY,
        "keyLocation": f"https://news.example/{KEY}.txt",
        "urlList": ["https://news.example/2026/11/ferry/"],
    }


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (400, "did not understand us"),
        (403, f"must be able to read https://news.example/{KEY}.txt."),
        (422, "Check SITE_URL and INDEXNOW_KEY."),
        (429, "too often"),
        (503, "answered 503 (Service Unavailable)."),
    ],
)
def test_refusal_is_a_sentence(settings: Any, status: int, sentence: str) -> None:
    settings.SITE_URL, settings.INDEXNOW_KEY = "https://news.example", KEY
    with Station(Said(status)) as engine:
        settings.OUTBOUND_ALLOW = [engine.host]
        with pytest.raises(outbound.Failed) as caught:
            indexnow.submit(engine.url, ["https://news.example/"])
    assert sentence in str(caught.value)
    assert caught.value.status == status


@pytest.mark.django_db
def test_key_lies_at_the_root_for_everyone_and_can_be_purged(settings: Any) -> None:
    settings.INDEXNOW_KEY = KEY
    answer = Client().get(f"/{KEY}.txt")
    assert (answer.status_code, answer.content) == (200, KEY.encode())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "public, no-cache"
    assert (answer.declared_page.tags, bool(answer.cookies)) == ({"site"}, False)
    assert Client().head(f"/{KEY}.txt").status_code == 200
    assert Client().post(f"/{KEY}.txt").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/another-key.txt", f"/{KEY.lower()}.txt", f"/{KEY}.txt/", "/.txt"]
)
def test_no_other_file_is_there(settings: Any, path: str) -> None:
    settings.INDEXNOW_KEY = KEY
    assert Client().get(path).status_code == 404
    settings.INDEXNOW_KEY = ""
    assert Client().get(f"/{KEY}.txt").status_code == 404


@pytest.mark.django_db
def test_address_of_the_key_is_taken_and_others_like_it_are_free(settings: Any) -> None:
    settings.INDEXNOW_KEY = KEY
    assert "address of the site itself" in paths.taken(f"/{KEY}.txt")
    assert paths.taken("/some-imported-story.txt") == ""
