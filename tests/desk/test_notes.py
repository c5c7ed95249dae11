"""Notes of the desk on a story: written, done with, opened again, deleted; never part of it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import snapshot, workflow
from articles.models import Article, Note
from articles.models.note import LONGEST
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_article_admin import LIST, again, change, typed

pytestmark = pytest.mark.django_db

SCRIPT = {"accept": "application/json"}


def door(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/notes/"


def add(client: Client, article: Article, text: str, **fields: Any) -> Any:
    """As the button does without a script: the whole form goes with it."""
    return client.post(door(article), typed(article, remark=text, _note_add="", **fields))


def shown(client: Client, article: Article) -> list[str]:
    return [note.text for note in client.get(change(article)).context["notes"].open]


# --- Writing one ------------------------------------------------------------------------------


def test_note_says_who_when_and_on_what(reporter: User, editor: User) -> None:
    article = factories.draft(by=reporter)
    add(logged_in(editor), article, "Too long?", remark_on="headline")
    note = Note.objects.get()
    assert (note.article, note.by, note.by_name) == (article, editor, str(editor))
    assert (note.text, note.part, note.done_at) == ("Too long?", "headline", None)
    line = logged_in(reporter).get(change(article)).context["notes"].open[0]
    assert (line.who, line.on, line.text) == (str(editor), "Headline", "Too long?")


def test_note_without_a_script_loses_nothing_that_was_typed(reporter: User) -> None:
    article = factories.draft(by=reporter)
    client = logged_in(reporter)
    page = add(client, article, "Ask the mayor.", headline="Unsaved headline", slug="my-slug")
    assert page.context["refusal"].unsaved == "The note is added. The story is not saved by that."
    assert "Unsaved headline" in page.text
    assert 'value="my-slug"' in page.text
    assert page.context["form"]["remark"].value() == ""
    assert again(article).headline == article.headline
    assert page.text.count(f'action="{change(article)}"') == 1  # saving goes to the form's own door


def test_note_can_be_added_to_a_form_that_could_not_be_saved(reporter: User) -> None:
    article = factories.draft(by=reporter)
    page = add(logged_in(reporter), article, "Still a note", slug="ööö", section="")
    assert Note.objects.get().text == "Still a note"
    assert 'value="ööö"' in page.text


def test_refused_note_stays_in_its_box(reporter: User) -> None:
    article = factories.draft(by=reporter)
    long = "x" * (LONGEST + 1)
    page = add(logged_in(reporter), article, long, headline="Unsaved headline")
    assert "Ensure this value has at most 2000 characters" in page.text
    assert page.context["form"]["remark"].value() == long
    assert "Unsaved headline" in page.text
    assert not Note.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n "])
def test_empty_note_is_none(reporter: User, text: str) -> None:
    page = add(logged_in(reporter), factories.draft(by=reporter), text)
    assert "Write the note first." in page.text
    assert not Note.objects.exists()


def test_script_gets_the_notes_and_sends_the_note_alone(editor: User) -> None:
    article = factories.draft(by=editor)
    fields = {"_note_add": "1", "remark": "Ask the mayor.", "remark_on": "body"}
    answer = logged_in(editor).post(door(article), fields, headers=SCRIPT)
    told = answer.json()
    assert (told["count"], told["said"], told["error"]) == ("1 open note", "The note is added.", "")
    assert "Ask the mayor." in told["html"]
    assert f'formaction="{door(article)}"' in told["html"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_script_is_told_what_is_wrong(editor: User) -> None:
    article = factories.draft(by=editor)
    fields = {"_note_add": "1", "remark": "Text", "remark_on": "password"}
    told = logged_in(editor).post(door(article), fields, headers=SCRIPT).json()
    assert "Select a valid choice" in told["error"]
    assert not Note.objects.exists()


def test_note_that_is_typed_and_not_added_goes_with_the_save(editor: User) -> None:
    article = factories.draft(by=editor)
    data = typed(article, headline="Saved headline", remark="And a word.", _save="1")
    assert logged_in(editor).post(change(article), data).status_code == 302
    assert (Note.objects.get().text, again(article).headline) == ("And a word.", "Saved headline")


def test_note_comes_back_with_a_save_that_is_refused(editor: User) -> None:
    article = factories.draft(by=editor, standfirst="")
    page = logged_in(editor).post(
        change(article), typed(article, remark="And a word.", _publish="1")
    )
    assert page.context["form"]["remark"].value() == "And a word."
    assert not Note.objects.exists()


def test_unsaved_note_is_kept_as_everything_typed_is(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    data = typed(article, remark="Half a note", _form="mark-of-an-open-form", _text="1")
    client.post(f"/admin/articles/article/{article.pk}/keep/", data)
    assert len(client.get(change(article)).context["keeping"]["offers"]) == 1


def test_note_is_text_and_never_markup(editor: User) -> None:
    article = factories.draft(by=editor)
    answer = add(logged_in(editor), article, "<script>alert(1)</script>\n<b>line</b>")
    assert "<script>alert(1)" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>&lt;b&gt;line" in answer.text


def test_same_note_twice_is_one(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    add(client, article, "Twice")
    add(client, article, "Twice")
    assert Note.objects.count() == 1


def test_story_has_a_bounded_number_of_open_notes(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow, "MOST_OPEN", 2)
    article, client = factories.draft(by=editor), logged_in(editor)
    for text in ("One", "Two"):
        add(client, article, text)
    assert "Mark some as done first." in add(client, article, "Three").text
    assert Note.objects.count() == 2


def test_new_story_has_no_notes_yet(editor: User) -> None:
    page = logged_in(editor).get("/admin/articles/article/add/")
    assert "panel-notes" not in page.text


# --- Done, open again, deleted ----------------------------------------------------------------


def press(client: Client, note: Note, button: str, **fields: Any) -> Any:
    return client.post(door(note.article), typed(note.article, **{button: note.pk}, **fields))


def test_note_is_marked_as_done_and_opened_again(reporter: User, editor: User) -> None:
    article = factories.draft(by=reporter)
    note = workflow.add_note(article, "Ask the mayor.", by=editor)
    client = logged_in(reporter)
    page = press(client, note, "_note_done", headline="Unsaved headline")
    assert [line.text for line in page.context["notes"].done] == ["Ask the mayor."]
    assert page.context["notes"].done[0].done.startswith(f"Done: {reporter}, ")
    assert "Unsaved headline" in page.text
    press(client, note, "_note_open")
    assert shown(client, article) == ["Ask the mayor."]
    verbs = Entry.objects.about(article.subject).order_by("pk").values_list("verb", flat=True)
    assert list(verbs)[1:] == ["add note", "finish note", "reopen note"]


def test_note_that_is_done_twice_names_the_first(reporter: User, editor: User) -> None:
    note = workflow.add_note(factories.draft(by=reporter), "Ask.", by=editor)
    workflow.finish_note(note, by=reporter)
    workflow.finish_note(note, by=editor)
    note.refresh_from_db()
    assert note.done_by_name == str(reporter)
    assert Entry.objects.filter(verb="finish note").count() == 1


def test_author_deletes_a_note_and_the_audit_keeps_its_words(editor: User) -> None:
    article = factories.draft(by=editor)
    note = workflow.add_note(article, "Libelous", by=editor)
    client = logged_in(editor)
    assert "The note is deleted." in press(client, note, "_note_delete").text
    assert not Note.objects.exists()
    assert Entry.objects.get(verb="delete note").before["text"] == "Libelous"
    assert "Libelous" not in client.get(f"/admin/articles/article/{article.pk}/history/").text


@pytest.mark.parametrize("role", ["reporter", "editor", "chief"])
def test_note_of_another_is_deleted_by_a_chief_only(editor: User, chief: User, role: str) -> None:
    may = role == "chief"
    article = factories.draft(by=chief)
    note = workflow.add_note(article, "Mine", by=editor)
    client = logged_in(factories.user(role))
    assert client.get(change(article)).context["notes"].open[0].may_delete is may
    page = press(client, note, "_note_delete")
    assert ("Only who wrote a note" not in page.text) is may
    assert Note.objects.exists() is not may


@pytest.mark.parametrize("button", ["_note_done", "_note_open", "_note_delete"])
@pytest.mark.parametrize("key", ["987654", "x", "", "9" * 40, "-1", "\uff11"])
def test_note_that_is_not_there_is_a_sentence(editor: User, button: str, key: str) -> None:
    article = factories.draft(by=editor)
    page = logged_in(editor).post(door(article), typed(article, **{button: key}))
    assert "There is no such note any more." in page.text


def test_button_reaches_no_note_of_another_story(editor: User) -> None:
    mine, other = factories.draft(by=editor), factories.draft(by=editor)
    note = workflow.add_note(other, "Elsewhere", by=editor)
    page = logged_in(editor).post(door(mine), typed(mine, _note_delete=note.pk))
    assert "There is no such note any more." in page.text
    assert Note.objects.exists()


# --- Who may ----------------------------------------------------------------------------------


def test_reporter_notes_on_the_story_of_another_and_changes_nothing_else(reporter: User) -> None:
    article = factories.published(by=factories.user("chief"))
    version = article.version
    page = add(logged_in(reporter), article, "I know her sister.")
    assert "The note is added." in page.text
    assert again(article).version == version


def test_who_may_only_look_writes_no_notes(powerless: User, editor: User) -> None:
    from_group = factories.user("reporter")
    group = from_group.groups.get()
    group.permissions.remove(group.permissions.get(codename="add_note"))
    article = factories.draft(by=editor)
    workflow.add_note(article, "Ask the mayor.", by=editor)
    client = logged_in(User.objects.get(pk=from_group.pk))
    page = client.get(change(article)).text
    assert "Ask the mayor." in page
    assert "_note_add" not in page
    assert "_note_done" not in page
    assert add(client, article, "No").status_code == 403
    assert client.get(door(article)).status_code == 403
    assert add(logged_in(powerless), article, "No").status_code == 403


def test_notes_hold_the_borders_between_sections(chief: User) -> None:
    member = factories.member("editor", factories.section("Sports"))
    article = factories.draft(by=chief, section=factories.section("Politics"))
    note = workflow.add_note(article, "Quillfeather", by=chief)
    client = logged_in(member)
    for button in ("_note_add", "_note_done", "_note_open", "_note_delete"):
        for headers in ({}, SCRIPT):
            fields = {button: note.pk, "remark": "Hello"}
            answer = client.post(door(article), fields, headers=headers)
            assert answer.status_code == 404
            assert "Quillfeather" not in answer.text
    with pytest.raises(workflow.NotAllowed):
        workflow.finish_note(note, by=member)
    assert list(Note.objects.values_list("text", "done_at")) == [("Quillfeather", None)]


def test_own_story_that_was_moved_away_can_still_be_answered_about(chief: User) -> None:
    reporter = factories.member("reporter", factories.section("Sports"))
    article = factories.draft(by=reporter, section=factories.section("Sports"))
    elsewhere = snapshot.reference(factories.section("Politics"))
    moved = snapshot.head(article) | {"section": elsewhere}
    article = workflow.save(article, moved, by=chief, base_version=article.version)
    assert workflow.add_note(article, "It was on Tuesday.", by=reporter).part == ""


def test_door_leads_back_to_the_form_and_gives_a_script_its_token(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    assert client.get(door(article))["Location"] == change(article)
    assert set(client.get(door(article), headers=SCRIPT).json()) == {"csrf"}
    assert client.post(door(article), headers=SCRIPT).status_code == 200


# --- Never part of the story ------------------------------------------------------------------


def test_note_is_in_no_preview_no_revision_and_no_snapshot(editor: User) -> None:
    article = factories.draft(by=editor)
    version = article.version
    workflow.add_note(article, "Zanzibarquux", by=editor)
    client = logged_in(editor)
    address = f"/admin/articles/article/{article.pk}/preview/"
    assert "Zanzibarquux" not in client.get(address).text
    assert "Zanzibarquux" not in client.post(address, typed(article, remark="Zanzibarquux")).text
    row = again(article)
    assert (row.version, row.revisions.count()) == (version, 1)
    assert "Zanzibarquux" not in str(snapshot.head(row)) + serializers.serialize("json", [row])


def test_notes_go_with_a_draft_that_is_deleted(chief: User) -> None:
    article = factories.draft(by=chief)
    workflow.add_note(article, "Gone", by=chief)
    workflow.delete(article, by=chief)
    assert not Note.objects.exists()


def test_database_knows_no_empty_note(editor: User) -> None:
    words = {"by": editor, "by_name": "E", "at": timezone.now(), "text": ""}
    with pytest.raises(IntegrityError, match="note_says_something"):
        Note.objects.create(article=factories.draft(by=editor), **words)


# --- In lists ---------------------------------------------------------------------------------


def test_list_and_first_page_count_the_open_notes(reporter: User, editor: User) -> None:
    article = factories.draft(by=reporter, headline="Cranes")
    factories.draft(by=reporter, headline="No notes")
    for text in ("One", "Two", "Three"):
        note = workflow.add_note(article, text, by=editor)
    workflow.finish_note(note, by=editor)
    client = logged_in(reporter)
    page = client.get(LIST)
    assert page.text.count("<small>2 open notes</small>") == 1
    found = client.get(LIST, {"notes": "open"}).context["cl"].result_list
    assert [str(one) for one in found] == ["Cranes"]
    drafts = client.get("/admin/").context["dashboard"].blocks[1]
    assert {row.headline: row.open_notes for row in drafts.rows} == {"Cranes": 2, "No notes": 0}


def queries(run: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as caught:
        run()
    return len(caught)


def test_notes_cost_the_same_queries_one_or_many(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    pages = (change(article), LIST, "/admin/")
    workflow.finish_note(workflow.add_note(article, "First", by=editor), by=editor)
    for page in pages:
        client.get(page)
    few = [queries(lambda page=page: client.get(page)) for page in pages]  # type: ignore[misc]
    for number in range(20):
        note = workflow.add_note(article, f"Note {number}", by=editor)
        if number % 2:
            workflow.finish_note(note, by=editor)
    assert [queries(lambda page=page: client.get(page)) for page in pages] == few  # type: ignore[misc]


# --- In the browser ---------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_note_is_added_and_done_with_while_the_text_stays_on_the_form(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    page, article = editor_page, factories.draft(by=editor)
    page.goto(f"{live_server.url}{change(article)}")
    page.wait_for_selector("textarea[data-mounted]", state="attached")
    page.fill("#id_headline", "Unsaved headline")
    page.fill("#id_remark", "Who says <so>?")
    page.select_option("#id_remark_on", "headline")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".story-notes__open li")).to_have_count(1)
    expect(page.locator(".story-notes__open")).to_contain_text("Who says <so>?")
    expect(page.locator("#id_remark")).to_have_value("")
    expect(page.locator("[data-notes-count]")).to_have_text("1 open note")
    page.get_by_role("button", name="Mark as done: Who says <so>?").click()
    expect(page.locator(".story-notes__open li")).to_have_count(0)
    expect(page.locator("[data-notes-said]")).to_have_text("The note is marked as done.")
    assert page.input_value("#id_headline") == "Unsaved headline"
    row = again(article)
    assert (row.version, row.headline) == (article.version, article.headline)
