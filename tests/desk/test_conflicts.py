"""Two people at one story: what is merged without a word too many, and what they must decide."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Revision
from newsroom.accounts.models import User
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_article_admin import again, change, press, typed

pytestmark = pytest.mark.django_db


def collide(by: User, other: User, article: Article, mine: dict[str, Any], **theirs: Any) -> Any:
    """What the second of two saves answers."""
    data = typed(article, **mine)
    press(logged_in(other), article, **theirs)
    return logged_in(by).post(change(article), data | {"_save": "1"})


def go_on(client: Client, article: Article, response: Any, **button: str) -> Any:
    """Press a button on the form as it came back."""
    form = response.context["form"]
    clashes = [clash.field for clash in response.context["refusal"].comparison.clashes]
    data = {key: values for key, values in form.data.lists() if not key.startswith("_")}
    return client.post(change(article), data | {"_clash": clashes} | button)


def test_fields_that_do_not_overlap_merge_and_the_message_says_what_from_whom(
    editor: User, chief: User
) -> None:
    article = factories.draft(by=editor)
    ana = factories.author("Ana")
    response = collide(
        editor, chief, article, {"headline": "My own headline"},
        standfirst="Their standfirst", tags="Theirs",
        **{"bylines-name": ["Ana"], "bylines-role": ["writer"]},
    )  # fmt: skip
    assert response.status_code == 302
    page = logged_in(editor).get(response["Location"])
    row = again(article)
    assert (row.headline, row.standfirst) == ("My own headline", "Their standfirst")
    assert (row.bylines.get().author, row.tags.get().name) == (ana, "Theirs")
    assert page.status_code == 200


def test_merge_is_told_to_who_saved_second(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    client = logged_in(editor)
    mine = typed(article, headline="Mine", _save="1")
    press(logged_in(chief), article, standfirst="Theirs", tags="Theirs")
    page = client.post(change(article), mine, follow=True).text
    assert f"Saved. Merged with what {chief} saved meanwhile: Standfirst, Topics." in page


@pytest.mark.parametrize("button", ["_submit", "_publish", "_schedule"])
def test_only_saving_merges_unseen_words_are_never_sent_on(
    editor: User, chief: User, button: str
) -> None:
    article = factories.draft(by=editor)
    mine = typed(article, headline="Mine", publish_at="2099-01-01T10:00", **{button: "1"})
    press(logged_in(chief), article, standfirst="Theirs")
    response = logged_in(editor).post(change(article), mine)
    comparison = response.context["refusal"].comparison
    assert (comparison.taken, comparison.kept, comparison.clashes) == (
        ["Standfirst"], ["Headline"], [],
    )  # fmt: skip
    assert response.context["form"]["standfirst"].value() == "Theirs"
    assert (again(article).state, again(article).version) == ("draft", 2)


def test_overlap_is_shown_word_by_word_with_a_choice_for_each_field(
    editor: User, chief: User
) -> None:
    article = factories.draft(by=editor)
    response = collide(
        editor, chief, article, {"headline": "My words", "slug": "mine", "dateline": "Porto"},
        headline="Their words", slug="theirs", standfirst="Theirs alone",
    )  # fmt: skip
    assert "<del>Their</del> <ins>My</ins> words" in response.text
    for name in ("headline", "slug"):
        assert f'name="_keep" value="{name}"' in response.text
        assert f'name="_take" value="{name}"' in response.text
    assert again(article).version == 2


def test_clashes_are_decided_one_by_one_and_saved_with_one_save(editor: User, chief: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    response = collide(
        editor, chief, article, {"headline": "Mine", "slug": "mine", "dateline": "Porto"},
        headline="Theirs", slug="theirs",
    )  # fmt: skip
    response = go_on(client, article, response, _take="headline")
    (left,) = response.context["refusal"].comparison.clashes
    assert left.field == "slug"
    response = go_on(client, article, response, _keep="slug")
    assert response.context["refusal"].comparison.clashes == []
    go_on(client, article, response, _save="1")
    row = again(article)
    assert (row.headline, row.slug, row.dateline) == ("Theirs", "mine", "Porto")


def test_third_save_during_the_decision_is_not_overwritten(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    response = collide(editor, chief, article, {"headline": "Mine"}, headline="Theirs")
    press(logged_in(chief), again(article), headline="Theirs again")
    response = go_on(logged_in(editor), article, response, _save="1")
    (clash,) = response.context["refusal"].comparison.clashes
    assert (clash.before, clash.after) == ("Theirs again", "Mine")
    assert again(article).headline == "Theirs again"


def test_forged_names_decide_nothing(editor: User) -> None:
    article = factories.draft(by=editor)
    data = typed(article, _take="state", _keep="version", _clash=["state", "<script>"])
    response = logged_in(editor).post(change(article), data)
    assert response.context["refusal"].comparison.clashes == []
    assert Revision.objects.count() == 1


@pytest.mark.browser
def test_conflict_is_decided_by_keyboard(
    editor_page: Page, live_server: LiveServer, chief: User, editor: User
) -> None:
    article = factories.draft(by=editor)
    editor_page.goto(live_server.url + change(article))
    editor_page.wait_for_selector("textarea[data-mounted]", state="attached")
    press(logged_in(chief), article, headline="Their headline")
    editor_page.fill("#id_headline", "My headline")
    editor_page.keyboard.press("Control+s")
    expect(editor_page.locator("[data-refusal]")).to_be_focused()
    editor_page.get_by_role("button", name="Take theirs: Headline").press("Enter")
    expect(editor_page.locator("#id_headline")).to_have_value("Their headline")
    expect(editor_page.get_by_text("Nothing is left to decide")).to_be_visible()


@pytest.mark.browser
def test_a_button_pressed_before_the_editor_runs_does_its_work_once_it_does(
    editor_page: Page, live_server: LiveServer, chief: User, editor: User
) -> None:
    article = factories.draft(by=editor)
    editor_page.goto(live_server.url + change(article))
    editor_page.wait_for_selector("textarea[data-mounted]", state="attached")
    press(logged_in(chief), article, headline="Their headline")
    editor_page.fill("#id_headline", "My headline")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    editor_page.route("**/desk/editor/toolbar*.js", hold)
    editor_page.keyboard.press("Control+s")
    editor_page.get_by_role("button", name="Take theirs: Headline").press("Enter")
    expect(editor_page.locator("#id_headline")).to_have_value("My headline")
    editor_page.unroute("**/desk/editor/toolbar*.js")
    held[0].continue_()
    expect(editor_page.locator("#id_headline")).to_have_value("Their headline")


@pytest.mark.browser
def test_an_editor_that_does_not_start_saves_nothing_and_says_so(
    forgiving_page: Page, live_server: LiveServer, editor: User
) -> None:
    article = factories.draft(by=editor)
    forgiving_page.route("**/desk/editor/toolbar*.js", lambda route: route.abort())
    forgiving_page.goto(live_server.url + change(article))
    forgiving_page.fill("#id_headline", "My headline")
    forgiving_page.get_by_role("button", name="Save", exact=True).click()
    expect(forgiving_page.get_by_text("The text editor has not started")).to_be_visible()
    assert Revision.objects.count() == 1
