"""Many stories at once: named first, done one by one, each wholly or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import snapshot, workflow
from articles.admin.bulk import DEEDS, MOST
from articles.models import Article, State, Tag
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from tests import factories
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


def ask(client: Client, deed: str, *articles: Article, address: str = LIST) -> Any:
    """The page after choosing these stories in the list."""
    keys = [article.pk for article in articles]
    return client.post(address, {"action": deed, "_selected_action": keys, "index": "0"})


def confirm(client: Client, page: Any, *, chosen: list[Article] | None = None, **said: Any) -> Any:
    """The page's button, with its boxes as they are or these."""
    context = page.context
    ready = [line.article.pk for line in context["lines"] if not line.hindrances]
    return client.post(
        context["list_url"],
        {
            "action": context["deed"].name,
            "confirm": "yes",
            "filters": context["filters"],
            "_selected_action": ready if chosen is None else [one.pk for one in chosen],
            **{f"seen-{line.article.pk}": line.seen for line in context["lines"]},
            **said,
        },
    )


def told(client: Client, response: Any) -> list[str]:
    page = client.get(response.headers["Location"])
    return [str(message) for message in page.context["messages"]]


def again(article: Article) -> Article:
    return Article.objects.select_related("head", "live", "section").get(pk=article.pk)


def topics(article: Article) -> list[str]:
    return [tag["label"] for tag in snapshot.head(again(article))["tags"]]


# --- Each deed --------------------------------------------------------------------------------


def test_stories_are_put_on_a_desk(editor: User, reporter: User) -> None:
    first, second = factories.draft(headline="One"), factories.draft(headline="Two")
    client = logged_in(editor)
    done = confirm(client, ask(client, "bulk_assign", first, second), assignee=reporter.pk)
    assert {again(first).assignee, again(second).assignee} == {reporter}
    assert sorted(told(client, done)) == [
        f"“One” is on the desk of {reporter} now.",
        f"“Two” is on the desk of {reporter} now.",
    ]


def test_topics_are_added_after_those_there_are_and_taken_away(editor: User) -> None:
    article = factories.draft(tags=["Ferries", "Docks"])
    client = logged_in(editor)
    confirm(client, ask(client, "bulk_tag", article), add="Cranes, docks", remove="Ferries")
    assert topics(article) == ["Docks", "Cranes"]
    assert again(article).head.number == 2


def test_story_that_has_the_topics_already_gets_no_revision(editor: User) -> None:
    article = factories.draft(headline="One", tags=["Docks"])
    client = logged_in(editor)
    done = confirm(client, ask(client, "bulk_tag", article), add="Docks")
    assert told(client, done) == ["“One” has these topics already."]
    assert again(article).version == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({}, "Name a topic to add"), ({"remove": "Nowhere"}, "No topic is called “Nowhere”")],
)
def test_topics_that_make_no_sense_are_asked_for_again(
    editor: User, said: dict[str, str], sentence: str
) -> None:
    article = factories.draft()
    client = logged_in(editor)
    page = confirm(client, ask(client, "bulk_tag", article), **said)
    assert sentence in page.text
    assert (again(article).version, Tag.objects.filter(name="Nowhere").exists()) == (1, False)


def test_draft_is_moved_at_once(editor: User) -> None:
    article, culture = factories.draft(), factories.section("Culture")
    client = logged_in(editor)
    confirm(client, ask(client, "bulk_move", article), section=culture.pk)
    assert again(article).section == culture


def test_published_story_moves_in_its_working_copy_and_readers_are_not_told(editor: User) -> None:
    article, culture = factories.published(headline="One"), factories.section("Culture")
    client = logged_in(editor)
    done = confirm(client, ask(client, "bulk_move", article), section=culture.pk)
    row = again(article)
    assert (row.section.name, row.head.snapshot["section"]["label"]) == ("Harbor", "Culture")
    assert told(client, done) == [
        "“One” is in Culture now; readers see it when the changes are published."
    ]
    workflow.publish(row, by=editor)
    assert (again(article).section, again(article).updated_at) == (culture, None)


def test_stories_are_scheduled_for_one_second(editor: User) -> None:
    first, second = factories.draft(), factories.draft()
    at = (timezone.now() + timedelta(days=2)).replace(microsecond=0)
    client = logged_in(editor)
    confirm(client, ask(client, "bulk_schedule", first, second), at=f"{at:%Y-%m-%dT%H:%M:%S}")
    assert {again(first).published_at, again(second).published_at} == {at}
    assert again(first).path != again(second).path


def test_public_and_scheduled_stories_are_withdrawn_with_one_reason(editor: User) -> None:
    public, ahead = factories.published(headline="Out"), factories.scheduled(headline="Ahead")
    client = logged_in(editor)
    done = confirm(client, ask(client, "bulk_withdraw", public, ahead), reason="Wrong.")
    assert (again(public).state, again(ahead).state) == (State.WITHDRAWN, State.APPROVED)
    assert sorted(told(client, done)) == [
        "“Ahead” is off the schedule; it is approved and waits.",
        f"“Out” is withdrawn: {public.path} says that it is gone.",
    ]
    notes = Entry.objects.filter(verb__in=["withdraw", "unschedule"]).values_list("note", flat=True)
    assert list(notes) == ["Wrong.", "Wrong."]


