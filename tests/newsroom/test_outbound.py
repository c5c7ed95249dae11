"""The one way out: where it never leads, and how every call ends."""

import gzip
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import certifi
import pytest

from newsroom import outbound
from tests.outside import Rough, Said, Station, close, drip, pour, say

#: Loopback, private, link-local, carrier-grade NAT, multicast, unspecified, reserved, broadcast,
#: documentation, benchmarks; IPv4 in IPv6; tunnels.
INSIDE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1",
    "169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "239.255.255.255", "0.0.0.0",  # noqa: S104 - nobody listens there
    "0.1.2.3", "240.0.0.1", "255.255.255.255", "192.0.0.8", "192.0.2.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "192.88.99.1", "::1", "::", "fe80::1", "fec0::1", "fc00::1",
    "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001::1",
    "2001:db8::1", "3fff::1", "5f00::1", "100::1", "4000::1",
]  # fmt: skip
OUTSIDE = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8"]

#: One and the same loopback address, and its neighbors, as an attacker spells them.
SPELLINGS = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0x7f.0.0.1/", "https://017700000001/", "https://0177.0.0.1/", "https://0/",
    "https://0.0.0.0/", "https://localhost/", "https://LocalHost/", "https://localhost./",
    "https://127.0.0.1./", "https://[::1]/", "https://[0:0:0:0:0:0:0:1]/", "https://[::]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[fe80::1%25lo]/",
    "https://[fec0::1]/", "https://169.254.169.254/latest/", "https://127。0。0。1/",
    "https://\uff11\uff12\uff17.0.0.1/", "https://ⓛocalhost/", "https://127.0.0.1\\@example.com/",
    "https://127.0.0.1#@example.com/", "https://127.0.0.1?@example.com/",
]  # fmt: skip
#: What is not called whoever lives there, and a word of the sentence that says why.
OBJECTIONABLE = [
    ("http://example.com/", "https"),
    ("ftp://example.com/", "not an address"),
    ("file:///etc/passwd", "not an address"),
    ("gopher://example.com/", "not an address"),
    ("httpx://example.com/", "not an address"),
    ("//example.com/", "not an address"),
    ("example.com", "not an address"),
    ("", "not an address"),
    ("https://", "not an address"),
    ("https://example.com:99999/", "not an address"),
    ("https://exa mple.com/", "not an address"),
    ("https://editor:hunter2@example.com/", "password"),
    ("https://editor@example.com/", "password"),
]

Table = dict[str, list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Table:
    """Name servers of our own: each name leads to the next address of its list. Nothing that is
    not on loopback is ever connected to."""
    table: Table = {}
    real = socket.getaddrinfo

    def look_up(host: str, port: Any, *arguments: Any, **options: Any) -> Any:
        if addresses := table.get(host):
            host = addresses.pop(0) if len(addresses) > 1 else addresses[0]
            return real(host, port, type=socket.SOCK_STREAM)
        if ip_address(host).is_loopback:
            return real(host, port, *arguments, **options)
        raise socket.gaierror(socket.EAI_FAIL, "No network here.")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return table


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "TOTAL_SECONDS", 0.5)


def refused(url: str) -> str:
    with pytest.raises(outbound.Failed) as caught:
        outbound.post(url)
    return str(caught.value)


# --- Where it never leads ------------------------------------------------------------------------


