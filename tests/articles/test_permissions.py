"""Role, state and verb: the whole table."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from articles.models import Article
from articles.permissions import NEEDS, make_groups, may
from newsroom.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db

STATES = ("draft", "in-review", "approved", "published", "withdrawn")
WRITING = {"change", "restore"}

#: What a reporter may do with a story of their own; with others' only view.
REPORTER = {"draft": {"view", "note", "add", *WRITING, "submit", "delete"}}
_EDITOR = {"view", "note", "add", *WRITING, "publish"}
_OPEN = _EDITOR | {"share"}
EDITOR = {
    "draft": _OPEN | {"submit", "delete"},
    "in-review": _OPEN | {"send_back", "approve", "delete"},
    "approved": _OPEN | {"send_back", "delete"},
    "published": _OPEN | {"withdraw", "correct", "discard"},
    "withdrawn": _EDITOR | {"discard"},
}
CHIEF = {
    state: verbs | {"break_embargo", "merge_tags", "delete_note"} for state, verbs in EDITOR.items()
}


def in_state(state: str, owner: User) -> Article:
    article = factories.draft(by=owner)
    article.state = state
    return article


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("role", "allowed"), [("reporter", REPORTER), ("editor", EDITOR), ("chief", CHIEF)]
)
def test_each_role_may_exactly_this(role: str, allowed: dict, state: str) -> None:
    user = factories.user(role)
    article = in_state(state, user)
    expected = allowed.get(state, {"view", "note", "add"})
    assert {verb for verb in NEEDS if may(user, verb, article)} == expected


@pytest.mark.parametrize("state", STATES)
def test_reporter_may_only_view_and_note_the_stories_of_others(reporter: User, state: str) -> None:
    article = in_state(state, factories.user("reporter"))
    assert {verb for verb in NEEDS if may(reporter, verb, article)} == {"view", "note", "add"}


def test_story_is_also_of_its_assignee_and_of_its_authors(reporter: User) -> None:
    article = factories.draft(by=factories.user("reporter"))
    assert not may(reporter, "change", article)
    article.assignee = reporter
    assert may(reporter, "change", article)
    article.assignee = None
    author = factories.author()
    author.user = reporter
    author.save()
    assert may(reporter, "change", article)


@pytest.mark.parametrize("state", STATES)
def test_staff_without_permission_and_strangers_may_nothing(powerless: User, state: str) -> None:
    article = in_state(state, factories.user("chief"))
    gone = factories.user("chief", is_active=False)
    reader = factories.user("chief")
    reader.is_staff = False
    for user in (powerless, AnonymousUser(), gone, reader):
        assert not any(may(user, verb, article) for verb in NEEDS)
        assert not any(may(user, verb) for verb in NEEDS)


def test_group_changed_by_its_outlet_is_left_alone() -> None:
    group = Group.objects.get(name="reporter")
    group.permissions.clear()
    make_groups()
    assert not group.permissions.exists()
