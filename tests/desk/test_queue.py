"""What comes out when: days and hours of the publication, across the changes of the clocks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.admin.queue import PER_PAGE
from articles.models import State
from newsroom.accounts.models import User
from newsroom.publication.models import Publication
from tests import factories
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db

QUEUE = "/admin/articles/article/queue/"
OCTOBER = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def lisbon(db: None) -> Any:
    """In the week before Lisbon's clocks go back, at 01:00 UTC on 25 October 2026."""
    Publication(name="The Courier", time_zone="Europe/Lisbon").save()
    with time_machine.travel(OCTOBER, tick=False):
        yield


def scheduled(*moments: datetime) -> None:
    """A story for each, named by its moment in UTC; as an import brings them."""
    content = factories.content(tags=[])
    workflow.bring_in(
        [
            workflow.Incoming(
                content={**content, "headline": f"{at:%H:%M} UTC", "slug": f"story-{number}"},
                state=State.PUBLISHED,
                published_at=at,
            )
            for number, at in enumerate(moments)
        ]
    )


def shown(user: User, address: str = QUEUE) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Each day with its hours, and the headlines in each."""
    page = logged_in(user).get(address)
    return [
        (
            f"{day.on}",
            [
                (f"{hour.at:%H:%M} {hour.offset}".strip(), [str(one.article) for one in hour.slots])
                for hour in day.hours
            ],
        )
        for day in page.context["days"]
    ]


def test_stories_are_shown_by_day_and_hour_soonest_first(reporter: User) -> None:
    noon = datetime(2026, 10, 21, 11, tzinfo=UTC)
    scheduled(
        noon + timedelta(days=1), noon + timedelta(minutes=59), noon, noon + timedelta(hours=1)
    )
    assert shown(reporter) == [
        ("2026-10-21", [("12:00", ["11:00 UTC", "11:59 UTC"]), ("13:00", ["12:00 UTC"])]),
        ("2026-10-22", [("12:00", ["11:00 UTC"])]),
    ]


def test_day_is_the_publications_and_not_that_of_utc(reporter: User) -> None:
    scheduled(datetime(2026, 10, 21, 23, 30, tzinfo=UTC))
    assert shown(reporter) == [("2026-10-22", [("00:00", ["23:30 UTC"])])]


def test_hour_that_comes_twice_is_shown_twice_with_its_offset(reporter: User) -> None:
    """The clocks go back from 02:00 to 01:00: half past one comes at 00:30 and at 01:30 UTC."""
    scheduled(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert shown(reporter) == [
        ("2026-10-25", [("01:00 UTC+01:00", ["00:30 UTC"]), ("01:00 UTC+00:00", ["01:30 UTC"])])
    ]
    page = logged_in(reporter).get(QUEUE).text
    assert page.index("01:30 <small>UTC+01:00") < page.index("01:30 <small>UTC+00:00")


def test_hour_that_is_left_out_is_not_shown(reporter: User) -> None:
    """The clocks go forward from 01:00 to 02:00 on 28 March 2027."""
    scheduled(datetime(2027, 3, 28, 0, 59, tzinfo=UTC), datetime(2027, 3, 28, 1, 0, tzinfo=UTC))
    assert shown(reporter) == [
        ("2027-03-28", [("00:00 UTC+00:00", ["00:59 UTC"]), ("02:00 UTC+01:00", ["01:00 UTC"])])
    ]


def test_zone_that_goes_back_by_half_an_hour_shows_both_halves(reporter: User) -> None:
    """Lord Howe's clocks go back from 02:00 to 01:30, at 15:00 UTC on 3 April 2027."""
    Publication(name="The Courier", time_zone="Australia/Lord_Howe").save()
    scheduled(datetime(2027, 4, 3, 14, 45, tzinfo=UTC), datetime(2027, 4, 3, 15, 15, tzinfo=UTC))
    page = logged_in(reporter).get(QUEUE)
    slots = [one for day in page.context["days"] for hour in day.hours for one in hour.slots]
    assert [(f"{one.at:%H:%M}", one.offset) for one in slots] == [
        ("01:45", "UTC+11:00"),
        ("01:45", "UTC+10:30"),
    ]


