"""An editor reads at the desk what failed and why, and asks for another try."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from newsroom.accounts.models import User
from newsroom.deliveries import tick
from newsroom.deliveries.models import Delivery
from tests import factories
from tests.conftest import logged_in

LIST = "/admin/deliveries/delivery/"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def failed(subject: str = "", **fields: Any) -> Delivery:
    now = timezone.now()
    whole = {
        "key": f"purge:{subject}",
        "kind": "purge",
        "payload": {"tags": ["site"]},
        "created_at": now,
        "due_at": now + timedelta(minutes=5),
        "attempts": 2,
        "last_error": "ConnectionError: The hub is down.",
    }
    return Delivery.objects.create(subject=subject, **(whole | fields))


@pytest.fixture
def desk(editor: User) -> Client:
    return logged_in(editor)


def test_editor_reads_the_last_failure_and_finds_the_story(desk: Client) -> None:
    story = factories.draft()
    failed(story.subject)
    page = desk.get(f"{LIST}?stands=failing").content.decode()
    assert "ConnectionError: The hub is down." in page
    assert f'<a href="/admin/articles/article/{story.pk}/change/">article {story.pk}</a>' in page


def test_missing_worker_is_said_above_the_list(desk: Client) -> None:
    assert "No worker is running" in desk.get(LIST).content.decode()
    tick.start()
    assert "No worker is running" not in desk.get(LIST).content.decode()


def test_late_queue_is_said_above_the_list(desk: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        tick.start()
        failed(due_at=NOON - timedelta(minutes=5))
        page = desk.get(LIST).content.decode()
    assert "The queue is late" in page


def test_editor_asks_for_another_try(desk: Client, django_capture_on_commit_callbacks: Any) -> None:
    delivery = failed(given_up_at=timezone.now())
    asked = {"action": "try_again", "_selected_action": [delivery.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(LIST, asked)
    delivery.refresh_from_db()
    assert delivery.done_at
    assert (delivery.last_error, delivery.given_up_at) == ("", None)


def test_list_of_many_costs_as_much_as_one_of_few(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        failed(f"article:{number}")
    with django_assert_max_num_queries(12):
        desk.get(LIST)
