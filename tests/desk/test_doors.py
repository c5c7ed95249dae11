"""Every door of the desk, found from the URL configuration, for those who may not pass."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import URLResolver, get_resolver

from articles.models import Article, Demands, Step
from newsroom.accounts.models import User
from newsroom.publication.models import HousePage, Publication, SocialLink
from newsroom.redirects.models import Redirect
from tests import factories
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db

#: Open to every member of staff: the index shows what one may do, the rest is about oneself.
FOR_ALL_STAFF = {"index", "logout", "password_change", "password_change_done", "jsi18n", "login"}
#: Answers only with what the asked admin lets one see (checked below).
ASKS_FURTHER = {"autocomplete", "view_on_site"}


def doors() -> Iterator[tuple[str, str]]:
    """Each address of the desk with its route's name; keys are those of the rows there are."""
    desk = next(
        part for part in get_resolver().url_patterns if getattr(part, "namespace", "") == "admin"
    )
    for name, route in _walk(desk.url_patterns, "/admin/"):
        for address in filled(route):
            yield name, address


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield pattern.name or "", route


def filled(route: str) -> Iterator[str]:
    """The route with real keys in it; regular expressions of the catch-all are left out."""
    if "(?P" in route:
        return
    rows = {
        "object_id": lambda: keys(route),
        "pk": lambda: keys(route),
        "id": lambda: keys(route),
        "content_type_id": lambda: [1],
    }
    names = [word.split(">")[0] for word in route.split("<")[1:]]
    addresses = [route]
    for word in names:
        name = word.split(":")[-1]
        known = rows.get(name, lambda: [1])()
        addresses = [at.replace(f"<{word}>", str(key)) for at in addresses for key in known]
    yield from addresses


def keys(route: str) -> list[Any]:
    """A key of the model whose admin the route belongs to."""
    label, model = route.split("/")[2:4]
    rows = [row for row in admin.site._registry if row._meta.label_lower == f"{label}.{model}"]
    return list(rows[0]._default_manager.values_list("pk", flat=True)[:1]) if rows else [1]


@pytest.fixture(autouse=True)
def paper(chief: User) -> Article:
    """A row of every kind, so that every door has something behind it."""
    article = factories.published(
        by=chief, lead_image=factories.image(), authors=[factories.author()]
    )
    publication = Publication(name="The Courier")
    publication.save()
    SocialLink(publication=publication, label="Mastodon", url="https://social.example/@c").save()
    HousePage(title="About", slug="about").save()
    Redirect.objects.create(old_path="/old/", new_path="/new/")
    Step.objects.create(name="Copy desk")
    Demands().save()
    return article


def test_there_are_doors() -> None:
    assert len(set(doors())) > 60


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_permission_pass_no_door(powerless: User, method: str) -> None:
    client = logged_in(powerless)
    client.raise_request_exception = False
    opened = [
        address
        for name, address in doors()
        if name not in FOR_ALL_STAFF | ASKS_FURTHER
        and not shut(address, getattr(client, method)(address))
    ]
    assert opened == []


def shut(address: str, response: Any) -> bool:
    """Refused, or an old-style address that only leads on to a door (which is tried itself)."""
    leads_on = response.headers.get("Location") == f"{address}change/"
    return response.status_code in {403, 405} or leads_on


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_led_to_the_login(method: str) -> None:
    client = Client(raise_request_exception=False)
    for name, address in doors():
        if name in {"jsi18n", "logout", "login"}:
            continue
        response = getattr(client, method)(address)
        assert response.status_code in {302, 403}, address
        if response.status_code == 302:
            assert response.headers["Location"].startswith(("/accounts/login/", "/admin/login/"))


def test_chief_passes_every_door_that_shows_something(chief: User) -> None:
    """No page of the desk fails for who may see it."""
    client = logged_in(chief)
    client.raise_request_exception = False
    for _, address in doors():
        assert client.get(address).status_code < 500, address


def test_autocomplete_asks_the_admin_that_it_searches(powerless: User) -> None:
    client = logged_in(powerless)
    for model in ("author", "image", "section"):
        holder = {
            "author": ("articles", "byline", "author"),
            "image": ("authors", "author", "portrait"),
            "section": ("sections", "section", "parent"),
        }[model]
        query = dict(zip(("app_label", "model_name", "field_name"), holder, strict=True))
        assert client.get("/admin/autocomplete/", {**query, "term": ""}).status_code == 403


def test_every_model_of_ours_has_its_place_at_the_desk() -> None:
    """Rows that are edited through another's form are named here."""
    inside = {
        "Body",
        "BodyImage",
        "Byline",
        "Revision",
        "PublicUse",
        "TaggedArticle",
        "AuthorLink",
        "SocialLink",
        "Correction",
        "Membership",
        "Unsaved",
        "Presence",
        "Note",
        "ShareLink",
        "TagMerge",
    }
    ours = {
        model for model in apps.get_models()
        if model.__module__.startswith(("newsroom", "articles", "authors", "sections"))
    }  # fmt: skip
    missing = {model.__name__ for model in ours if model not in admin.site._registry} - inside
    assert missing == set()


def test_chief_cannot_make_oneself_a_superuser(chief: User) -> None:
    client = logged_in(chief)
    root = User.objects.create_superuser("root", password="x")
    assert client.get(f"/admin/accounts/user/{root.pk}/change/").status_code in {200, 403}
    client.post(
        f"/admin/accounts/user/{root.pk}/change/", {"username": "mine", "is_superuser": "on"}
    )
    client.post(
        f"/admin/accounts/user/{chief.pk}/change/",
        {"username": "chief", "is_active": "on", "is_staff": "on", "is_superuser": "on"},
    )
    root.refresh_from_db()
    chief.refresh_from_db()
    assert (root.username, chief.is_superuser) == ("root", False)


def test_login_is_allauths_and_nobody_signs_up() -> None:
    client = Client()
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/")
    assert client.get("/accounts/login/").status_code == 200
    signup = client.post(
        "/accounts/signup/",
        {
            "username": "x",
            "email": "x@example.com",
            "password1": "correct horse",
            "password2": "correct horse",
        },
    )
    assert signup.status_code in {200, 302}
    assert not User.objects.filter(username="x").exists()


def test_wrong_password_is_stopped_at_the_fifth_try(chief: User) -> None:
    client = Client()
    for _ in range(5):
        client.post("/accounts/login/", {"login": chief.username, "password": "wrong"})
    client.post("/accounts/login/", {"login": chief.username, "password": "correct horse"})
    assert "_auth_user_id" not in client.session