# --- What it asks first -----------------------------------------------------------------------


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_done_before_it_is_confirmed(editor: User, deed: str) -> None:
    article = factories.scheduled() if deed == "bulk_withdraw" else factories.draft()
    before, entries = again(article), Entry.objects.count()
    page = ask(logged_in(editor), deed, article)
    assert str(article) in page.text
    assert (again(article).changed_at, again(article).version) == (
        before.changed_at,
        before.version,
    )
    assert Entry.objects.count() == entries


def test_withdrawing_needs_a_reason(editor: User) -> None:
    article = factories.published()
    client = logged_in(editor)
    page = confirm(client, ask(client, "bulk_withdraw", article), reason="  ")
    assert "Give a reason for withdrawing" in page.text
    assert again(article).state == State.PUBLISHED


@pytest.mark.parametrize("at", ["", "2020-01-01T10:00", "nonsense"])
def test_scheduling_needs_a_time_ahead(editor: User, at: str) -> None:
    article = factories.draft()
    client = logged_in(editor)
    page = confirm(client, ask(client, "bulk_schedule", article), at=at)
    assert page.status_code == 200
    assert page.context["form"].errors["at"]
    assert again(article).published_at is None


def test_page_says_of_each_story_what_stands_against_scheduling_it(editor: User) -> None:
    ready, bare = factories.draft(headline="Ready"), factories.draft(standfirst="", body="")
    public = factories.published(headline="Out")
    lines = ask(logged_in(editor), "bulk_schedule", ready, bare, public).context["lines"]
    assert {line.article.pk: line.hindrances for line in lines} == {
        ready.pk: [],
        bare.pk: [
            "Write a standfirst: one sentence that says why it matters.",
            "Write the story.",
        ],
        public.pk: ["The story is public already; its publishing time stays."],
    }


def test_page_offers_no_button_where_nothing_can_be_done(editor: User) -> None:
    page = ask(logged_in(editor), "bulk_withdraw", factories.draft())
    assert "This can be done with none of these stories" in page.text
    assert 'name="confirm"' not in page.text


def test_more_stories_than_can_be_done_at_once_are_refused(editor: User) -> None:
    content = factories.content(tags=[])
    workflow.bring_in([workflow.Incoming(content=content) for _ in range(MOST + 1)])
    client = logged_in(editor)
    keys = [article.pk for article in Article.objects.all()]
    page = client.post(
        LIST,
        {"action": "bulk_assign", "_selected_action": keys[:1], "select_across": "1", "index": "0"},
        follow=True,
    )
    assert f"Choose {MOST} stories at most." in page.text


# --- One by one -------------------------------------------------------------------------------


def test_story_that_is_refused_leaves_the_others_done(editor: User, chief: User) -> None:
    """An embargo is found out with the time; also a box ticked against the page's advice."""
    at = (timezone.now() + timedelta(hours=3)).replace(microsecond=0)
    fine, bare = factories.draft(headline="Fine"), factories.draft(headline="Bare", standfirst="")
    held = factories.draft(headline="Held")
    held = workflow.set_embargo(held, at + timedelta(hours=1), by=chief)
    client = logged_in(editor)
    page = ask(client, "bulk_schedule", fine, bare, held)
    assert "There is an embargo: not before" in page.text
    done = confirm(client, page, chosen=[fine, bare, held], at=f"{at:%Y-%m-%dT%H:%M:%S}")
    assert [again(one).published_at for one in (fine, bare, held)] == [at, None, None]
    by_story = {sentence.split("”")[0]: sentence for sentence in told(client, done)}
    assert "comes out on" in by_story["“Fine"]
    assert "Write a standfirst" in by_story["“Bare"]
    assert "There is an embargo until" in by_story["“Held"]


@pytest.mark.parametrize(
    ("deed", "said"), [("bulk_tag", {"add": "Cranes"}), ("bulk_assign", {"assignee": ""})]
)
def test_story_that_was_saved_meanwhile_is_left_and_that_is_told(
    editor: User, deed: str, said: dict[str, str]
) -> None:
    changed, same = factories.draft(headline="Changed"), factories.draft(headline="Same")
    client = logged_in(editor)
    page = ask(client, deed, changed, same)
    text = snapshot.head(changed) | {"standfirst": "Another."}
    workflow.save(changed, text, by=factories.user("chief"), base_version=1)
    done = confirm(client, page, **said)
    sentences = {one.split("”")[0]: one for one in told(client, done)}
    assert "somebody has changed it since you chose it" in sentences["“Changed"]
    assert "somebody" not in sentences["“Same"]
    assert again(changed).version == 2
    assert (topics(changed), again(changed).assignee is None) == (["Ferries"], False)


