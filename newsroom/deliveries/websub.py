"""WebSub: tell a hub that feeds have changed (W3C Recommendation of 23 January 2018).

The recommendation leaves to hub and publisher how the one tells the other. What hubs take is the
ping of PubSubHubbub 0.3, section 7.1: a form with ``hub.mode=publish`` and each changed feed as
``hub.url``, which may be repeated (Google's hub and Superfeedr document this). Some hubs, such as
Switchboard, read ``hub.topic`` instead; so each feed is named by both.
"""

from collections.abc import Iterable

from newsroom import outbound


def ping(hub: str, feeds: Iterable[str]) -> None:
    """One POST that names all the feeds. ``outbound.Failed`` says why the hub did not take it."""
    fields = [("hub.mode", "publish")]
    for feed in feeds:
        fields += [("hub.url", feed), ("hub.topic", feed)]
    outbound.post(hub, data=fields)
