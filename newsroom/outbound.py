"""The one way out of the house: every call that we make to another machine goes through here.

requests-hardened resolves a name once, refuses addresses inside the house and connects to the very
address that it looked at, so that a name cannot lead elsewhere a moment later. On top of that: https
only, no redirects, no credentials in addresses, no proxies from the environment, an end to every
call by the clock, and no more of an answer than we can use. ``OUTBOUND_ALLOW`` names the exceptions
as ``host:port``.

What goes wrong is a ``Failed``, whose sentence an operator reads at the desk. It names the other
machine and never the whole address: the path of a webhook is often its password.
"""

import socket
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock, Thread
from typing import Any
from urllib.parse import urljoin

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import (
    HTTPError,
    NameResolutionError,
    NewConnectionError,
)
from urllib3.util import Url, parse_url

#: A call is over after this long, whatever the other side is doing.
TOTAL_SECONDS = 10.0
#: Nobody has that much to say to a ping, headers included; what is longer is an attack or a mistake.
MAX_BYTES = 64 * 1024

#: Ways into the house, or into nowhere, that ``ipaddress`` takes for public or newly does so.
_TUNNELS = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments (RFC 6890)
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "64:ff9b::/96",  # NAT64 (RFC 6052): holds any IPv4 address
        "64:ff9b:1::/48",  # NAT64 in one's own network (RFC 8215)
        "2001::/32",  # Teredo (RFC 4380)
        "2002::/16",  # 6to4 (RFC 3056): holds any IPv4 address
        "3fff::/20",  # documentation (RFC 9637)
    )
)

Fields = Sequence[tuple[str, str]]


class Failed(Exception):
    """A call that did not succeed; the text says why. ``status`` is what was answered, if so."""

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        self.status = status
        super().__init__(sentence)


@dataclass(frozen=True)
class Answer:
    """A success (2xx): its status and its body as it came over the wire."""

    status: int
    body: bytes


def post(
    url: str, *, data: Fields | bytes = b"", headers: Mapping[str, str] | None = None
) -> Answer:
    """POST a form (pairs of name and value) or bytes. Failed says why it was not taken.

    Blocks for ``TOTAL_SECONDS`` at the most, name resolution and slow answers included.
    """
    if sentence := objection(url):
        raise Failed(sentence)
    watch = _Watch()
    try:
        return _beside(lambda: _send(url, data, headers, watch)).result(timeout=TOTAL_SECONDS)
    except TimeoutError:
        message = f"{_name(url)} was not done within {TOTAL_SECONDS:g} seconds."
        raise Failed(message) from None
    finally:
        watch.end()


def objection(url: str) -> str:
    """Why this address is never called, as a sentence; empty when a call may be tried.

    Looks at the spelling only and asks no name server; where a name leads is seen when calling.
    """
    try:
        parts = _parts(url)
    except (requests.RequestException, ValueError):
        return "This is not an address of the web. Begin it with https://."
    name = _name(url)
    if parts.scheme not in {"http", "https"} or not parts.host:
        return "This is not an address of the web. Begin it with https://."
    if parts.auth:
        return f"There is a name or a password before {parts.host} in the address. Leave them out."
    if _is_allowed(parts):
        return ""
    if parts.scheme != "https":
        return f"{name} is not on https. Use https, or name {_port_of(parts)} in OUTBOUND_ALLOW."
    if _is_literal(parts.host) and is_inside(parts.host.strip("[]")):
        return _inside(name, parts, parts.host)
    return ""


def is_inside(address: str) -> bool:
    """Whether an IP address is anything but a single public machine: loopback, private, link-local,
    carrier-grade NAT, multicast, unspecified, reserved, or a tunnel to one of these."""
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    return (
        not found.is_global
        or found.is_multicast
        or found.is_reserved
        or (isinstance(found, IPv6Address) and found.is_site_local)
        or any(found in network for network in _TUNNELS)
    )


