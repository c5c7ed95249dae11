"""What every answer carries, whoever makes it, and what no answer to a reader carries."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from newsroom.accounts.models import User
from tests import factories
from tests.conftest import logged_in

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PUBLIC = [
    "/", "/nothing/here/", "/feed.xml", "/feed.atom", "/feed.json", "/sitemap.xml", "/robots.txt",
    "/search/?q=%3Cscript%3E", "/search/?q=%00", "/media/nothing", "/static/nothing.css", "/livez",
    "/readyz", "/favicon.ico", "/corrections/", "/admin", "/accounts",
]  # fmt: skip


def complain(answer: Any) -> list[str]:
    """What is missing or too weak."""
    wrong = [name for name, value in ALWAYS.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "unsafe" in policy or "default-src" not in policy:
        wrong.append(f"policy: {policy}")
    wrong += [
        name
        for name in ("Cross-Origin-Resource-Policy", "Permissions-Policy")
        if name not in answer.headers
    ]
    return wrong


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_public_answers_carry_every_header_and_no_cookie(path: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(enforce_csrf_checks=True), method)(path)
        assert complain(answer) == []
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.django_db
def test_static_files_carry_every_header_and_are_for_our_pages_only() -> None:
    answer = Client().get(staticfiles_storage.url("site/favicon.svg"))
    assert answer.status_code == 200
    assert complain(answer) == []
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
    answer.close()


@pytest.mark.django_db
def test_moved_gone_and_failing_pages_carry_every_header(monkeypatch: Any) -> None:
    slashless = Client().get(str(factories.published().path).rstrip("/"))
    assert slashless.status_code == 301
    gone = Client().get(str(factories.withdrawn().path))
    assert gone.status_code == 410
    monkeypatch.setattr("newsroom.fronts.rules.home", None)
    failing = Client(raise_request_exception=False).get("/")
    assert failing.status_code == 500
    assert [complain(one) for one in (slashless, gone, failing)] == [[], [], []]
    assert not any(one.cookies for one in (slashless, gone, failing))


def test_desk_answers_carry_every_header_and_are_kept_by_nobody(chief: User) -> None:
    client = logged_in(chief)
    for path in ("/admin/", "/admin/articles/article/", "/admin/nothing/", "/admin/accounts/user/"):
        answer = client.get(path)
        assert complain(answer) == [], path
        assert "no-store" in answer.headers.get("Cache-Control", "no-store")
        assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host", "X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL", "Forwarded",
     "X-HTTP-Method-Override", "X-Forwarded-Proto", "Accept-Language", "User-Agent", "Cookie"],
)  # fmt: skip
def test_headers_that_no_cache_looks_at_change_no_page(header: str) -> None:
    factories.published()
    plain = Client().get("/")
    forged = Client().get("/", headers={header: "evil.example"})
    assert forged.content == plain.content
    assert forged.headers == plain.headers


@pytest.mark.django_db
def test_foreign_host_is_refused_and_never_repeated() -> None:
    answer = Client().get("/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert b"evil" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/..",
        "/\\evil.example",
        "/%5Cevil.example/",
        "/%09/evil.example",
    ],
)
def test_mended_slashes_never_lead_to_another_site(path: str) -> None:
    assert Client().get("/", PATH_INFO=path).status_code == 404


def test_server_takes_no_script_name_from_a_client() -> None:
    """Gunicorn would, from a client behind a proxy on the same machine: every link rewritten."""
    found: dict[str, Any] = {}
    exec(Path(site.BASE_DIR / "deploy" / "gunicorn.py").read_text(), found)  # noqa: S102
    assert found["forwarder_headers"] == ""
