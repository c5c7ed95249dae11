"""A machine outside that is told of stories: it notes what it is told, and when."""

import json
import threading
from collections import defaultdict
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver(ThreadingHTTPServer):
    """A webhook. ``told`` holds for each story's guid the key and the moment of every call."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Told)
        self.told: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.serve_forever)

    def __enter__(self) -> "Receiver":
        self.thread.start()
        return self

    def __exit__(self, *args: Any) -> None:
        self.shutdown()
        self.thread.join()
        self.server_close()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes a site tell this receiver and nobody else."""
        return {
            "WEBHOOK_URLS": f"http://{self.place}/",
            "WEBHOOK_SECRET": "a-secret-of-this-test-only-0123456789",
            "OUTBOUND_ALLOW": self.place,
        }


class _Told(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        now = datetime.now(UTC)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.told[body["data"]["id"]].append((self.headers["webhook-id"], now))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """The log of the tests is for their failures."""
