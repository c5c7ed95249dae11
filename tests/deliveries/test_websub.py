"""The ping of a hub."""

from typing import Any

from newsroom.deliveries import websub
from tests.outside import Said, Station


def test_hub_is_told_all_feeds_in_one_form_by_both_names(settings: Any) -> None:
    feeds = ["https://news.example/feed.xml", "https://news.example/topics/f%C3%A4hren/feed.xml"]
    with Station(Said(204)) as hub:
        settings.OUTBOUND_ALLOW = [hub.host]
        websub.ping(hub.url, feeds)
        [request] = hub.received
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.form == {"hub.mode": ["publish"], "hub.url": feeds, "hub.topic": feeds}
