"""Signed webhooks after the Standard Webhooks specification 1.0 (standardwebhooks.com)."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from django.conf import settings

from newsroom import outbound

#: In front of a secret that is written in base64.
PREFIX = "whsec_"
#: The specification asks for 24 to 64 random bytes.
MIN_KEY_BYTES = 24


def send(url: str, *, event: str, body: dict[str, Any]) -> None:
    """POST the body as JSON, signed. ``event`` is the same for every try, so that a receiver who
    has had it can tell. ``outbound.Failed`` says why it was not taken."""
    if not settings.WEBHOOK_SECRET:
        message = "WEBHOOK_SECRET is not set, and an unsigned webhook proves nothing."
        raise outbound.Failed(message)
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    at = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": event,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(content, event=event, at=at, secret=settings.WEBHOOK_SECRET),
    }
    outbound.post(url, data=content, headers=headers)


def signature(content: bytes, *, event: str, at: int, secret: str) -> str:
    """``v1,`` and the base64 of HMAC-SHA256 over ``event.at.content``; ``at`` in Unix seconds."""
    signed = b".".join([event.encode(), str(at).encode(), content])
    digest = hmac.new(key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def key(secret: str) -> bytes:
    """The bytes that sign: what follows ``whsec_`` decoded, any other secret as it stands.

    ValueError says that what follows ``whsec_`` is not base64.
    """
    if secret.startswith(PREFIX):
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    return secret.encode()