def test_what_is_out_withdrawn_or_a_draft_is_not_in_the_queue(reporter: User) -> None:
    factories.draft(headline="Draft")
    factories.published(headline="Out")
    factories.withdrawn(headline="Gone")
    assert shown(reporter) == []
    assert "Nothing is scheduled" in logged_in(reporter).get(QUEUE).text


def test_story_leaves_the_queue_on_its_second(reporter: User) -> None:
    at = OCTOBER + timedelta(hours=1)
    scheduled(at)
    client = logged_in(reporter)
    with time_machine.travel(at - timedelta(seconds=1), tick=False):
        assert len(client.get(QUEUE).context["days"]) == 1
    with time_machine.travel(at, tick=False):
        assert client.get(QUEUE).context["days"] == []


def test_story_under_embargo_is_shown_with_its_moment(reporter: User, chief: User) -> None:
    held = factories.draft(by=chief, headline="Held")
    workflow.set_embargo(held, datetime(2026, 10, 22, 8, 30, tzinfo=UTC), by=chief)
    over = factories.draft(by=chief, headline="Over")
    workflow.set_embargo(over, OCTOBER - timedelta(hours=1), by=chief)
    page = logged_in(reporter).get(QUEUE)
    assert [str(slot.article) for slot in page.context["held"]] == ["Held"]
    assert "22 Oct 2026, 09:30" in page.text


def test_scheduled_story_tells_its_embargo_and_is_not_listed_twice(
    reporter: User, chief: User
) -> None:
    until = datetime(2026, 10, 22, 8, 30, tzinfo=UTC)
    article = workflow.set_embargo(factories.draft(by=chief), until, by=chief)
    workflow.publish(article, by=chief, at=until)
    page = logged_in(reporter).get(QUEUE)
    assert "until 22 Oct, 09:30" in page.text
    assert page.context["held"] == []


def test_long_queue_is_paged_without_repeating_or_dropping_a_story(reporter: User) -> None:
    """Also where the page ends among stories of the same second."""
    at = datetime(2026, 10, 21, 11, tzinfo=UTC)
    scheduled(*[at + timedelta(seconds=number // 7) for number in range(PER_PAGE + 20)])
    client, address, seen = logged_in(reporter), QUEUE, []
    while address:
        page = client.get(address)
        seen += [
            one.article.pk
            for day in page.context["days"] for hour in day.hours for one in hour.slots
        ]  # fmt: skip
        later = page.context["later"]
        address = f"{QUEUE}?after={later}" if later else ""
    assert len(seen) == len(set(seen)) == PER_PAGE + 20


@pytest.mark.parametrize("place", ["x", "20269999T000000-1", "\x00", "9" * 5000])
def test_place_that_is_none_is_not_found(reporter: User, place: str) -> None:
    assert logged_in(reporter).get(QUEUE, {"after": place}).status_code == 404


def test_queue_costs_the_same_for_2_and_for_100_stories(reporter: User) -> None:
    client = logged_in(reporter)
    at = datetime(2026, 10, 21, 11, tzinfo=UTC)
    counts = []
    for begun, number in ((0, 2), (2, 98)):
        moments = [at + timedelta(minutes=begun + one) for one in range(number)]
        workflow.bring_in(
            [
                workflow.Incoming(
                    content=factories.content(tags=[], slug=f"story-{begun}-{one}"),
                    state=State.PUBLISHED,
                    published_at=moment,
                )
                for one, moment in enumerate(moments)
            ]
        )
        client.get(QUEUE)
        with CaptureQueriesContext(connection) as caught:
            client.get(QUEUE)
        counts.append(len(caught))
    assert counts == [QUERIES, QUERIES]


#: Masthead, session, user, permissions everywhere and in sections (6); the stories with their
#: bylines; those under embargo.
QUERIES = 9


def test_queue_is_only_looked_at_by_who_may_see_stories(powerless: User, reporter: User) -> None:
    assert logged_in(powerless).get(QUEUE).status_code == 403
    assert logged_in(reporter).post(QUEUE).status_code == 405


def test_list_of_stories_and_dashboard_lead_to_the_queue(reporter: User) -> None:
    for address in ("/admin/articles/article/", "/admin/"):
        assert f'href="{QUEUE}"' in logged_in(reporter).get(address).text