@pytest.mark.parametrize("address", INSIDE)
def test_address_inside_the_house_is_known_as_such(address: str) -> None:
    assert outbound.is_inside(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_public_address_is_known_as_such(address: str) -> None:
    assert not outbound.is_inside(address)


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_spelling_of_an_inside_address_is_called(url: str) -> None:
    with Rough(close) as server:
        port = server.host.partition(":")[2]
        for scheme in ("https", "http"):
            there = url.replace("https", scheme, 1)
            head, slash, tail = there.rpartition("/")
            said = refused(f"{head}:{port}{slash}{tail}")
            assert any(word in said for word in ("not a public", "https", "no name", "not an"))
        assert not server.let_go.is_set()


@pytest.mark.parametrize("address", INSIDE)
def test_name_that_leads_inside_is_not_called(names: Table, address: str) -> None:
    names["hub.example"] = [address]
    said = refused("https://hub.example/")
    assert said.startswith("https://hub.example leads to ")
    assert said.endswith("name hub.example:443 in OUTBOUND_ALLOW.")


def test_name_is_looked_up_once_and_the_address_pinned(
    names: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    look_up = socket.getaddrinfo

    def remember(host: str, *arguments: Any, **options: Any) -> Any:
        asked.append(host)
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", remember)
    with Rough(close) as server:
        names["rebind.example"] = ["93.184.216.34", "127.0.0.1"]
        refused(f"https://rebind.example:{server.host.partition(':')[2]}/")
        assert asked == ["rebind.example", "93.184.216.34"]
        assert not server.let_go.is_set()


@pytest.mark.parametrize(("url", "word"), OBJECTIONABLE)
def test_address_that_should_not_be_called_is_not(url: str, word: str) -> None:
    assert word in refused(url)
    assert outbound.objection(url) == refused(url)


def test_allowed_host_is_called_at_that_port_only(settings: Any) -> None:
    with Station() as there, Station() as beside:
        settings.OUTBOUND_ALLOW = [there.host]
        assert outbound.post(there.url).status == 200
        assert "not on https" in refused(beside.url)
        port = there.host.partition(":")[2]
        assert "not on https" in refused(f"http://localhost:{port}/")
        assert (len(there.received), beside.received) == (1, [])


def test_redirect_is_not_followed_and_the_sentence_says_where_it_pointed(settings: Any) -> None:
    with Station() as inside:
        there = Said(302, {"Location": f"{inside.url}metadata?token=1"})
        with Station(there) as outside:
            settings.OUTBOUND_ALLOW = [outside.host, inside.host]
            said = refused(outside.url)
        assert f"answered 302 (Found) and pointed to {inside.url.rstrip('/')}. Redirects" in said
        assert inside.received == []


@pytest.mark.parametrize("to", ["/elsewhere", "//[", "http://a:99999/", "javascript:alert(1)", ""])
def test_redirect_to_anything_is_a_sentence(settings: Any, to: str) -> None:
    with Station(Said(307, {"Location": to})) as there:
        settings.OUTBOUND_ALLOW = [there.host]
        assert "Redirects are not followed" in refused(there.url)


def test_proxies_and_passwords_of_the_environment_are_ignored(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login editor password hunter2\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with Station() as there, Rough(close) as proxy:
        for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(variable, f"http://{proxy.host}")
        settings.OUTBOUND_ALLOW = [there.host]
        outbound.post(there.url)
        assert "authorization" not in there.received[0].headers
        assert not proxy.let_go.is_set()


def test_proxy_of_the_settings_is_given_the_address_that_was_looked_at(
    settings: Any, names: Table
) -> None:
    heard: list[bytes] = []

    def refuse(connection: socket.socket) -> None:
        heard.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    names["hub.example"] = ["93.184.216.34", "127.0.0.1"]
    with Rough(refuse) as proxy:
        settings.OUTBOUND_PROXY = f"http://{proxy.host}"
        assert "OUTBOUND_PROXY" in refused("https://hub.example/")
    assert heard[0].startswith(b"CONNECT 93.184.216.34:443 HTTP/1.")


# --- How every call ends -------------------------------------------------------------------------


def test_what_is_sent_arrives_and_the_answer_comes_back(settings: Any) -> None:
    with Station(Said(202, {}, b"queued")) as there:
        settings.OUTBOUND_ALLOW = [there.host]
        form = [("a", "1"), ("a", "ü&")]
        answer = outbound.post(there.url, data=form, headers={"X-Own": "yes"})
        assert answer == outbound.Answer(202, b"queued")
        [request] = there.received
        assert (request.method, request.form) == ("POST", {"a": ["1", "ü&"]})
        assert request.headers["x-own"] == "yes"
        assert request.headers["user-agent"] == f"Newsroom (+{settings.SITE_URL})"


@pytest.mark.parametrize(
    ("status", "said"),
    [(500, "500 (Internal Server Error)"), (410, "410 (Gone)"), (404, "404 (Not Found)"),
     (304, "304 (Not Modified)"), (799, "799")],
)  # fmt: skip
def test_answer_that_is_no_success_is_said_in_words(settings: Any, status: int, said: str) -> None:
    with Station(Said(status, {}, b"hunter2")) as there:
        settings.OUTBOUND_ALLOW = [there.host]
        with pytest.raises(outbound.Failed) as caught:
            outbound.post(f"{there.url}secret?token=hunter2")
    assert str(caught.value) == f"http://{there.host} answered {said}."
    assert caught.value.status == status


ENDLESS: dict[str, Callable[[socket.socket], None]] = {
    "silent": say(b""),
    "drips its first line": drip(b"HTTP/1.1 2", b"0"),
    "drips its headers": drip(b"HTTP/1.1 200 OK\r\nX-Drip: ", b"x"),
    "drips its body": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n", b"x"),
    "drips its chunks": drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "is always about to answer": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}  # fmt: skip


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("manner", ENDLESS)
def test_call_ends_by_the_clock_and_the_connection_is_cut(settings: Any, manner: str) -> None:
    with Rough(ENDLESS[manner]) as there:
        settings.OUTBOUND_ALLOW = [there.host]
        assert refused(f"http://{there.host}/s3cret") == (
            f"http://{there.host} was not done within 0.5 seconds."
        )
        assert there.was_let_go()


@pytest.mark.usefixtures("impatient")
def test_call_ends_by_the_clock_while_a_certificate_is_waited_for(settings: Any) -> None:
    with Rough(say(b"")) as there:
        settings.OUTBOUND_ALLOW = [there.host]
        assert "was not done within 0.5 seconds" in refused(f"https://{there.host}/")
        assert there.was_let_go()


@pytest.mark.usefixtures("impatient")
def test_call_ends_by_the_clock_while_a_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with Rough(say(b"")) as stuck:

        def look_up(*arguments: Any, **options: Any) -> Any:
            stuck.was_let_go()
            raise socket.gaierror(socket.EAI_AGAIN, "Try again.")

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        assert "was not done within 0.5 seconds" in refused("https://hub.example/")
        stuck.let_go.set()


HEAD = b"HTTP/1.1 200 OK\r\n"
BROKEN: dict[str, tuple[Callable[[socket.socket], None], str]] = {
    "closes": (close, "broke the connection off"),
    "closes in the middle": (
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
        "broke the connection off",
    ),
    "speaks something else": (say(b"SSH-2.0-OpenSSH_9.2\r\n"), "broke the connection off"),
    "sends headers without end": (
        say(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n"),
        "broke the connection off",
    ),
    "sends a gigabyte": (
        pour(HEAD + b"Content-Length: 1000000000\r\n\r\n"),
        "sent more than 64 KB",
    ),
    "sends without end": (pour(HEAD + b"\r\n"), "sent more than 64 KB"),
    "sends one chunk without end": (
        pour(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3b9aca00\r\n"),
        "sent more than 64 KB",
    ),
    "sends the size of a chunk without end": (
        pour(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;"),
        "sent more than 64 KB",
    ),
    "sends a header without end": (pour(HEAD + b"X-Long: "), "sent more than 64 KB"),
}


@pytest.mark.parametrize("manner", BROKEN)
def test_broken_answer_is_a_sentence(settings: Any, manner: str) -> None:
    do, sentence = BROKEN[manner]
    with Rough(do) as there:
        settings.OUTBOUND_ALLOW = [there.host]
        said = refused(f"http://{there.host}/s3cret")
        assert said.startswith(f"http://{there.host} ")
        assert sentence in said
        assert "s3cret" not in said
        assert there.was_let_go()


@pytest.mark.usefixtures("impatient")
def test_body_of_a_redirect_is_not_even_read(settings: Any) -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 1000000000\r\n\r\n"
    with Rough(drip(head, b"x")) as there:
        settings.OUTBOUND_ALLOW = [there.host]
        assert "pointed to another path of its own" in refused(f"http://{there.host}/")
        assert there.was_let_go()


def test_answer_is_never_unpacked(settings: Any) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    with Station(Said(200, {"Content-Encoding": "gzip"}, bomb)) as there:
        settings.OUTBOUND_ALLOW = [there.host]
        assert outbound.post(there.url).body == bomb
        assert there.received[0].headers["accept-encoding"] == "identity"


def test_nobody_there_is_a_sentence(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        host = f"127.0.0.1:{listening.getsockname()[1]}"
    settings.OUTBOUND_ALLOW = [host]
    assert refused(f"http://{host}/") == f"http://{host} cannot be reached: nothing answers there."


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", f"{'a' * 70}.example"])
def test_unknown_name_is_a_sentence(host: str) -> None:
    assert "cannot be reached: no name server" in refused(f"https://{host}/s3cret")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of hub.example, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("No openssl on the PATH to make a certificate with.")
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
               "-subj", "/CN=hub.example", "-addext", "subjectAltName=DNS:hub.example",
               "-keyout", str(key), "-out", str(made)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return made, key


@pytest.fixture
def secure(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Rough]:
    """A server on https that is hub.example; our side trusts its certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(certificate[0]))

    def greet(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as safe:
            safe.recv(65536)
            safe.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with Rough(greet) as server:
        yield server


def test_pinned_address_must_show_the_certificate_of_the_name(
    secure: Rough, names: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The only public address that we can have is one that we declare public.
    monkeypatch.setattr(outbound, "is_inside", lambda address: False)
    monkeypatch.setattr("ipaddress.IPv4Address.is_private", False)
    names["hub.example"] = ["127.0.0.1", "10.0.0.1"]
    port = secure.host.partition(":")[2]
    assert outbound.post(f"https://hub.example:{port}/") == outbound.Answer(200, b"ok")


@pytest.mark.parametrize("trusted", [True, False])
def test_certificate_that_proves_nothing_is_a_sentence(
    secure: Rough, settings: Any, monkeypatch: pytest.MonkeyPatch, *, trusted: bool
) -> None:
    if not trusted:
        monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", certifi.where())
    settings.OUTBOUND_ALLOW = [secure.host]
    assert "has no certificate for that name" in refused(f"https://{secure.host}/")
