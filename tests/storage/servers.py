"""A real S3 server and a real web server over its buckets, and a line to them that can be cut."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

RCLONE = Path(sys.executable).with_name("rclone")
KEY, SECRET = "NEWSROOMKEY", "a-secret-of-forty-characters-or-nearly-so"
#: How long a server may take to answer for the first time (seconds).
PATIENCE_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Rclone:
    """``rclone serve`` over a folder; may be killed and started again under the same address."""

    def __init__(self, folder: Path, kind: str, *options: str) -> None:
        self.folder, self.kind, self.options, self.port = folder, kind, options, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        if self.process:
            return self
        self.process = subprocess.Popen(
            [
                *(RCLONE, "serve", self.kind, self.folder),
                *("--addr", f"127.0.0.1:{self.port}", "--config", "", *self.options),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.answers():
            assert self.process.poll() is None, "rclone ended by itself."
            assert time.monotonic() < deadline, "rclone does not answer."
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


class Line:
    """A TCP line to a server that counts who comes, and cuts whoever sends more than so much."""

    def __init__(self, port: int = 0, *, max_bytes: int = sys.maxsize) -> None:
        self.to, self.max_bytes, self.connections, self.cuts = port, max_bytes, 0, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        # Wakes the thread that waits in accept().
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _address = self.listener.accept()
                self.connections += 1
                if not self.to:
                    caller.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self.to))
                for one, other, limit in (
                    (caller, server, self.max_bytes),
                    (server, caller, sys.maxsize),
                ):
                    threading.Thread(
                        target=self._pass, args=(one, other, limit), daemon=True
                    ).start()

    def _pass(self, one: socket.socket, other: socket.socket, limit: int) -> None:
        passed = 0
        with suppress(OSError):
            while data := one.recv(65536):
                passed += len(data)
                if passed > limit:
                    self.cuts += 1
                    break
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def requests_of(client: Any) -> list[str]:
    """What a client of botocore asks from now on: ``PUT``, ``HEAD``, ..."""
    seen: list[str] = []
    client.meta.events.register(
        "before-send.s3", lambda request, **_kw: seen.append(request.method)
    )
    return seen
