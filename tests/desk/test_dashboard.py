"""The desk's front page: what waits for whom, and what is wrong."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import snapshot, workflow
from articles.models import Article, State
from newsroom.accounts.models import User
from newsroom.dashboard import Block, Problem
from newsroom.deliveries.models import Delivery, Worker
from newsroom.images.models import Image
from newsroom.publication.models import Publication
from tests import factories
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db

DESK = "/admin/"


def blocks(user: User) -> dict[str, Block]:
    page = logged_in(user).get(DESK)
    return {block.name: block for block in page.context["dashboard"].blocks}


def headlines(user: User, name: str) -> list[str]:
    return [row.headline for row in blocks(user)[name].rows]


def problems(user: User) -> list[Problem] | None:
    found: list[Problem] | None = logged_in(user).get(DESK).context["dashboard"].problems
    return found


def in_review(**fields: object) -> Article:
    chief = factories.user("chief")
    return workflow.submit(factories.draft(by=chief, **fields), by=chief)


@pytest.fixture
def worker(db: None) -> Worker:
    """A worker that has just been heard of, so that its absence is no problem."""
    now = timezone.now()
    return Worker.objects.create(
        name="one", host="desk", process="1/1/1/1", started_at=now, seen_at=now
    )


# --- My drafts --------------------------------------------------------------------------------


def test_draft_stays_on_its_desk_when_a_colleague_saves_it(reporter: User, editor: User) -> None:
    article = factories.draft(by=reporter, headline="Cranes")
    changed = snapshot.head(article) | {"headline": "New cranes"}
    workflow.save(article, changed, by=editor, base_version=article.version)
    assert headlines(reporter, "drafts") == ["New cranes"]
    assert headlines(editor, "drafts") == []


def test_drafts_are_those_on_my_desk_and_no_other(reporter: User, chief: User) -> None:
    factories.draft(by=reporter, headline="Mine")
    factories.draft(by=chief, headline="Theirs")
    workflow.submit(factories.draft(by=reporter, headline="Gone on"), by=reporter)
    assert headlines(reporter, "drafts") == ["Mine"]
    assert blocks(reporter)["drafts"].links == [
        ("All my drafts", "/admin/articles/article/?desk=mine&stands=draft")
    ]


# --- Waiting for me ---------------------------------------------------------------------------


def test_editor_finds_what_is_to_be_approved_and_published_longest_waiting_first(
    editor: User,
) -> None:
    with time_machine.travel(datetime(2026, 11, 1, 9, tzinfo=UTC), tick=False):
        workflow.approve(in_review(headline="First"), by=factories.user("chief"))
    in_review(headline="Second")
    waiting = blocks(editor)["waiting"]
    assert [(row.headline, row.why) for row in waiting.rows] == [
        ("First", "Approved"),
        ("Second", "In review"),
    ]
    assert [words for words, _ in waiting.links] == ["All in review", "All approved"]


def test_nothing_in_review_waits_for_a_reporter(reporter: User) -> None:
    in_review()
    waiting = blocks(reporter)["waiting"]
    assert (waiting.rows, waiting.count, waiting.links) == ([], "0", [])


def test_story_that_was_sent_back_waits_for_the_reporter_with_its_note(
    reporter: User, editor: User
) -> None:
    article = workflow.submit(factories.draft(by=reporter), by=reporter)
    workflow.send_back(article, by=editor, note="Who says so?")
    row = blocks(reporter)["waiting"].rows[0]
    assert (row.why, row.note) == ("Sent back", f"{editor}: Who says so?")
    assert headlines(editor, "waiting") == []


def test_story_sent_back_from_the_editors_desk_is_found_by_who_began_it(
    reporter: User, editor: User
) -> None:
    article = workflow.submit(factories.draft(by=reporter, headline="Cranes"), by=reporter)
    workflow.assign(article, editor, by=editor)
    workflow.send_back(article, by=editor, note="Who says so?")
    assert headlines(reporter, "waiting") == ["Cranes"]
    assert headlines(editor, "waiting") == []


def test_story_is_not_sent_back_any_more_once_it_was_submitted_again(
    reporter: User, editor: User
) -> None:
    article = workflow.submit(factories.draft(by=reporter), by=reporter)
    article = workflow.send_back(article, by=editor, note="Who says so?")
    workflow.submit(article, by=reporter)
    assert headlines(reporter, "waiting") == []


def test_story_sent_back_and_given_to_a_colleague_waits_for_the_colleague(
    reporter: User, editor: User
) -> None:
    colleague = factories.user("reporter")
    article = workflow.submit(factories.draft(by=reporter, headline="Cranes"), by=reporter)
    workflow.send_back(article, by=editor, note="Who says so?")
    workflow.assign(article, colleague, by=editor)
    assert headlines(colleague, "waiting") == ["Cranes"]
    assert headlines(reporter, "waiting") == []


# --- By the clock -----------------------------------------------------------------------------


def test_today_is_the_day_of_the_publication(reporter: User) -> None:
    Publication(time_zone="Pacific/Auckland").save()
    noon = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Pacific/Auckland"))
    begins = noon.replace(hour=0)
    factories.bring_in(at=begins - timedelta(seconds=1), headline="Yesterday")
    factories.bring_in(at=begins, headline="Today")
    with time_machine.travel(noon, tick=False):
        assert headlines(reporter, "published") == ["Today"]


def test_scheduled_stories_come_soonest_first_and_are_not_published_yet(reporter: User) -> None:
    now = timezone.now()
    factories.scheduled(at=now + timedelta(hours=2), headline="Later")
    factories.scheduled(at=now + timedelta(hours=1), headline="Sooner")
    assert headlines(reporter, "scheduled") == ["Sooner", "Later"]
    assert headlines(reporter, "published") == []


def test_count_ends_at_fifty(reporter: User) -> None:
    archive(53)
    assert blocks(reporter)["published"].count == "50+"
    assert len(blocks(reporter)["published"].rows) == 6


# --- Problems ---------------------------------------------------------------------------------


def test_well_desk_has_no_problems(chief: User, worker: Worker) -> None:
    factories.published(lead_image=factories.image())
    assert problems(chief) == []
    assert "No problems" in logged_in(chief).get(DESK).text


@pytest.mark.parametrize(
    ("lacks", "link"), [("alt", "incomplete/?lacks=alt"), ("credit", "incomplete/?lacks=rights")]
)
def test_picture_of_a_live_story_that_lacks_something_is_a_problem(
    chief: User, worker: Worker, lacks: str, link: str
) -> None:
    """It was complete when the story came out, and was changed in the library since."""
    live, unused = factories.image(file_name="live.jpg"), factories.image()
    factories.published(lead_image=live)
    Image.objects.filter(pk__in=[live.pk, unused.pk]).update(**{lacks: ""})
    (problem,) = problems(chief) or []
    assert (problem.count, problem.url) == ("1", f"/admin/images/image/{link}")
    assert problem.named == [("live.jpg", f"/admin/images/image/{live.pk}/change/")]


def test_who_may_only_look_at_pictures_is_led_to_the_list(powerless: User, worker: Worker) -> None:
    factories.published(lead_image=factories.image(file_name="live.jpg"))
    Image.objects.update(alt="")
    powerless.user_permissions.add(Permission.objects.get(codename="view_image"))
    (problem,) = problems(powerless) or []
    assert (problem.url, problem.link) == (
        "/admin/images/image/?alt=missing",
        "Show these in the library",
    )


def test_picture_that_was_taken_out_of_a_live_story_is_no_problem(
    chief: User, worker: Worker
) -> None:
    """It is still used up by that story, if it was for one; but readers do not see it."""
    first = factories.image()
    story = factories.published(by=chief, lead_image=first)
    changed = snapshot.head(story) | {"lead_image": None, "lead_waived": True}
    story = workflow.save(story, changed, by=chief, base_version=story.version)
    workflow.publish(story, by=chief)
    Image.objects.update(alt="")
    assert problems(chief) == []


@pytest.mark.parametrize(("days", "link"), [(-1, "?until=used"), (29, "?until=soon")])
def test_rights_that_end_are_a_problem_of_pictures_in_use(
    chief: User, worker: Worker, days: int, link: str
) -> None:
    used, unused = factories.image(file_name="used.jpg"), factories.image()
    factories.draft(lead_image=used)
    end = timezone.now() + timedelta(days=days)
    Image.objects.filter(pk__in=[used.pk, unused.pk]).update(rights_until=end)
    (problem,) = problems(chief) or []
    assert (problem.url, [name for name, _ in problem.named]) == (
        f"/admin/images/image/{link}",
        ["used.jpg"],
    )


def test_rights_that_hold_for_a_month_and_more_are_no_problem(chief: User, worker: Worker) -> None:
    later = timezone.now() + timedelta(days=31)
    factories.published(lead_image=factories.image(rights_until=later))
    assert problems(chief) == []


def test_failed_deliveries_and_a_missing_worker_are_told_to_who_may_look(editor: User) -> None:
    now = timezone.now()
    row = {"kind": "ping", "created_at": now, "due_at": now, "attempts": 3, "last_error": "No."}
    Delivery.objects.create(key="one", **row)
    Delivery.objects.create(key="two", given_up_at=now, **row)
    found = problems(editor) or []
    assert [problem.url for problem in found] == [
        "/admin/deliveries/delivery/",
        "/admin/deliveries/delivery/?stands=given-up",
        "/admin/deliveries/delivery/?stands=failing",
    ]
    assert [problem.count for problem in found] == ["", "1", "1"]


def test_reporter_is_told_of_pictures_and_not_of_deliveries(reporter: User) -> None:
    factories.published(lead_image=factories.image())
    Image.objects.update(alt="")
    assert [problem.url for problem in problems(reporter) or []] == [
        "/admin/images/image/incomplete/?lacks=alt"
    ]


# --- For whom ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["reporter", "editor", "chief"])
def test_every_link_of_the_dashboard_opens_for_who_is_shown_it(role: str) -> None:
    user = factories.user(role)
    everything()
    client = logged_in(user)
    found = client.get(DESK).context["dashboard"]
    links = [url for block in found.blocks for _, url in block.links]
    links += [row.url for block in found.blocks for row in block.rows]
    links += [problem.url for problem in found.problems]
    links += [url for problem in found.problems for _, url in problem.named]
    assert len(links) >= 10
    answers = {url: client.get(url) for url in [*links, found.write_url]}
    assert {url: one.status_code for url, one in answers.items() if one.status_code != 200} == {}


@pytest.mark.parametrize("role", ["reporter", "editor", "chief"])
def test_links_lead_to_what_the_block_shows(role: str) -> None:
    """Django leads away from a filter that it does not know; then the link would show all."""
    user = factories.user(role)
    everything()
    client = logged_in(user)
    for name, block in blocks(user).items():
        listed = {
            row.pk
            for _, url in block.links
            if "?" in url
            for row in client.get(url).context["cl"].result_list
        }
        shown = {int(row.url.split("/")[4]) for row in block.rows}
        assert shown <= listed, name
        assert len(listed) < Article.objects.count(), name


def test_staff_without_permission_find_a_friendly_empty_page(powerless: User) -> None:
    everything()
    page = logged_in(powerless).get(DESK)
    found = page.context["dashboard"]
    assert (found.blocks, found.problems, found.write_url) == ([], None, "")
    assert "ask a chief to give you a role" in page.text
    for article in Article.objects.all():
        assert article.headline not in page.text
    assert "No worker" not in page.text
    assert "picture" not in page.text


def test_editor_of_one_section_finds_nothing_of_another(chief: User) -> None:
    sports, politics = factories.section("Sports"), factories.section("Politics")
    for section in (sports, politics):
        in_review(section=section, headline=f"To be approved in {section}")
        factories.scheduled(by=chief, section=section, headline=f"To come in {section}")
        factories.published(by=chief, section=section, headline=f"Came out in {section}")
    page = logged_in(factories.member("editor", sports)).get(DESK)
    shown = [row.headline for block in page.context["dashboard"].blocks for row in block.rows]
    assert shown == ["To be approved in Sports", "To come in Sports", "Came out in Sports"]
    assert "Politics" not in page.text


def test_write_a_story_is_offered_to_who_may(reporter: User) -> None:
    page = logged_in(reporter).get(DESK)
    assert 'href="/admin/articles/article/add/">Write a story</a>' in page.text


def test_headline_is_text_and_never_markup(chief: User) -> None:
    factories.draft(by=chief, headline="<script>alert(1)</script>")
    page = logged_in(chief).get(DESK).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


# --- At any size ------------------------------------------------------------------------------


#: Masthead, session, user and permissions (5); the outlet's steps (1); lists of stories with their
#: bylines and notes, and a count for the one that is full (14); pictures (4); deliveries and workers
#: (3); Django's list of apps (4).
QUERIES = 31


def everything() -> None:
    """Something in every block, each story with its own headline."""
    chief = factories.user("chief")
    for user in User.objects.all():
        workflow.assign(factories.draft(by=chief, headline=f"Draft of {user}"), user, by=chief)
    in_review(headline="To be approved")
    workflow.approve(in_review(headline="To be published"), by=chief)
    factories.scheduled(headline="To come")
    factories.published(headline="Came out", lead_image=factories.image())
    factories.withdrawn(headline="Gone")
    Image.objects.update(alt="", rights_until=timezone.now() + timedelta(days=3))


def archive(number: int) -> None:
    """Stories that came out in this second, in one batch."""
    now = timezone.now()
    author, section = factories.author(), factories.section()
    content = factories.content(section=section, authors=[author], tags=[])
    begun = Article.objects.count()
    workflow.bring_in(
        [
            workflow.Incoming(
                content={**content, "slug": f"ferry-{one}"},
                state=State.PUBLISHED,
                published_at=now,
            )
            for one in range(begun, begun + number)
        ]
    )


def queries(client: Client) -> int:
    client.get(DESK)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(DESK).status_code == 200
    return len(caught)


def test_dashboard_asks_the_same_of_the_database_at_50_and_at_5000_stories(chief: User) -> None:
    everything()
    client = logged_in(chief)
    archive(50)
    small = queries(client)
    archive(4_950)
    assert (small, queries(client)) == (QUERIES, QUERIES)
