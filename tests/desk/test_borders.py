"""Sections as borders: who has a role on one section's desk meets no other section's stories."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from articles import snapshot, workflow
from articles.models import Article, State
from articles.permissions import NEEDS, may, visible
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from sections.models import Membership, Section
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_doors import doors

pytestmark = pytest.mark.django_db

MARK = "Quillfeather"
STORY = "/admin/articles/article/{}/change/"
UNKNOWN = 987_654_321


@pytest.fixture
def sports() -> Section:
    return factories.section("Sports")


@pytest.fixture
def politics() -> Section:
    return factories.section("Politics")


@pytest.fixture(params=["reporter", "editor", "chief"])
def member(request: Any, sports: Section) -> User:
    return factories.member(request.param, sports)


@pytest.fixture
def sports_editor(sports: Section) -> User:
    return factories.member("editor", sports)


@pytest.fixture
def foreign(politics: Section, chief: User) -> list[Article]:
    """A story in every state on the other side of the border."""
    told = {"section": politics, "by": chief, "headline": f"{MARK} resigns"}
    draft, review = factories.draft(**told), factories.draft(**told)
    workflow.submit(review, by=chief)
    working = factories.published(**told)
    changed = snapshot.head(working) | {"standfirst": f"{MARK} speaks."}
    working = workflow.save(working, changed, by=chief, base_version=working.version)
    later = timezone.now() + timedelta(days=1)
    return [
        draft,
        review,
        working,
        factories.scheduled(at=later, **told),
        factories.withdrawn(**told),
    ]


def test_desk_shows_nothing_of_another_section_at_any_door(
    member: User, foreign: list[Article]
) -> None:
    client = logged_in(member)
    client.raise_request_exception = False
    for _, address in doors():
        assert MARK not in client.get(address).content.decode(), address


@pytest.mark.parametrize("method", ["get", "post"])
def test_story_of_another_section_looks_like_one_that_does_not_exist(
    member: User, foreign: list[Article], method: str
) -> None:
    ask = getattr(logged_in(member), method)
    for story in foreign:
        before = story.version
        for address in of_story(story.pk):
            answer, unknown = ask(address), ask(address.replace(str(story.pk), str(UNKNOWN)))
            assert answer.status_code == unknown.status_code, address
            assert MARK not in answer.content.decode(), address
        story.refresh_from_db()
        assert story.version == before


def of_story(pk: int) -> Iterator[str]:
    doors = ("change", "history", "delete", "preview", "restore", "notes", "share")
    yield from (f"/admin/articles/article/{pk}/{door}/" for door in doors)


def test_lists_and_suggestions_know_only_ones_own_section(
    sports_editor: User, sports: Section, foreign: list[Article]
) -> None:
    own = factories.draft(section=sports, headline="Harbor Rovers win again")
    client = logged_in(sports_editor)
    keys = "&".join(f"id={story.pk}" for story in [own, *foreign])
    choose = "/admin/articles/article/choose/"
    for address in ("/admin/articles/article/", f"{choose}?{keys}", f"{choose}?q=r"):
        page = client.get(address).content.decode()
        assert "Harbor Rovers win again" in page, address
        assert MARK not in page, address
    assert MARK not in client.get("/admin/articles/article/?q=resigns").content.decode()


@pytest.mark.parametrize("action", ["delete_selected", "take_on_my_desk"])
def test_action_on_many_leaves_the_other_side_alone(
    sports_editor: User, foreign: list[Article], action: str
) -> None:
    asked = {"action": action, "_selected_action": [story.pk for story in foreign], "post": "yes"}
    answer = logged_in(sports_editor).post("/admin/articles/article/", asked, follow=True)
    assert MARK not in answer.content.decode()
    assert Article.objects.filter(assignee=sports_editor).count() == 0
    assert Article.objects.count() == len(foreign)


@pytest.mark.parametrize("role", ["reporter", "editor", "chief"])
def test_role_counts_in_its_section_and_below_and_nowhere_else(
    role: str, sports: Section, politics: Section
) -> None:
    rowing = factories.section("Rowing", parent=sports)
    someone, everywhere = factories.member(role, sports), factories.user(role)
    for state in State.values:
        for where in (sports, rowing):
            story = in_state(state, where)
            allowed = {verb for verb in NEEDS if may(someone, verb, story)}
            assert allowed == {verb for verb in NEEDS if may(everywhere, verb, story)} - SITE_WIDE
        abroad = in_state(state, politics)
        assert not any(may(someone, verb, abroad) for verb in NEEDS)


#: Topics belong to the whole outlet.
SITE_WIDE = {"merge_tags"}


def in_state(state: str, where: Section) -> Article:
    story = factories.draft(section=where)
    story.state = state
    return story


def test_own_story_stays_ones_own_when_it_is_moved_away(
    sports: Section, politics: Section, chief: User
) -> None:
    reporter = factories.member("reporter", sports)
    story = factories.draft(by=reporter, section=sports)
    moved = snapshot.head(story) | {"section": snapshot.reference(politics)}
    story = workflow.save(story, moved, by=chief, base_version=story.version)
    assert may(reporter, "change", story)
    assert not may(reporter, "publish", story)
    assert list(visible(reporter)) == [story]


def test_story_is_begun_only_where_one_has_a_place(sports_editor: User, politics: Section) -> None:
    with pytest.raises(workflow.NotAllowed, match="no place on the desk of “Politics”"):
        factories.draft(by=sports_editor, section=politics)


def test_story_is_moved_and_published_only_where_one_has_a_place(
    sports_editor: User, sports: Section, politics: Section, chief: User
) -> None:
    story = factories.published(by=chief, section=sports)
    moved = snapshot.head(story) | {"section": snapshot.reference(politics)}
    with pytest.raises(workflow.NotAllowed):
        workflow.save(story, moved, by=sports_editor, base_version=story.version)
    story = workflow.save(story, moved, by=chief, base_version=story.version)
    with pytest.raises(workflow.NotAllowed):
        workflow.publish(story, by=sports_editor)


def test_form_offers_the_sections_of_ones_desk(
    sports_editor: User, sports: Section, politics: Section
) -> None:
    page = logged_in(sports_editor).get("/admin/articles/article/add/").content.decode()
    assert f'<option value="{sports.pk}" selected>' in page
    assert f'<option value="{politics.pk}"' not in page


def test_forged_section_is_refused_with_the_text_kept(
    sports_editor: User, politics: Section
) -> None:
    forged = {"section": politics.pk, "headline": "A story for elsewhere", "_save": "1"}
    answer = logged_in(sports_editor).post("/admin/articles/article/add/", forged)
    assert answer.status_code == 200
    assert "A story for elsewhere" in answer.content.decode()
    assert not Article.objects.exists()


def test_role_everywhere_and_role_in_a_section_add_up(
    sports: Section, politics: Section, reporter: User
) -> None:
    group = Group.objects.get(name="editor")
    Membership.objects.create(section=sports, user=reporter, role=group)
    user = User.objects.get(pk=reporter.pk)
    here, there = factories.draft(section=sports), factories.draft(section=politics)
    assert [may(user, "publish", story) for story in (here, there)] == [True, False]
    assert [may(user, "view", story) for story in (here, there)] == [True, True]


def test_chief_gives_a_place_on_the_desk_and_the_audit_tells(
    chief: User, sports: Section, foreign: list[Article]
) -> None:
    someone = factories.user()
    role = Group.objects.get(name="reporter")
    asked = {
        "name": "Sports",
        "slug": "sports",
        "order": 0,
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 0,
        "memberships-0-user": someone.pk,
        "memberships-0-role": role.pk,
    }
    answer = logged_in(chief).post(f"/admin/sections/section/{sports.pk}/change/", asked)
    assert answer.status_code == 302
    assert may(User.objects.get(pk=someone.pk), "add")
    entry = Entry.objects.get(verb="grant role")
    assert (entry.subject, entry.after["role"]) == (sports.subject, "reporter")


def test_nobody_hands_out_a_role_that_is_more_than_their_own(chief: User, sports: Section) -> None:
    Group.objects.get(name="chief").permissions.remove(
        *Group.objects.get(name="chief").permissions.filter(codename="publish_article")
    )
    page = logged_in(chief).get(f"/admin/sections/section/{sports.pk}/change/").content.decode()
    assert f'<option value="{Group.objects.get(name="reporter").pk}">' in page
    assert f'<option value="{Group.objects.get(name="editor").pk}">' not in page


def test_place_that_is_taken_away_is_gone_on_the_next_request(
    sports: Section, sports_editor: User, client: Client
) -> None:
    story = factories.draft(section=sports)
    desk = logged_in(sports_editor)
    assert desk.get(STORY.format(story.pk)).status_code == 200
    sports_editor.memberships.all().delete()
    assert desk.get(STORY.format(story.pk)).status_code == 403


def test_section_chief_passes_no_door_that_is_of_the_whole_outlet(sports: Section) -> None:
    desk = logged_in(factories.member("chief", sports))
    for door in ("accounts/user/", "audit/entry/", "redirects/redirect/", "sections/section/add/"):
        assert desk.get(f"/admin/{door}").status_code == 403, door