def test_story_that_came_out_meanwhile_is_not_withdrawn_as_if_it_were_scheduled(
    editor: User,
) -> None:
    """It was to be taken off the schedule; now that would tell readers that it is gone."""
    article = factories.scheduled()
    client = logged_in(editor)
    page = ask(client, "bulk_withdraw", article)
    workflow.publish(
        workflow.withdraw(article, by=editor, reason="Earlier."), by=factories.user("chief")
    )
    done = confirm(client, page, reason="Wrong.")
    assert "somebody has changed it" in told(client, done)[0]
    assert again(article).state == State.PUBLISHED


def test_story_that_was_deleted_meanwhile_is_told(editor: User) -> None:
    gone, here = factories.draft(), factories.draft()
    client = logged_in(editor)
    page = ask(client, "bulk_assign", gone, here)
    workflow.delete(gone, by=editor)
    done = confirm(client, page, chosen=[gone, here], assignee=editor.pk)
    assert told(client, done)[0] == "1 story is not there any more, so nothing was done about it."
    assert again(here).assignee == editor


def test_filters_of_the_list_are_kept_and_do_not_hide_a_story_from_its_deed(editor: User) -> None:
    article = factories.draft()
    client = logged_in(editor)
    page = ask(client, "bulk_schedule", article, address=f"{LIST}?stands=draft")
    at = timezone.now() + timedelta(days=1)
    done = confirm(client, page, at=f"{at:%Y-%m-%dT%H:%M:%S}")
    assert done.headers["Location"] == f"{LIST}?stands=draft"
    assert again(article).state == State.PUBLISHED


def test_way_back_never_leads_out_of_the_list(editor: User) -> None:
    article = factories.draft()
    client = logged_in(editor)
    page = ask(client, "bulk_assign", article)
    done = confirm(client, page, assignee="", filters="https://elsewhere.example/\r\nX: y")
    assert done.headers["Location"].startswith(f"{LIST}?")


# --- For whom ---------------------------------------------------------------------------------


def test_reporter_is_offered_no_deed_of_an_editor(reporter: User) -> None:
    factories.draft(by=reporter)
    page = logged_in(reporter).get(LIST).text
    offered = [name for name in DEEDS if f'value="{name}"' in page]
    assert offered == ["bulk_assign", "bulk_tag", "bulk_move"]


@pytest.mark.parametrize("deed", ["bulk_schedule", "bulk_withdraw"])
def test_forged_deed_of_an_editor_does_nothing_for_a_reporter(reporter: User, deed: str) -> None:
    article = factories.scheduled() if deed == "bulk_withdraw" else factories.draft(by=reporter)
    before = again(article)
    at = f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M:%S}"
    data = {"action": deed, "confirm": "yes", "_selected_action": [article.pk], "reason": "x"}
    logged_in(reporter).post(LIST, {**data, "at": at})
    assert (again(article).state, again(article).published_at) == (
        before.state,
        before.published_at,
    )


@pytest.mark.parametrize(
    ("deed", "said"),
    [("bulk_assign", {"assignee": ""}), ("bulk_tag", {"add": "X"}), ("bulk_move", {})],
)
def test_reporter_does_it_to_own_drafts_only(
    reporter: User, chief: User, deed: str, said: dict[str, Any]
) -> None:
    mine, theirs = factories.draft(by=reporter), factories.draft(by=chief, headline="Theirs")
    culture = factories.section("Culture")
    client = logged_in(reporter)
    page = ask(client, deed, mine, theirs)
    lines = {line.article: line.hindrances for line in page.context["lines"]}
    assert lines[mine] == []
    assert lines[theirs] == ["You may not change this story while it is draft. Ask an editor."]
    done = confirm(client, page, chosen=[mine, theirs], section=culture.pk, **said)
    assert any("“Theirs”: You may not change" in one for one in told(client, done))
    row = again(theirs)
    assert (row.version, row.assignee, row.section.name) == (1, chief, "Harbor")


def test_story_of_another_section_is_neither_named_nor_moved_nor_taken_in(chief: User) -> None:
    """An editor of Sports knows no story of Politics, and cannot send one there."""
    sports, politics = factories.section("Sports"), factories.section("Politics")
    foreign = factories.draft(by=chief, section=politics, headline="Foreign")
    own = factories.draft(by=chief, section=sports)
    client = logged_in(factories.member("editor", sports))
    page = ask(client, "bulk_move", own, foreign)
    assert [line.article for line in page.context["lines"]] == [own]
    page = confirm(client, page, chosen=[own, foreign], section=politics.pk)
    assert page.context["form"].errors["section"]
    assert "Foreign" not in page.text
    assert (again(own).version, again(foreign).version) == (1, 1)


@pytest.mark.parametrize("deed", DEEDS)
def test_staff_without_permission_reach_no_deed(powerless: User, deed: str) -> None:
    article = factories.draft()
    response = ask(logged_in(powerless), deed, article)
    assert response.status_code == 403
    assert article.headline not in response.text


def test_headline_is_text_on_the_page_and_in_what_is_told(editor: User) -> None:
    article = factories.draft(headline="<script>alert(1)</script>")
    client = logged_in(editor)
    page = ask(client, "bulk_assign", article)
    assert "<script>alert(1)" not in page.text
    done = confirm(client, page, assignee="")
    assert "<script>alert(1)" not in client.get(done.headers["Location"]).text
