"""The checklist's switches: what an outlet demands, and what nobody can switch off."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from articles import checklist, workflow
from articles.models import Article, Demands
from articles.models.demands import SWITCHES
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_article_admin import change, typed

pytestmark = pytest.mark.django_db

DOOR = "/admin/articles/demands/"


def switch(**levels: str) -> None:
    Demands(**levels).save()


def lacking(name: str) -> dict[str, Any]:
    """The content of a story that lacks only this."""
    picture: dict[str, Any] = {"licence": "own-work", **({name: ""} if name != "to_come" else {})}
    contents: dict[str, dict[str, Any]] = {
        "standfirst": {"standfirst": ""},
        "body": {"body": ""},
        "bylines": {"bylines": []},
        "lead_image": {"lead_waived": False},
        "to_come": {"body": "<p>The mayor said TK.</p>"},
        "long_headline": {"headline": "Ferry " * 20},
        "tags": {"tags": []},
    }
    return contents.get(name) or {"lead_image": factories.image(**picture)}


def found(name: str) -> list[bool]:
    """Whether each of the findings blocks."""
    return [one.blocks for one in checklist.check(factories.content(**lacking(name)))]


@pytest.mark.parametrize("name", SWITCHES)
def test_each_demand_blocks_warns_or_is_not_asked(name: str) -> None:
    for level, expected in (("blocks", [True]), ("warns", [False]), ("off", [])):
        switch(**{name: level})
        assert found(name) == expected, level


@pytest.mark.parametrize("name", SWITCHES)
def test_demand_that_nobody_has_chosen_is_as_it_always_was(name: str) -> None:
    assert found(name) == [name not in {"long_headline", "tags"}]


@pytest.mark.parametrize("level", ["warns", "off"])
def test_demand_that_is_no_block_lets_a_story_out_at_the_server(chief: User, level: str) -> None:
    switch(standfirst=level)
    article = factories.draft(by=chief, standfirst="")
    assert workflow.publish(article, by=chief).is_public(now=timezone.now())


def test_demand_that_was_a_warning_holds_a_story_back_when_it_blocks(chief: User) -> None:
    switch(tags="blocks")
    article = factories.draft(by=chief, tags=[])
    with pytest.raises(workflow.NotReady) as refused:
        workflow.publish(article, by=chief)
    assert [(one.field, one.demand) for one in refused.value.findings] == [("tags", "tags")]


def test_form_shows_a_demand_as_it_is_switched(chief: User) -> None:
    article = factories.draft(by=chief, standfirst="", bylines=[])
    switch(standfirst="warns", bylines="off")
    status = logged_in(chief).get(change(article)).context["status"]
    assert (status.blocks, [one.field for one in status.warnings]) == ([], ["standfirst"])
    page = logged_in(chief).post(change(article), typed(article, _publish="1"), follow=True)
    assert "Published: " in page.text


# --- What nobody can switch off ---------------------------------------------------------------


def everything_off() -> None:
    switch(**dict.fromkeys(SWITCHES, "off"))


def held_back(chief: User, **fields: Any) -> list[str]:
    """What is said of a story that does not come out with every switch off; it must not."""
    everything_off()
    article = factories.draft(by=chief, **fields)
    with pytest.raises(workflow.NotReady) as refused:
        workflow.publish(article, by=chief)
    assert not Article.objects.published(now=timezone.now()).filter(pk=article.pk).exists()
    return [one.sentence for one in refused.value.findings]


def test_headline_cannot_be_switched_off(chief: User) -> None:
    assert held_back(chief, headline="") == ["Write a headline."]


@pytest.mark.parametrize("where", ["lead", "body"])
def test_licence_cannot_be_switched_off(chief: User, where: str) -> None:
    picture = factories.image(licence="", file_name="quay.jpg")
    used: dict[str, Any] = {"lead_image": picture}
    if where == "body":
        used = {"body": f'<p>Text</p><figure data-image="{picture.pk}"></figure>'}
    assert held_back(chief, **used) == [f"“{picture}” needs a licence."]


@pytest.mark.parametrize("licence", ["agency", "agency-single-use", "handout", "permission"])
def test_credit_that_a_contract_asks_for_cannot_be_switched_off(chief: User, licence: str) -> None:
    until = timezone.now() + timedelta(days=9)
    picture = factories.image(licence=licence, credit="", rights_until=until)
    assert held_back(chief, lead_image=picture) == [f"“{picture}” needs a credit."]


@pytest.mark.parametrize("missing", ["author", "source_url"])
def test_what_a_licence_asks_for_cannot_be_switched_off(chief: User, missing: str) -> None:
    words = {"author": "Ana Reis", "source_url": "https://pictures.example/1", missing: ""}
    picture = factories.image(licence="cc-by-4.0", **words)
    assert len(held_back(chief, lead_image=picture)) == 1


def test_end_of_the_rights_cannot_be_switched_off(chief: User) -> None:
    picture = factories.image(rights_until=timezone.now() - timedelta(days=1))
    assert "ended on" in held_back(chief, lead_image=picture)[0]


def test_single_use_cannot_be_switched_off(chief: User) -> None:
    picture = factories.image(licence="agency-single-use")
    factories.published(by=chief, lead_image=picture)
    assert "is for a single use" in held_back(chief, lead_image=picture)[0]


def test_picture_that_is_gone_cannot_be_switched_off() -> None:
    everything_off()
    content = factories.content() | {"lead_image": {"id": 987_654, "label": "Gone"}}
    assert [one.blocks for one in checklist.check(content)] == [True]


# --- Who sets them ----------------------------------------------------------------------------


def asked(**levels: str) -> dict[str, str]:
    return {name: str(level) for name, (_, level) in SWITCHES.items()} | levels


def test_chief_sets_the_switches_and_the_audit_tells_what_was_changed(chief: User) -> None:
    client = logged_in(chief)
    assert client.get(DOOR)["Location"] == f"{DOOR}add/"
    assert client.post(f"{DOOR}add/", asked(standfirst="off", tags="blocks")).status_code == 302
    assert client.post(f"{DOOR}1/change/", asked(standfirst="off")).status_code == 302
    told = Entry.objects.filter(verb="change checklist").order_by("pk")
    assert [(entry.actor, entry.before, entry.after) for entry in told] == [
        (chief, {"standfirst": "blocks", "tags": "warns"}, {"standfirst": "off", "tags": "blocks"}),
        (chief, {"tags": "blocks"}, {"tags": "warns"}),
    ]
    assert client.get(DOOR)["Location"] == f"{DOOR}1/change/"


def test_level_that_does_not_exist_is_refused(chief: User) -> None:
    page = logged_in(chief).post(f"{DOOR}add/", asked(alt="never"))
    assert page.status_code == 200
    assert not Demands.objects.exists()
    with pytest.raises(IntegrityError, match="demands_are_known"):
        switch(alt="never")


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_nobody_else_sets_the_switches(role: str) -> None:
    switch()
    client = logged_in(factories.user(role))
    for door in (DOOR, f"{DOOR}add/", f"{DOOR}1/change/", f"{DOOR}1/history/"):
        assert client.get(door).status_code == 403, door
        assert client.post(door, asked(alt="off")).status_code == 403, door
    assert Demands.current().alt == "blocks"


def test_chief_of_one_section_does_not_set_them_for_the_outlet() -> None:
    member = factories.member("chief", factories.section("Sports"))
    assert logged_in(member).post(f"{DOOR}add/", asked(alt="off")).status_code == 403


def test_switches_are_there_once_and_stay(chief: User) -> None:
    switch(alt="off")
    switch(alt="warns")
    assert Demands.objects.count() == 1
    assert logged_in(chief).get(f"{DOOR}add/").status_code == 403
    assert logged_in(chief).post(f"{DOOR}1/delete/", {"post": "yes"}).status_code == 403


def test_page_of_the_switches_says_what_is_always_demanded(chief: User) -> None:
    page = logged_in(chief).get(f"{DOOR}add/").text
    assert "Always demanded, whatever is chosen here" in page
    assert 'name="alt" value="warns"' in page
