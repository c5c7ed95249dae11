"""What a page declares."""

import pytest
from django.http import HttpResponse
from django.utils import timezone

from newsroom import caching


def test_page_declares_its_tags_and_is_asked_for_every_time() -> None:
    until = timezone.now()
    response = caching.page(HttpResponse("x"), tags=["article:1"], until=until)
    assert response.declared_page == caching.Page(frozenset({"article:1"}), until)
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert response.headers["ETag"]


def test_page_without_tags_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one tag"):
        caching.page(HttpResponse("x"), tags=[])


def test_purging_nothing_tells_nobody() -> None:
    heard = []

    def listen(tags: frozenset[str], **kwargs: object) -> None:
        heard.append(tags)

    caching.purged.connect(listen)
    caching.purge([])
    caching.purge(["a", "a"])
    caching.purged.disconnect(listen)
    assert heard == [frozenset({"a"})]
