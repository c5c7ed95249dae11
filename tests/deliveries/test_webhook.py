"""Signed webhooks, looked at from the receiver's side."""

import base64
import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as site

from newsroom import outbound
from newsroom.deliveries import webhook
from tests.outside import Received, Station

NOON = 1795348800
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
BODY = {"type": "article.published", "data": {"headline": "Fähre “Lambskerry” fährt"}}


def hmac_by_hand(key: bytes, text: bytes) -> bytes:
    """RFC 2104 as it is written, without the module that our side uses."""
    block = key.ljust(64, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in block) + text).digest()
    return sha256(bytes(byte ^ 0x5C for byte in block) + inner).digest()


def received(settings: Any, event: str = "article-1-published-1") -> Received:
    with Station() as receiver:
        settings.OUTBOUND_ALLOW = [receiver.host]
        with time_machine.travel(NOON, tick=False):
            webhook.send(f"{receiver.url}hook", event=event, body=BODY)
        [request] = receiver.received
    return request


def test_signature_is_the_one_of_the_published_example() -> None:
    """The example of the specification's reference libraries."""
    made = webhook.signature(
        b'{"test": 2432232314}',
        event="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=1614265330,
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", [SECRET, "a plain secret, longer than 24 bytes"])
def test_receiver_can_verify_id_time_and_body(settings: Any, secret: str) -> None:
    settings.WEBHOOK_SECRET = secret
    request = received(settings)
    key = bytes(range(32)) if secret == SECRET else secret.encode()
    sent = request.headers
    signed = f"{sent['webhook-id']}.{sent['webhook-timestamp']}.".encode() + request.body
    wanted = base64.b64encode(hmac_by_hand(key, signed)).decode()
    assert sent["webhook-signature"] == f"v1,{wanted}"
    assert sent["webhook-id"] == "article-1-published-1"
    assert sent["webhook-timestamp"] == str(NOON)
    assert sent["content-type"] == "application/json"
    assert json.loads(request.body) == BODY


@pytest.mark.parametrize("meddle", [False, True])
def test_example_in_the_manual_believes_us_and_nobody_else(
    settings: Any, tmp_path: Path, *, meddle: bool
) -> None:
    settings.WEBHOOK_SECRET = SECRET
    request = received(settings)
    manual = (Path(site.BASE_DIR) / "docs" / "operators.md").read_text()
    [example] = re.findall(r"```python\n(.*?def is_ours.*?)```", manual, re.DOTALL)
    content = request.body.replace(b"published", b"withdrawn") if meddle else request.body
    program = (
        f"{example}\ntime.time = lambda: {NOON + 200}\n"
        f"print(is_ours({request.headers!r}, {content!r}, {SECRET!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.strip() == str(not meddle)


def test_nothing_is_sent_without_a_secret(settings: Any) -> None:
    settings.WEBHOOK_SECRET = ""
    with pytest.raises(outbound.Failed, match="WEBHOOK_SECRET is not set"):
        received(settings)
