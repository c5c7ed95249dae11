"""A machine outside that is told of stories: it notes what it is told, and when."""

import json
import threading
from collections import defaultdict
from datetime import UTC, datetime

from tests.outside import Received, Said, Station


class Receiver(Station):
    """A webhook. ``told`` holds for each story's guid the key and the moment of every call."""

    def __init__(self) -> None:
        super().__init__(Said(status=204))
        self.told: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
        self.lock = threading.Lock()

    def answer(self, request: Received) -> Said:
        guid = json.loads(request.body)["data"]["id"]
        with self.lock:
            self.told[guid].append((request.headers["webhook-id"], datetime.now(UTC)))
        return super().answer(request)

    @property
    def environment(self) -> dict[str, str]:
        """What makes a site tell this receiver and nobody else."""
        return {
            "WEBHOOK_URLS": self.url,
            "WEBHOOK_SECRET": "a-secret-of-this-test-only-0123456789",
            "OUTBOUND_ALLOW": self.host,
        }
