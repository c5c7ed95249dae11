"""IndexNow: tell search engines that addresses of ours have changed (indexnow.org, documentation).

The key is no secret: it lies at ``/<key>.txt`` and proves that whoever names it owns the site.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings

from newsroom import outbound

KEY = re.compile(r"[a-zA-Z0-9-]{8,128}")

#: What an answer means, as indexnow.org explains it, and what to do.
MEANINGS = {
    400: "IndexNow did not understand us (400). Check INDEXNOW_KEY.",
    403: "IndexNow did not find the key (403). It must be able to read {location}.",
    422: "IndexNow says that the address is not of this site, or that the key is malformed (422)."
    " Check SITE_URL and INDEXNOW_KEY.",
    429: "IndexNow hears from us too often (429).",
}


def key_location() -> str:
    """Where the key can be read."""
    return f"{settings.SITE_URL}/{settings.INDEXNOW_KEY}.txt"


def submit(endpoint: str, urls: Iterable[str]) -> None:
    """One POST that names addresses of ours that were added, changed or taken away.

    ``outbound.Failed`` says why it was not taken, in words for what IndexNow is known to answer.
    """
    told = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": settings.INDEXNOW_KEY,
        "keyLocation": key_location(),
        "urlList": list(urls),
    }
    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        outbound.post(endpoint, data=json.dumps(told).encode(), headers=headers)
    except outbound.Failed as error:
        meaning = MEANINGS.get(error.status or 0)
        if meaning is None:
            raise
        sentence = meaning.format(location=key_location())
        raise outbound.Failed(sentence, status=error.status) from None
