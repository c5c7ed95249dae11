"""The world outside, on loopback: small real servers that receive, distribute and misbehave."""

import hashlib
import hmac
import re
import secrets
import socket
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

#: What our side would ask for a while; only a broken test waits that long.
PATIENCE_SECONDS = 60

ATOM_LINK = "{http://www.w3.org/2005/Atom}link"


@dataclass(frozen=True)
class Received:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query)

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())


@dataclass(frozen=True)
class Said:
    """What a station answers."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Station:
    """A web server in a thread that keeps what it is sent. Each answer is the next of those given,
    the last one again and again."""

    def __init__(self, *answers: Said) -> None:
        self.answers = answers or (Said(),)
        self.received: list[Received] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request: Received) -> Said:
        return self.answers[min(len(self.received), len(self.answers)) - 1]


def _handler(station: Station) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Received(self.command, self.path, headers, body)
            station.received.append(request)
            said = station.answer(request)
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)

        do_GET = do_POST = do_HEAD = handle_any  # noqa: N815 - as http.server calls them

        def log_message(self, *arguments: Any) -> None:
            pass

    return Handler


# --- WebSub ---------------------------------------------------------------------------------------


class Hub(Station):
    """A WebSub hub (W3C Recommendation): verifies subscribers, fetches what it is pinged about and
    sends it on, signed. It does so before it answers the ping, so that tests need not wait."""

    def __init__(self) -> None:
        super().__init__()
        self.subscriptions: dict[str, tuple[str, str]] = {}
        self.pings: list[dict[str, list[str]]] = []

    def answer(self, request: Received) -> Said:
        form = request.form
        match form.get("hub.mode"):
            case ["subscribe"]:
                return self.subscribe(
                    form["hub.topic"][0], form["hub.callback"][0], form["hub.secret"][0]
                )
            case ["publish"]:
                self.pings.append(form)
                for topic in form["hub.url"]:
                    self.distribute(topic)
                return Said(204)
        return Said(400)

    def subscribe(self, topic: str, callback: str, secret: str) -> Said:
        """Section 5.3: the callback must echo the challenge."""
        challenge = secrets.token_urlsafe()
        asked = urlencode(
            {"hub.mode": "subscribe", "hub.topic": topic, "hub.challenge": challenge,
             "hub.lease_seconds": 864000}
        )  # fmt: skip
        if requests.get(f"{callback}?{asked}", timeout=PATIENCE_SECONDS).text != challenge:
            return Said(403)
        self.subscriptions[callback] = (topic, secret)
        return Said(202)

    def distribute(self, topic: str) -> None:
        """Section 7: the whole feed, with its links and type and a signature."""
        waiting = [
            (callback, secret)
            for callback, (wanted, secret) in self.subscriptions.items()
            if wanted == topic
        ]
        if not waiting:
            return
        feed = requests.get(topic, timeout=PATIENCE_SECONDS)
        feed.raise_for_status()
        for callback, secret in waiting:
            digest = hmac.new(secret.encode(), feed.content, hashlib.sha256).hexdigest()
            headers = {
                "Content-Type": feed.headers["Content-Type"],
                "Link": f'<{self.url}>; rel="hub", <{topic}>; rel="self"',
                "X-Hub-Signature": f"sha256={digest}",
            }
            sent = requests.post(
                callback, data=feed.content, headers=headers, timeout=PATIENCE_SECONDS
            )
            sent.raise_for_status()


class Subscriber(Station):
    """A WebSub subscriber: finds the hub of a feed, subscribes, keeps what is sent and signed."""

    def __init__(self) -> None:
        super().__init__()
        self.secret = secrets.token_urlsafe()
        self.topic = ""
        self.contents: list[bytes] = []

    def subscribe(self, feed: str) -> None:
        """Section 4: the header first, then the feed itself; both must say the same."""
        found = requests.get(feed, timeout=PATIENCE_SECONDS)
        header = links_of_header(found.headers["Link"])
        assert header == links_of_feed(found)
        self.topic = header["self"]
        form = {
            "hub.mode": "subscribe",
            "hub.topic": self.topic,
            "hub.callback": f"{self.url}callback",
            "hub.secret": self.secret,
        }
        wish = requests.post(header["hub"], data=form, timeout=PATIENCE_SECONDS)
        assert wish.status_code == 202

    def answer(self, request: Received) -> Said:
        if request.method == "GET":
            wanted = request.query["hub.topic"] == [self.topic]
            return Said(body=request.query["hub.challenge"][0].encode()) if wanted else Said(404)
        digest = hmac.new(self.secret.encode(), request.body, hashlib.sha256).hexdigest()
        if request.headers["x-hub-signature"] == f"sha256={digest}":
            self.contents.append(request.body)
        return Said(202)


def links_of_header(text: str) -> dict[str, str]:
    return {rel: url for url, rel in re.findall(r'<([^>]+)>; rel="(\w+)"', text)}


def links_of_feed(found: requests.Response) -> dict[str, str]:
    """Hub and self, as an XML feed's ``atom:link`` or JSON Feed's ``hubs`` say."""
    if "json" in found.headers["Content-Type"]:
        feed = found.json()
        [hub] = feed["hubs"]
        assert hub["type"] == "WebSub"
        return {"hub": hub["url"], "self": feed["feed_url"]}
    links = ET.fromstring(found.content).iter(ATOM_LINK)  # noqa: S314 - our own
    found = {link.get("rel", "alternate"): link.get("href", "") for link in links}
    return {rel: found[rel] for rel in ("hub", "self")}


# --- Those who do not speak as they should --------------------------------------------------------


class Rough:
    """A server that does to each connection what it is given; ``let_go`` says that the other side
    has ended it."""

    def __init__(self, do: Callable[[socket.socket], object]) -> None:
        self.do = do
        self.let_go = threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self.listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.listening.close()

    def serve(self) -> None:
        with suppress(OSError):
            connection, _ = self.listening.accept()
            with connection, suppress(OSError):
                self.do(connection)
            self.let_go.set()

    def was_let_go(self) -> bool:
        return self.let_go.wait(PATIENCE_SECONDS)


def close(connection: socket.socket) -> None:
    """Hears the request and hangs up."""
    connection.recv(65536)


def say(text: bytes) -> Callable[[socket.socket], None]:
    """Says that, then waits for the other side to go."""

    def do(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(text)
        _wait(connection)

    return do


def drip(begin: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Begins well, then says a little now and then for ever."""

    def do(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(begin)
        pause = threading.Event()
        while not pause.wait(0.01):
            connection.sendall(drop)

    return do


def pour(begin: bytes) -> Callable[[socket.socket], None]:
    """Sends a gigabyte after that, or as much of it as is taken."""

    def do(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(begin)
        for _ in range(1000):
            connection.sendall(b"x" * 1_000_000)

    return do


def _wait(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass
