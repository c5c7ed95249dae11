"""The article form: what editors do with it, with the verbs behind it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import snapshot, workflow
from articles.models import Article, Correction, RevisionKind, State, Tag
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from newsroom.publication.models import Publication
from tests import factories
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"


def change(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def typed(article: Article | None = None, **fields: Any) -> dict[str, Any]:
    """What a browser posts for the form as it is; keywords replace."""
    content = snapshot.head(article) if article else factories.content()
    data: dict[str, Any] = {
        name: content[name] for name in (*snapshot.TEXTS, "body") if content[name] is not None
    }
    lines = content["bylines"]
    data |= {
        "section": content["section"]["id"],
        "lead_image": content["lead_image"]["id"] if content["lead_image"] else "",
        "bylines-name": [line["author"]["label"] for line in lines],
        "bylines-role": [line["role"] for line in lines],
        "bylines-id": [line["author"]["id"] for line in lines],
        "bylines-was": [line["author"]["label"] for line in lines],
        "tags": ", ".join(tag["label"] for tag in content["tags"]),
    }
    if content["lead_waived"]:
        data["lead_waived"] = "on"
    if article:
        data["base_version"] = article.version
    return data | fields


def press(client: Client, article: Article | None, button: str = "_save", **fields: Any) -> Any:
    url = change(article) if article else ADD
    return client.post(url, typed(article, **{button: "1"}, **fields))


def again(article: Article) -> Article:
    return Article.objects.select_related("head", "live").get(pk=article.pk)


# --- Writing ---------------------------------------------------------------------------------


def test_new_story_needs_nothing_but_its_section(reporter: User) -> None:
    section = factories.section()
    response = logged_in(reporter).post(ADD, {"section": section.pk, "_save": "1"})
    article = Article.objects.get()
    assert (response.status_code, response["Location"]) == (302, change(article))
    assert (article.state, article.assignee, article.created_by) == ("draft", reporter, reporter)


def test_new_story_without_section_comes_back_with_its_text(reporter: User) -> None:
    response = logged_in(reporter).post(ADD, {"headline": "Kept headline", "_save": "1"})
    assert response.status_code == 200
    assert "Choose the section that the story belongs to." in response.text
    assert "Kept headline" in response.text
    assert not Article.objects.exists()


def test_everything_typed_is_in_the_snapshot(editor: User) -> None:
    lead, ana, rui = factories.image(), factories.author("Ana"), factories.author("Rui")
    article = factories.draft(by=editor)
    press(
        logged_in(editor), article, headline="New  headline", standfirst="New standfirst",
        body="<p>New body</p>", slug="My Slug!", dateline="Lisbon", kind="analysis",
        lead_image=lead.pk, lead_alt="Alt", lead_caption="Caption",
        tags='Ferries, "Salt, and pepper", 2026',
        **{"bylines-name": ["Rui", "Ana"], "bylines-role": ["photographer", "writer"],
           "bylines-id": ["", ""], "bylines-was": ["", ""]},
    )  # fmt: skip
    content = snapshot.head(again(article))
    assert content["headline"] == "New headline"
    assert (content["slug"], content["kind"], content["dateline"]) == (
        "my-slug",
        "analysis",
        "Lisbon",
    )
    assert content["body"] == "<p>New body</p>"
    assert content["lead_image"]["id"] == lead.pk
    assert [(line["author"]["id"], line["role"]) for line in content["bylines"]] == [
        (rui.pk, "photographer"),
        (ana.pk, "writer"),
    ]
    assert [tag["label"] for tag in content["tags"]] == ["Ferries", "Salt, and pepper", "2026"]


def test_topic_named_like_a_key_is_a_new_topic(editor: User) -> None:
    other = Tag.objects.create(name="Other", pk=2026)
    article = factories.draft(by=editor, tags=[])
    press(logged_in(editor), article, tags="2026")
    names = [tag["label"] for tag in snapshot.head(again(article))["tags"]]
    assert names == ["2026"]
    assert Tag.objects.get(name="2026").pk != other.pk


def test_topic_is_found_however_it_is_spelled(editor: User) -> None:
    article = factories.draft(by=editor, tags=["Café"])
    press(logged_in(editor), article, tags="CAFÉ,  cafe\u0301")
    assert Tag.objects.count() == 1
    assert again(article).head.number == 1


@pytest.mark.parametrize("wrong", ["!!!", "x" * 101, "\ufdfa" * 20])
def test_impossible_topic_is_refused_with_a_sentence(editor: User, wrong: str) -> None:
    article = factories.draft(by=editor)
    response = press(logged_in(editor), article, tags=wrong, headline="Kept headline")
    assert response.status_code == 200
    assert "topic" in response.context["form"].errors["tags"][0]
    assert "Kept headline" in response.text


def test_new_topic_needs_the_permission_and_the_text_stays(reporter: User) -> None:
    article = factories.draft(by=reporter, tags=["Ferries"])
    reporter.groups.get().permissions.remove(
        Permission.objects.get(codename="add_tag", content_type__app_label="articles")
    )
    client = logged_in(reporter)
    response = press(client, article, headline="Mine", tags="Ferries, Docks")
    assert "No topic yet: “Docks”. Choose one that is there" in response.text
    assert response.context["form"]["headline"].value() == "Mine"
    assert not Tag.objects.filter(name="Docks").exists()
    press(client, article, headline="Mine", tags="Ferries")
    assert again(article).headline == "Mine"


def test_new_topic_is_refused_by_the_verb_too(reporter: User) -> None:
    article = factories.draft(by=reporter)
    reporter.groups.get().permissions.remove(
        Permission.objects.get(codename="add_tag", content_type__app_label="articles")
    )
    content = snapshot.head(article) | {"tags": [{"id": None, "label": "Docks"}]}
    nobody = User.objects.get(pk=reporter.pk)
    with pytest.raises(workflow.NotAllowed, match="“Docks” is no topic yet"):
        workflow.save(article, content, by=nobody, base_version=article.version)
    assert not Tag.objects.filter(name="Docks").exists()


def test_unknown_author_is_refused_with_a_sentence(editor: User) -> None:
    article = factories.draft(by=editor)
    response = press(logged_in(editor), article, **{"bylines-name": ["Nobody At All"]})
    assert "No author is called “Nobody At All”" in response.text
    assert again(article).version == 1


def test_authors_of_one_name_are_told_apart(editor: User) -> None:
    factories.author("Ana Reis", slug="ana-reis")
    second = factories.author("Ana Reis", slug="ana-reis-2")
    article = factories.draft(by=editor)
    response = press(logged_in(editor), article, **{"bylines-name": ["Ana Reis"]})
    assert "several authors" in response.text
    press(logged_in(editor), article, **{"bylines-name": ["Ana Reis (ana-reis-2)"]})
    assert again(article).bylines.get().author == second


def test_renamed_author_stays_in_the_byline(editor: User) -> None:
    author = factories.author("Old Name")
    article = factories.draft(by=editor, authors=[author])
    author.name = "New Name"
    author.save()
    page = logged_in(editor).get(change(article))
    assert 'value="New Name"' in page.text
    press(logged_in(editor), article, headline="Another headline")
    assert again(article).bylines.get().author == author


def test_field_that_was_not_posted_stays_as_it_was(editor: User) -> None:
    article = factories.draft(by=editor)
    data = {"section": article.section_id, "headline": "Only this", "lead_waived": "on"}
    logged_in(editor).post(change(article), data | {"base_version": 1, "_save": "1"})
    content = snapshot.head(again(article))
    assert content["headline"] == "Only this"
    assert content["body"].startswith("<p>The first boat")
    assert content["bylines"]
    assert content["tags"]


def test_form_without_version_saves_nothing(editor: User) -> None:
    article = factories.draft(by=editor)
    data = typed(article, headline="Kept headline", _save="1")
    del data["base_version"]
    response = logged_in(editor).post(change(article), data)
    assert "The form is not complete, so nothing was saved." in response.text
    assert again(article).headline != "Kept headline"


def test_unchanged_form_makes_no_revision(editor: User) -> None:
    article = factories.draft(by=editor)
    press(logged_in(editor), article)
    assert again(article).revisions.count() == 1


def test_browser_form_as_rendered_posts_back_unchanged(editor: User) -> None:
    """What the page holds is what is saved: nothing is lost on the way through the form."""
    article = factories.draft(by=editor, lead_image=factories.image(), lead_waived=False)
    form = logged_in(editor).get(change(article)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert shown["headline"] == article.headline
    assert shown["body"] == article.body.html
    assert shown["lead_image"] == article.lead_image_id
    assert shown["base_version"] == 1


# --- Presets ---------------------------------------------------------------------------------


def test_new_form_knows_the_reporter_and_the_section_used_last(reporter: User) -> None:
    author = factories.author("Ines Caldeira", user=reporter)
    factories.section("Harbor")
    last = factories.section("Markets")
    factories.draft(by=reporter, section=last)
    form = logged_in(reporter).get(ADD).context["form"]
    assert form["section"].value() == last.pk
    assert form["bylines"].value()[0]["author"]["id"] == author.pk
    assert form["assignee"].value() == reporter.pk


# --- The working copy (trap 3) ---------------------------------------------------------------


def test_saving_a_published_story_leaves_the_live_rows_alone(editor: User) -> None:
    article = factories.published(by=editor, tags=["Ferries"])
    ana = factories.author("Ana")
    press(
        logged_in(editor), article, headline="Unpublished headline", body="<p>Unpublished</p>",
        tags="Ships, Docks",
        **{"bylines-name": ["Ana"], "bylines-role": ["editor"]},
    )  # fmt: skip
    row = again(article)
    assert row.has_working_copy
    assert row.headline == article.headline
    assert "Unpublished" not in row.body.html
    assert [item.tag.name for item in row.tagged.all()] == ["Ferries"]
    assert row.bylines.get().author != ana
    assert snapshot.head(row)["headline"] == "Unpublished headline"


def test_form_of_a_published_story_shows_the_head(editor: User) -> None:
    article = factories.published(by=editor)
    press(logged_in(editor), article, headline="Unpublished headline")
    response = logged_in(editor).get(change(article))
    assert response.context["form"]["headline"].value() == "Unpublished headline"
    assert "with unpublished changes" in response.text


def test_publish_changes_makes_them_live(editor: User) -> None:
    article = factories.published(by=editor)
    press(logged_in(editor), article, "_publish", headline="Second headline")
    row = again(article)
    assert (row.headline, row.has_working_copy) == ("Second headline", False)
    assert row.updated_at is not None


def test_typo_is_published_without_telling_readers(editor: User) -> None:
    article = factories.published(by=editor)
    press(logged_in(editor), article, "_publish", headline="Mended headline", change_kind="typo")
    row = again(article)
    assert (row.headline, row.updated_at) == ("Mended headline", None)
    assert row.head.kind == RevisionKind.TYPO


def test_discard_drops_the_working_copy(editor: User) -> None:
    article = factories.published(by=editor)
    press(logged_in(editor), article, headline="Unpublished headline")
    press(logged_in(editor), again(article), "_discard")
    row = again(article)
    assert not row.has_working_copy
    assert snapshot.head(row)["headline"] == article.headline


# --- The way to publication ------------------------------------------------------------------


def test_reporter_submits_editor_sends_back_approves_publishes(
    reporter: User, editor: User
) -> None:
    article = factories.draft(by=reporter)
    press(logged_in(reporter), article, "_submit", headline="Submitted headline")
    assert again(article).state == State.IN_REVIEW
    press(logged_in(editor), again(article), "_send_back", note="Name the source.")
    assert again(article).state == State.DRAFT
    assert "Name the source." in logged_in(reporter).get(change(article)).text
    press(logged_in(reporter), again(article), "_submit")
    press(logged_in(editor), again(article), "_approve")
    assert again(article).state == State.APPROVED
    press(logged_in(editor), again(article), "_publish")
    row = again(article)
    assert row.is_public(now=timezone.now())
    assert row.headline == "Submitted headline"
    assert list(
        Entry.objects.about(article.subject).order_by("pk").values_list("verb", flat=True)
    ) == ["create", "edit", "submit", "send back", "submit", "approve", "publish"]


def test_new_story_is_published_with_one_post(editor: User) -> None:
    press(logged_in(editor), None, "_publish")
    assert Article.objects.get().is_public(now=timezone.now())


def test_refused_new_story_is_not_there_and_its_text_is(editor: User) -> None:
    response = press(logged_in(editor), None, "_publish", standfirst="", headline="Kept headline")
    assert response.status_code == 200
    assert "Kept headline" in response.text
    assert not Article.objects.exists()


def test_refused_publish_keeps_the_text_and_writes_nothing(editor: User) -> None:
    article = factories.draft(by=editor)
    response = press(
        logged_in(editor), article, "_publish", headline="Kept headline", standfirst="",
        tags="Brand new topic", note="Kept note",
    )  # fmt: skip
    row = again(article)
    assert response.status_code == 200
    assert response.context["form"].errors["standfirst"] == [
        "Write a standfirst: one sentence that says why it matters."
    ]
    assert "This story is not ready." in response.text
    assert "Kept headline" in response.text
    assert "Kept note" in response.text
    assert (row.version, row.state, row.revisions.count()) == (1, State.DRAFT, 1)
    assert not Tag.objects.filter(name="Brand new topic").exists()
    assert not Entry.objects.filter(verb__in=["edit", "publish"]).exists()


def test_story_is_scheduled_rescheduled_and_taken_off(editor: User) -> None:
    article = factories.draft(by=editor)
    later = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
    press(logged_in(editor), article, "_schedule", publish_at=f"{later:%Y-%m-%dT%H:%M:%S}")
    row = again(article)
    assert (row.published_at, row.is_scheduled(now=timezone.now())) == (later, True)
    assert "Scheduled for" in logged_in(editor).get(change(article)).text
    sooner = later - timedelta(days=1)
    press(logged_in(editor), row, "_schedule", publish_at=f"{sooner:%Y-%m-%dT%H:%M:%S}")
    assert again(article).published_at == sooner
    press(logged_in(editor), again(article), "_withdraw", reason="Not yet.")
    assert again(article).state == State.APPROVED


@pytest.mark.parametrize(
    ("when", "sentence"),
    [("", "Say when it comes out"), ("2020-01-01T10:00", "That time has passed")],
)
def test_schedule_needs_a_time_ahead(editor: User, when: str, sentence: str) -> None:
    article = factories.draft(by=editor)
    response = press(logged_in(editor), article, "_schedule", publish_at=when, headline="Kept")
    assert sentence in response.context["form"].errors["publish_at"][0]
    assert again(article).headline != "Kept"


def test_withdraw_needs_a_reason(editor: User) -> None:
    article = factories.published(by=editor)
    response = press(logged_in(editor), article, "_withdraw", headline="Kept headline")
    assert "Give a reason" in response.context["form"].errors["reason"][0]
    assert "Kept headline" in response.text
    assert again(article).head == article.head
    press(logged_in(editor), article, "_withdraw", reason="Wrong.")
    assert again(article).was_withdrawn


def test_withdrawn_story_is_published_again(editor: User) -> None:
    article = factories.withdrawn(by=editor)
    assert "Publish again" in logged_in(editor).get(change(article)).text
    press(logged_in(editor), article, "_publish")
    assert again(article).is_public(now=timezone.now())


def test_correction_goes_out_with_the_corrected_story(editor: User) -> None:
    article = factories.published(by=editor)
    press(
        logged_in(editor), article, "_correct", headline="Right headline",
        correction_kind="clarification", correction_text="It was eight, not seven.",
    )  # fmt: skip
    correction = Correction.objects.get()
    assert (correction.kind, correction.text) == ("clarification", "It was eight, not seven.")
    assert (again(article).headline, again(article).has_working_copy) == ("Right headline", False)


def test_correction_without_words_is_refused(editor: User) -> None:
    article = factories.published(by=editor)
    response = press(logged_in(editor), article, "_correct", headline="Kept headline")
    assert "what was wrong" in response.context["form"].errors["correction_text"][0]
    assert "Kept headline" in response.text
    assert again(article).headline == article.headline


def test_correction_beside_unpublished_changes_says_what_to_do_first(editor: User) -> None:
    article = factories.published(by=editor)
    press(logged_in(editor), article, headline="Unpublished")
    response = press(
        logged_in(editor), again(article), "_correct", headline="Other", correction_text="Wrong."
    )
    assert "Publish or discard the unpublished changes first" in response.text
    assert not Correction.objects.exists()


# --- Embargo, desk, times --------------------------------------------------------------------


def test_embargo_stands_against_publishing(editor: User) -> None:
    article = factories.draft(by=editor)
    until = timezone.now() + timedelta(days=1)
    response = press(
        logged_in(editor), article, "_publish", embargo_until=f"{until:%Y-%m-%dT%H:%M:%S}"
    )
    assert "There is an embargo until" in response.text
    assert again(article).embargo_until is None


def test_only_a_chief_with_a_reason_breaks_an_embargo(editor: User, chief: User) -> None:
    until = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    article = workflow.set_embargo(factories.draft(by=editor), until, by=editor)
    was = {"initial-embargo_until": f"{until:%Y-%m-%d %H:%M:%S}", "embargo_until": ""}
    assert "Only a chief may lift it" in press(logged_in(editor), article, **was).text
    assert "Give a reason" in press(logged_in(chief), article, **was).text
    assert again(article).embargo_until == until
    press(logged_in(chief), article, embargo_reason="The minister spoke.", **was)
    assert again(article).embargo_until is None
    assert Entry.objects.filter(note="The minister spoke.").exists()


def test_old_form_does_not_undo_where_a_colleague_put_the_story(editor: User) -> None:
    """The desk is not versioned: a form that shows an older one must not write it back."""
    colleague = factories.user("editor")
    article = factories.draft(by=editor)
    workflow.assign(article, colleague, by=editor)
    press(
        logged_in(editor), article, headline="New headline",
        **{"assignee": editor.pk, "initial-assignee": editor.pk},
    )  # fmt: skip
    assert again(article).assignee == colleague
    press(logged_in(editor), again(article), **{"assignee": "", "initial-assignee": colleague.pk})
    assert again(article).assignee is None


def test_times_are_typed_in_the_zone_of_the_publication(editor: User) -> None:
    Publication(time_zone="America/New_York").save()
    article = factories.draft(by=editor)
    press(logged_in(editor), article, embargo_until="2030-07-01T09:00")
    until = again(article).embargo_until
    assert until is not None
    assert until.isoformat() == "2030-07-01T13:00:00+00:00"


@pytest.mark.parametrize("moment", ["2030-03-10T02:30", "2030-11-03T01:30"])
def test_hour_that_is_missing_or_doubled_is_refused_with_djangos_sentence(
    editor: User, moment: str
) -> None:
    Publication(time_zone="America/New_York").save()
    article = factories.draft(by=editor)
    response = press(logged_in(editor), article, embargo_until=moment, headline="Kept headline")
    error = response.context["form"].errors["embargo_until"][0]
    assert "it may be ambiguous or it may not exist" in error
    assert "Kept headline" in response.text
    assert again(article).version == 1


# --- Two at once -----------------------------------------------------------------------------


def test_second_save_is_refused_and_shows_theirs_beside_mine(editor: User, chief: User) -> None:
    article = factories.draft(by=editor, headline="The first headline")
    mine = typed(article, headline="My own headline", _save="1")
    press(logged_in(chief), article, headline="Their other headline")
    response = logged_in(editor).post(change(article), mine)
    assert response.status_code == 200
    assert f"{chief} saved this story while you were writing." in response.text
    (clash,) = response.context["refusal"].comparison.clashes
    assert (clash.before, clash.after) == ("Their other headline", "My own headline")
    assert "<del>Their other</del> <ins>My own</ins> headline" in response.text
    assert response.context["form"]["headline"].value() == "My own headline"
    assert again(article).headline == "Their other headline"


def test_saving_again_after_a_conflict_is_a_decision(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    mine = typed(article, headline="My own headline", _save="1")
    press(logged_in(chief), article, headline="Their headline")
    form = logged_in(editor).post(change(article), mine).context["form"]
    assert form["base_version"].value() == "2"
    logged_in(editor).post(change(article), form.data)
    assert again(article).headline == "My own headline"


def test_theirs_can_be_taken_field_by_field(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    mine = typed(article, headline="My own headline", _save="1")
    press(logged_in(chief), article, headline="Their headline")
    form = logged_in(editor).post(change(article), mine).context["form"]
    data = {key: values for key, values in form.data.lists() if key != "_save"}
    response = logged_in(editor).post(change(article), data | {"_take": "headline"})
    assert response.context["form"]["headline"].value() == "Their headline"
    assert again(article).version == 2


@pytest.mark.parametrize("button", ["_publish", "_submit", "_correct", "_discard", "_withdraw"])
def test_no_button_passes_by_a_conflict(editor: User, chief: User, button: str) -> None:
    article = factories.draft(by=editor) if button == "_submit" else factories.published(by=editor)
    stale = typed(
        article, headline="Mine", reason="Wrong.", correction_text="Wrong.", **{button: "1"}
    )
    press(logged_in(chief), article, headline="Theirs")
    before = again(article)
    response = logged_in(editor).post(change(article), stale)
    assert "saved this story while you were writing" in response.text
    assert (again(article).state, again(article).head) == (before.state, before.head)
    assert not Correction.objects.exists()


# --- Deleting --------------------------------------------------------------------------------


def test_draft_is_deleted_by_the_verb(reporter: User) -> None:
    article = factories.draft(by=reporter)
    url = reverse("admin:articles_article_delete", args=[article.pk])
    assert logged_in(reporter).get(url).status_code == 200
    logged_in(reporter).post(url, {"post": "yes"})
    assert not Article.objects.exists()
    assert Entry.objects.filter(verb="delete", subject=article.subject).exists()


@pytest.mark.parametrize("make", [factories.published, factories.scheduled, factories.withdrawn])
def test_once_public_story_is_not_deleted_and_a_sentence_says_why(chief: User, make: Any) -> None:
    article = make(by=chief)
    url = reverse("admin:articles_article_delete", args=[article.pk])
    for response in (logged_in(chief).get(url), logged_in(chief).post(url, {"post": "yes"})):
        assert response.status_code == 403
        assert "What was once public cannot be deleted. Withdraw it" in response.text
    assert Article.objects.exists()


def test_bulk_delete_takes_drafts_only(chief: User) -> None:
    draft, published = factories.draft(by=chief), factories.published(by=chief)
    data = {"action": "delete_selected", "post": "yes"}
    response = logged_in(chief).post(LIST, data | {"_selected_action": [draft.pk, published.pk]})
    assert "What was once public cannot be deleted" in response.text
    assert Article.objects.count() == 2
    logged_in(chief).post(LIST, data | {"_selected_action": [draft.pk]})
    assert list(Article.objects.all()) == [published]


# --- The list --------------------------------------------------------------------------------


def rows(client: Client, **query: Any) -> set[str]:
    response = client.get(LIST, query)
    assert response.status_code == 200, response.headers
    return {str(article) for article in response.context["cl"].result_list}


def test_list_says_where_each_story_stands(editor: User) -> None:
    factories.draft(by=editor)
    workflow.submit(factories.draft(by=editor), by=editor)
    factories.scheduled(by=editor)
    factories.withdrawn(by=editor)
    press(logged_in(editor), factories.published(by=editor), headline="Changed")
    page = logged_in(editor).get(LIST).text
    for words in ("Draft", "In review", "Scheduled for", "Withdrawn",
                  "Published, with unpublished changes"):  # fmt: skip
        assert f">{words}" in page


def test_filters_answer_their_questions(editor: User) -> None:
    harbor = factories.section("Harbor")
    ferries = factories.section("Ferries", parent=harbor)
    mine = factories.draft(by=editor, headline="Mine", section=ferries, lead_waived=False)
    workflow.assign(factories.draft(by=editor, headline="Nobodys"), None, by=editor)
    factories.scheduled(by=editor, headline="Scheduled")
    out = factories.published(by=editor, headline="Out", kind="opinion")
    factories.withdrawn(by=editor, headline="Gone")
    press(logged_in(editor), out, dateline="Lisbon")
    client = logged_in(editor)
    everything = {"Mine", "Nobodys", "Scheduled", "Out", "Gone"}
    assert rows(client) == everything
    assert rows(client, desk="nobody") == {"Nobodys"}
    assert rows(client, desk="mine") == everything - {"Nobodys"}
    assert rows(client, stands="scheduled") == {"Scheduled"}
    assert rows(client, stands="out") == {"Out"}
    assert rows(client, stands="gone") == {"Gone"}
    assert rows(client, stands="draft") == {"Mine", "Nobodys"}
    assert rows(client, changes="yes") == {"Out"}
    assert rows(client, section=harbor.pk) == everything
    assert rows(client, section=ferries.pk) == {"Mine"}
    assert rows(client, kind="opinion") == {"Out"}
    assert rows(client, lead="missing") == {"Mine"}
    assert rows(client, when="today") == {"Out", "Gone"} | rows(
        client, when="today", stands="scheduled"
    )
    assert rows(client, stands="nonsense") == everything
    assert str(mine) == "Mine"


def test_search_finds_by_headline_standfirst_slug_author_and_topic(editor: User) -> None:
    ana = factories.author("Ana Reis")
    factories.draft(
        by=editor, headline="Cranes", standfirst="Tall ones", slug="lifting", authors=[ana],
        tags=["Steel"],
    )  # fmt: skip
    factories.draft(by=editor, headline="Other", authors=[factories.author("Rui")], tags=["Wood"])
    client = logged_in(editor)
    for question in ("crane", "tall", "lifting", "Ana Reis", "steel"):
        assert rows(client, q=question) == {"Cranes"}, question


def test_list_needs_the_same_queries_for_5_and_50(editor: User) -> None:
    client = logged_in(editor)
    factories.draft(by=editor)
    client.get(LIST)
    lead = factories.image()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    for _ in range(4):
        factories.published(by=editor, lead_image=lead)
    few = queries()
    for number in range(45):
        factories.bring_in(at=timezone.now(), lead_image=lead, headline=f"Story {number}")
    assert queries() == few
    assert few <= 14  # steps, notes and the two ends of the calendar among them


def test_stories_are_put_on_ones_own_desk(editor: User) -> None:
    article = factories.draft(by=factories.user("reporter"))
    data = {"action": "take_on_my_desk", "_selected_action": [article.pk]}
    logged_in(editor).post(LIST, data)
    assert again(article).assignee == editor


# --- History, preview, reading ---------------------------------------------------------------


def test_history_shows_revisions_the_difference_and_the_deeds(editor: User) -> None:
    article = factories.draft(by=editor, headline="The old headline")
    press(logged_in(editor), article, headline="The new headline", note="Because.")
    page = logged_in(editor).get(reverse("admin:articles_article_history", args=[article.pk])).text
    assert "<del>old</del> <ins>new</ins>" in page
    assert "Because." in page
    assert "From revision 1 to revision 2" in page
    assert ">Create<" in page


def test_history_compares_any_two(editor: User) -> None:
    article = factories.draft(by=editor, headline="One")
    for headline in ("Two", "Three"):
        press(logged_in(editor), again(article), headline=headline)
    url = reverse("admin:articles_article_history", args=[article.pk])
    page = logged_in(editor).get(url, {"older": "1", "newer": "3"}).text
    assert "<del>One</del> <ins>Three</ins>" in page
    assert logged_in(editor).get(url, {"older": "x", "newer": "99999999999"}).status_code == 200


def test_restore_brings_everything_back_as_a_new_revision(editor: User) -> None:
    article = factories.draft(by=editor, tags=["Ferries"])
    before = snapshot.head(article)
    press(logged_in(editor), article, headline="Spoiled", body="", tags="", lead_waived="")
    url = reverse("admin:articles_article_restore", args=[article.pk])
    logged_in(editor).post(url, {"number": 1, "base_version": 2})
    row = again(article)
    assert snapshot.changed(before, snapshot.head(row)) == []
    assert (row.head.number, row.head.kind) == (3, RevisionKind.RESTORE)


def test_restore_over_a_newer_version_is_refused(editor: User) -> None:
    article = factories.draft(by=editor)
    press(logged_in(editor), article, headline="Newer")
    url = reverse("admin:articles_article_restore", args=[article.pk])
    response = logged_in(editor).post(url, {"number": 1, "base_version": 1}, follow=True)
    assert "saved this story while you were writing" in response.text
    assert again(article).headline == "Newer"


def preview(article: Article) -> str:
    return reverse("admin:articles_article_preview", args=[article.pk])


def test_preview_shows_the_head_and_writes_nothing(editor: User) -> None:
    article = factories.published(by=editor)
    press(
        logged_in(editor), article, headline="Unpublished headline", body="<p>Unpublished text</p>",
        tags="New topic",
    )  # fmt: skip
    before = again(article)
    response = logged_in(editor).get(preview(article))
    assert response.status_code == 200
    assert "Unpublished headline" in response.text
    assert "Unpublished text" in response.text
    assert again(article).headline == before.headline
    assert "Unpublished" not in Client().get(article.path).text


def test_preview_is_for_one_pair_of_eyes(editor: User) -> None:
    response = logged_in(editor).get(preview(factories.draft(by=editor)))
    assert "no-store" in response.headers["Cache-Control"]
    assert "public" not in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert not hasattr(response, "declared_page")
    assert "frame-ancestors 'self'" in response.headers["Content-Security-Policy"]
    assert "ETag" not in response.headers


def test_preview_of_what_is_typed_writes_nothing(editor: User) -> None:
    article = factories.draft(by=editor)
    data = typed(article, headline="Typed headline", tags="Never made")
    assert "Typed headline" in logged_in(editor).post(preview(article), data).text
    assert again(article).version == 1
    assert not Tag.objects.filter(name="Never made").exists()


def test_preview_of_a_story_that_is_not_there_yet(editor: User) -> None:
    url = reverse("admin:articles_article_preview_new")
    response = logged_in(editor).post(url, typed(headline="Typed headline"))
    assert "Typed headline" in response.text
    assert not Article.objects.exists()


def test_who_may_not_change_reads(reporter: User, editor: User) -> None:
    article = factories.published(by=editor, body="<p>To be <strong>read</strong></p>")
    page = logged_in(reporter).get(change(article))
    assert page.status_code == 200
    assert "<strong>read</strong>" in page.text
    assert 'name="headline"' not in page.text
    assert 'name="_publish"' not in page.text


def test_box_says_what_is_missing_and_where(editor: User) -> None:
    article = factories.draft(by=editor, standfirst="", tags=[])
    page = logged_in(editor).get(change(article)).text
    assert 'href="#field-standfirst"' in page
    assert 'href="#field-tags"' in page
    assert "Still needed for publishing" in page
    assert "Worth a look" in page


def test_form_obeys_the_strict_policy(editor: User) -> None:
    response = logged_in(editor).get(change(factories.draft(by=editor)))
    nonce = response.wsgi_request.csp_nonce
    assert (
        f'type="importmap" nonce="{nonce}"' in response.text or f'nonce="{nonce}"' in response.text
    )
    assert " style=" not in response.text
    assert "<style" not in response.text
    assert " onclick=" not in response.text


def test_desk_shows_text_as_text(editor: User) -> None:
    """Script in any field of a story stays words on every page of the desk."""
    evil = "<script>alert(1)</script>"
    article = factories.draft(
        by=editor,
        headline=evil,
        standfirst=evil,
        dateline=evil,
        lead_caption=evil,
        tags=["x" + evil],
    )
    press(logged_in(editor), article, headline=evil + "2", note=evil)
    for url in (
        LIST,
        change(article),
        reverse("admin:articles_article_history", args=[article.pk]),
    ):
        assert "<script>alert" not in logged_in(editor).get(url).text


# --- In a browser ----------------------------------------------------------------------------


@pytest.fixture
def new_story(editor_page: Page, live_server: LiveServer, editor: User) -> Page:
    """The form of a new story, for an editor who has written before."""
    factories.author("Ines Caldeira", user=editor)
    factories.draft(by=editor, section=factories.section("Harbor"))
    editor_page.goto(f"{live_server.url}{ADD}")
    editor_page.wait_for_selector("textarea[data-mounted]", state="attached")
    return editor_page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_story_is_written_and_published_with_three_clicks(new_story: Page) -> None:
    """The budget is six clicks from the dashboard; the first one opens the form."""
    picture = factories.image(file_name="crane.jpg")
    page = new_story
    expect(page.locator("#id_headline")).to_be_focused()
    page.keyboard.type("Ferry returns")
    page.keyboard.press("Tab")
    page.keyboard.type("After a winter in dock the crossing opens again.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("The first boat left at seven.")
    page.get_by_role("button", name="Choose image: Lead image").click()
    page.get_by_role("dialog").get_by_role("listitem").get_by_role("button").click()
    expect(page.locator(".image-field").get_by_text("crane.jpg")).to_be_visible()
    page.get_by_role("combobox", name="Topics").focus()
    page.keyboard.type("Docks,2026")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published: /")
    article = Article.objects.get(headline="Ferry returns")
    assert article.is_public(now=timezone.now())
    assert (article.lead_image, article.section.name) == (picture, "Harbor")
    assert article.bylines.get().author.name == "Ines Caldeira"
    assert [item.tag.name for item in article.tagged.all()] == ["Docks", "2026"]
    assert article.body.html == "<p>The first boat left at seven.</p>"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_bylines_and_topics_are_put_in_order_by_keys(new_story: Page) -> None:
    factories.author("Ana Reis")
    page = new_story
    page.get_by_role("button", name="Add a name").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Ana Reis")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Move up: Ana Reis")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Topics").focus()
    page.keyboard.type("Docks,Ships,")
    page.get_by_role("button", name="Remove Ships").focus()
    page.keyboard.press("ArrowLeft")
    page.locator("#id_headline").focus()
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist")).to_contain_text("Saved")
    content = snapshot.head(Article.objects.order_by("-pk")[0])
    names = [line["author"]["label"] for line in content["bylines"]]
    assert names == ["Ana Reis", "Ines Caldeira"]
    assert [tag["label"] for tag in content["tags"]] == ["Ships", "Docks"]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_leaving_a_changed_story_asks_first(new_story: Page, live_server: LiveServer) -> None:
    asked: list[str] = []
    page = new_story
    page.locator("#id_headline").click()
    page.keyboard.type("Unsaved")
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{live_server.url}{LIST}")
    assert asked == ["beforeunload"]