# --- Calling --------------------------------------------------------------------------------------


def _send(
    url: str, data: Fields | bytes, headers: Mapping[str, str] | None, watch: "_Watch"
) -> Answer:
    """Runs in a thread of its own, which may be given up."""
    name, parts = _name(url), _parts(url)
    try:
        # Not a session: that would read the whole body of a redirect, proxies, .netrc.
        request = requests.Request("POST", url, data=data, headers=_headers() | dict(headers or {}))
        with (
            closing(_Open(watch) if _is_allowed(parts) else _Pinned(watch)) as adapter,
            adapter.send(request.prepare(), stream=True, timeout=TOTAL_SECONDS) as response,
        ):
            return _answer(response, name)
    except InvalidIPAddress as error:
        raise Failed(_inside(name, parts, str(error.args[0]))) from None
    except (requests.RequestException, HTTPError, OSError, UnicodeError) as error:
        # Without its cause: the text of that holds the whole address.
        raise Failed(_too_much(name) if watch.is_full else _reason(name, error)) from None


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"Newsroom (+{settings.SITE_URL})",
        # A body that comes compressed could be a thousand times its size.
        "Accept-Encoding": "identity",
    }


def _answer(response: requests.Response, name: str) -> Answer:
    status = response.status_code
    if response.is_redirect:
        raise Failed(_redirected(name, response), status=status)
    if not 200 <= status < 300:
        raise Failed(f"{name} answered {_said(status)}.", status=status)
    # Not decoded: see Accept-Encoding.
    return Answer(status, response.raw.read(decode_content=False))


def _beside(work: Callable[[], Answer]) -> "Future[Answer]":
    """The work in a thread that nobody has to wait for, not even the end of the process: a name
    server that hangs cannot be interrupted."""
    future: Future[Answer] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where the result is wanted
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


class _Watch:
    """Sees that one call takes neither too long nor too much.

    Holds on to its connections, to cut them off when its time is over: a limit on each read does
    not end a call to somebody who sends a byte now and then. Counts what comes over the wire: a
    limit on the body does not stop a line of a header, or of a chunk, that never ends.
    """

    def __init__(self) -> None:
        self.is_full = False
        self._taken = 0
        self._lock = Lock()
        self._held: list[socket.socket] = []
        self._is_over = False

    def hold(self, connected: socket.socket) -> socket.socket:
        with self._lock:
            if self._is_over:
                connected.close()
                message = "The call is over."
                raise TimeoutError(message)
            # A duplicate: TLS takes the first one apart.
            self._held.append(connected.dup())
        return connected

    def take(self, number: int) -> None:
        self._taken += number
        if self._taken > MAX_BYTES:
            self.is_full = True
            message = "That is more than anybody has to say."
            raise ConnectionAbortedError(message)

    def end(self) -> None:
        with self._lock:
            self._is_over = True
            for connected in self._held:
                with suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)
                connected.close()
            self._held.clear()


class _Counted(RawIOBase):
    """What comes over the wire, under the eyes of a watch."""

    def __init__(self, wire: RawIOBase, watch: _Watch) -> None:
        self.wire = wire
        self.watch = watch

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        number = self.wire.readinto(buffer)
        self.watch.take(number or 0)
        return number

    def close(self) -> None:
        self.wire.close()
        super().close()


