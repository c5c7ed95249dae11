"""Getting in: how often somebody may guess, and what a guess tells."""

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from newsroom import checks
from newsroom.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"
TOO_MANY = "Too many failed login attempts"


def attempt(login: str, password: str = "", *, address: str = "192.0.2.1", **extra: Any) -> str:
    """What the page says, or where a login leads."""
    data = {"login": login, "password": password or "wrong"}
    response = Client().post("/accounts/login/", data, REMOTE_ADDR=address, **extra)
    return response.headers.get("Location") or response.content.decode()


def test_sixth_guess_at_a_user_from_one_address_is_stopped_even_when_it_is_right() -> None:
    factories.user("reporter", username="ines")
    assert not any(TOO_MANY in attempt("ines") for _ in range(5))
    assert TOO_MANY in attempt("ines", PASSWORD)


def test_guesses_at_one_user_leave_the_others_behind_the_same_address_alone() -> None:
    factories.user("reporter", username="ines")
    factories.user("editor", username="rui")
    for _ in range(9):
        attempt("ines")
    assert attempt("rui", PASSWORD) == "/admin/"


def test_one_address_cannot_lock_a_user_out_everywhere() -> None:
    factories.user("chief", username="ines")
    for _ in range(25):
        attempt("ines")
    assert attempt("ines", PASSWORD, address="198.51.100.7") == "/admin/"


def test_guesses_at_a_user_from_anywhere_stop_after_twenty() -> None:
    factories.user("chief", username="ines")
    said = [attempt("ines", address=f"192.0.2.{number}") for number in range(21)]
    assert not any(TOO_MANY in one for one in said[:20])
    assert TOO_MANY in said[20]


def test_name_and_mail_of_a_user_are_counted_together_in_any_capitals() -> None:
    factories.user("reporter", username="ines", email="ines@paper.example")
    for login in ("ines", "INES", "ines@paper.example", " Ines ", "Ines@Paper.example"):
        assert TOO_MANY not in attempt(login)
    assert TOO_MANY in attempt("ines")


def test_another_name_of_the_site_gives_no_more_guesses(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    factories.user("reporter", username="ines")
    for _ in range(5):
        attempt("ines", HTTP_HOST="one.example")
    assert TOO_MANY in attempt("ines", HTTP_HOST="two.example")


def test_forged_forwarding_header_gives_no_more_guesses() -> None:
    factories.user("reporter", username="ines")
    said = [attempt("ines", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}") for number in range(6)]
    assert TOO_MANY in said[5]


def test_right_passwords_are_not_counted() -> None:
    factories.user("reporter", username="ines")
    assert [attempt("ines", PASSWORD) for _ in range(7)] == ["/admin/"] * 7


def test_made_up_names_are_stopped_like_known_ones_and_in_the_same_words() -> None:
    factories.user("reporter", username="ines")
    token = re.compile(r'csrfmiddlewaretoken" value="\w+"')
    known = [attempt("ines") for _ in range(6)]
    unknown = [attempt("nobody", address="192.0.2.9") for _ in range(6)]
    assert [TOO_MANY in one for one in unknown] == [TOO_MANY in one for one in known]
    said = [known[0].replace("ines", ""), unknown[0].replace("nobody", "")]
    assert token.sub("", said[0]) == token.sub("", said[1])


@pytest.mark.parametrize("login", ["ines", "ines@paper.example", "nobody", "no@body.example"])
def test_password_is_hashed_once_whoever_is_named(login: str, monkeypatch: Any) -> None:
    """The time an answer takes tells nobody which names and mails there are."""
    factories.user("reporter", username="ines", email="ines@paper.example")
    times: list[str] = []
    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *given: times.append(login) or plain(*given)
    )
    attempt(login)
    assert len(times) == 1


def test_mail_and_name_both_log_in() -> None:
    factories.user("reporter", username="ines@home", email="ines@paper.example")
    assert attempt("ines@paper.example", PASSWORD) == "/admin/"
    assert attempt("ines@home", PASSWORD) == "/admin/"


def test_one_address_that_tries_many_names_is_stopped(settings: Any) -> None:
    settings.LOGIN_LIMITS = settings.LOGIN_LIMITS | {"address": "3/10m/ip"}
    said = [attempt(f"name-{number}") for number in range(4)]
    assert [TOO_MANY in one for one in said] == [False, False, False, True]


def test_switched_off_account_gets_no_session(reporter: User) -> None:
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    client = Client()
    client.post("/accounts/login/", {"login": reporter.username, "password": PASSWORD})
    assert client.get("/admin/").status_code == 302


def test_session_changes_at_login_and_dies_at_logout(reporter: User) -> None:
    client = Client()
    client.get("/accounts/login/")
    before = client.session
    before["mine"] = 1
    before.save()
    client.cookies["session"] = planted = before.session_key
    client.post("/accounts/login/", {"login": reporter.username, "password": PASSWORD})
    during = client.cookies["session"].value
    assert during != planted
    client.post("/accounts/logout/")
    client.cookies["session"] = during
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "to", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_leads_nowhere_else(reporter: User, to: str) -> None:
    data = {"login": reporter.username, "password": PASSWORD, "next": to}
    assert Client().post("/accounts/login/", data).headers["Location"] == "/admin/"


def test_password_reset_says_the_same_to_known_and_unknown(reporter: User) -> None:
    User.objects.filter(pk=reporter.pk).update(email="known@paper.example")
    answers = [
        Client().post("/accounts/password/reset/", {"email": mail})
        for mail in ("known@paper.example", "unknown@paper.example")
    ]
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {
        (302, "/accounts/password/reset/done/")
    }


def test_mail_of_a_reset_never_names_a_foreign_host(reporter: User, mailoutbox: list[Any]) -> None:
    User.objects.filter(pk=reporter.pk).update(email="known@paper.example")
    headers = {"HTTP_X_FORWARDED_HOST": "evil.example"}
    Client().post("/accounts/password/reset/", {"email": "known@paper.example"}, **headers)
    assert "/accounts/password/reset/key/" in mailoutbox[0].body
    assert "evil" not in mailoutbox[0].body


def test_proxy_that_is_not_counted_is_a_warning(settings: Any) -> None:
    assert checks.proxies(None) == []
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert [one.id for one in checks.proxies(None)] == ["newsroom.W001"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert checks.proxies(None) == []


@pytest.mark.django_db
def test_flood_of_logins_is_told_to_wait_in_the_sites_look() -> None:
    client = Client()
    for number in range(31):
        answer = client.post("/accounts/login/", {"login": f"nobody-{number}", "password": "x"})
    assert answer.status_code == 429
    assert "Too many tries" in answer.text
    assert 'rel="stylesheet"' in answer.text