class _CountedResponse(HTTPResponse):
    def __init__(self, *args: Any, watch: _Watch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fp = BufferedReader(_Counted(self.fp.detach(), watch))


class _WatchedHTTP(HTTPConnection):
    watch: _Watch

    def _new_conn(self) -> socket.socket:
        return self.watch.hold(super()._new_conn())


class _WatchedHTTPS(HTTPSConnection):
    watch: _Watch

    def _new_conn(self) -> socket.socket:
        return self.watch.hold(super()._new_conn())


class _Open(HTTPAdapter):
    """To hosts that ``OUTBOUND_ALLOW`` names, wherever they lead."""

    def __init__(self, watch: _Watch) -> None:
        self.watch = watch
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        return _watched(super().get_connection_with_tls_context(*args, **kwargs), self.watch)


class _Pinned(IPFilterAdapter):
    """To the public address that was looked at, by https."""

    def __init__(self, watch: _Watch) -> None:
        self.watch = watch
        super().__init__(is_https_proto=True)

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        proxies = {"https": settings.OUTBOUND_PROXY} if settings.OUTBOUND_PROXY else None
        return super().send(*args, proxies=proxies, **kwargs)

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        # The address is in the place of the name by now; our list is the longer one.
        if is_inside(pool.host.strip("[]")):
            raise InvalidIPAddress(pool.host)
        return _watched(pool, self.watch)


def _watched(pool: HTTPConnectionPool, watch: _Watch) -> HTTPConnectionPool:
    kind = _WatchedHTTPS if pool.scheme == "https" else _WatchedHTTP
    counted = partial(_CountedResponse, watch=watch)
    pool.ConnectionCls = type(kind.__name__, (kind,), {"watch": watch, "response_class": counted})
    return pool


# --- Addresses ------------------------------------------------------------------------------------


def _parts(url: str) -> Url:
    """The parts of the address as it will be called: the same parser, the same spelling."""
    return parse_url(requests.Request("POST", url).prepare().url or "")


def _is_allowed(parts: Url) -> bool:
    return _port_of(parts) in {entry.lower() for entry in settings.OUTBOUND_ALLOW}


def _port_of(parts: Url) -> str:
    """``host:port``, as OUTBOUND_ALLOW spells it."""
    return f"{parts.host}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _name(url: str) -> str:
    """Scheme, host and port: what may be shown of an address."""
    parts = _parts(url)
    return Url(scheme=parts.scheme, host=parts.host, port=parts.port).url


# --- Sentences ------------------------------------------------------------------------------------

#: All that requests-hardened says of a name that leads nowhere.
_UNRESOLVED = "Failed to resolve domain"


def _inside(name: str, parts: Url, address: str) -> str:
    return (
        f"{name} leads to {address.strip('[]')}, which is not a public address. If this is meant,"
        f" name {_port_of(parts)} in OUTBOUND_ALLOW."
    )


def _too_much(name: str) -> str:
    return f"{name} sent more than {MAX_BYTES // 1024} KB."


def _redirected(name: str, response: requests.Response) -> str:
    try:
        to = _name(urljoin(response.url, response.headers["Location"]))
    except (requests.RequestException, ValueError):
        to = "somewhere that is not an address"
    where = "another path of its own" if to == name else to
    return (
        f"{name} answered {_said(response.status_code)} and pointed to {where}. Redirects are not"
        " followed: put the address where they end into the settings."
    )


def _said(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def _reason(name: str, error: Exception) -> str:
    """What went wrong on the way, in words that hold nothing of the address but the host."""
    cause = _cause(error)
    if isinstance(error, requests.exceptions.ProxyError):
        return f"The proxy that OUTBOUND_PROXY names does not connect us to {name}."
    if isinstance(error, requests.exceptions.SSLError):
        return f"{name} has no certificate for that name that can be trusted."
    if isinstance(error, requests.Timeout | TimeoutError):
        return f"{name} was not done within {TOTAL_SECONDS:g} seconds."
    if isinstance(cause, NameResolutionError | UnicodeError) or cause == _UNRESOLVED:
        return f"{name} cannot be reached: no name server knows the name."
    if isinstance(cause, NewConnectionError):
        return f"{name} cannot be reached: nothing answers there."
    return f"{name} broke the connection off, or does not speak HTTP."


def _cause(error: Exception) -> object:
    """What urllib3 or requests-hardened had to say, out of what requests has wrapped around it."""
    if not isinstance(error, requests.RequestException) or not error.args:
        return error
    inner = error.args[0]
    return getattr(inner, "reason", None) or inner
