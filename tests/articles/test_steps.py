"""The way to publication as an outlet sets it: no step, one, or several with roles."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError
from django.utils import timezone

from articles import permissions, workflow
from articles.models import Article, State, Step
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from sections.models import Membership
from tests import factories

pytestmark = pytest.mark.django_db


def step(name: str, order: int = 0, role: Group | None = None) -> Step:
    return Step.objects.create(name=name, order=order, role=role)


def copy_editors() -> Group:
    """A role that reads, writes and passes on, and does not publish."""
    group = Group.objects.create(name="copy editor")
    given = ["view_article", "change_article", "change_any_article", "approve_article"]
    group.permissions.set(Permission.objects.filter(codename__in=given))
    return group


@pytest.fixture
def desks(db: None) -> tuple[Step, Step]:
    """Section edit, which whoever may approve passes, then the copy desk."""
    return step("Section edit", 10), step("Copy desk", 20, copy_editors())


@pytest.fixture
def copy_editor(desks: tuple[Step, Step]) -> User:
    user = factories.user()
    user.groups.add(Group.objects.get(name="copy editor"))
    return User.objects.get(pk=user.pk)


def where(article: Article) -> tuple[str, str]:
    row = Article.objects.select_related("step").get(pk=article.pk)
    return str(row.state), str(row.step or "")


# --- From reporter to readers -----------------------------------------------------------------


def test_story_passes_every_step_in_order_and_is_published(
    desks: tuple[Step, Step], reporter: User, editor: User, copy_editor: User
) -> None:
    article = workflow.submit(factories.draft(by=reporter), by=reporter, note="Done.")
    assert where(article) == ("in-review", "Section edit")
    article = workflow.approve(article, by=editor)
    assert where(article) == ("in-review", "Copy desk")
    article = workflow.approve(article, by=copy_editor)
    assert where(article) == ("approved", "")
    article = workflow.publish(article, by=editor)
    assert article.is_public(now=timezone.now())
    told = Entry.objects.about(article.subject).order_by("pk").values_list("verb", "note")
    assert list(told) == [
        ("create", ""),
        ("submit", "To Section edit. Done."),
        ("pass", "To Copy desk."),
        ("approve", ""),
        ("publish", ""),
    ]


def test_audit_of_a_transition_names_the_step_before_and_after(
    desks: tuple[Step, Step], reporter: User, editor: User
) -> None:
    article = workflow.submit(factories.draft(by=reporter), by=reporter)
    workflow.approve(article, by=editor)
    entry = Entry.objects.get(verb="pass")
    assert entry.before == {"state": "in-review", "step": "Section edit"}
    assert entry.after == {"state": "in-review", "step": "Copy desk"}


def test_one_step_is_all_that_an_outlet_needs(reporter: User, editor: User) -> None:
    step("Edit")
    article = workflow.submit(factories.draft(by=reporter), by=reporter)
    assert where(article) == ("in-review", "Edit")
    assert where(workflow.approve(article, by=editor)) == ("approved", "")


def test_without_steps_whoever_may_publish_publishes_a_draft(editor: User) -> None:
    article = workflow.publish(factories.draft(by=editor), by=editor)
    assert article.is_public(now=timezone.now())
    assert Entry.objects.get(verb="publish").note == ""


@pytest.mark.parametrize("passed", [0, 1, 2])
def test_story_is_sent_back_with_a_note_from_any_step_and_begins_anew(
    desks: tuple[Step, Step], reporter: User, editor: User, copy_editor: User, passed: int
) -> None:
    article = workflow.submit(factories.draft(by=reporter), by=reporter)
    for user in (editor, copy_editor)[:passed]:
        article = workflow.approve(article, by=user)
    article = workflow.send_back(article, by=copy_editor, note="Who says so?")
    assert where(article) == ("draft", "")
    assert Entry.objects.get(verb="send back").note == "Who says so?"
    assert where(workflow.submit(article, by=reporter)) == ("in-review", "Section edit")


# --- Who may ----------------------------------------------------------------------------------


def test_step_with_a_role_is_passed_by_that_role_only(
    desks: tuple[Step, Step], reporter: User, editor: User, copy_editor: User
) -> None:
    article = workflow.submit(factories.draft(by=reporter), by=reporter)
    article = workflow.approve(article, by=editor)
    with pytest.raises(workflow.NotAllowed):
        workflow.approve(article, by=editor)
    assert where(workflow.approve(article, by=copy_editor)) == ("approved", "")


def test_role_on_the_desk_of_a_section_passes_the_step_there_and_nowhere_else(
    desks: tuple[Step, Step], chief: User
) -> None:
    sports, politics = factories.section("Sports"), factories.section("Politics")
    member = factories.member("copy editor", sports)
    for section, may in ((sports, True), (politics, False)):
        article = workflow.submit(factories.draft(by=chief, section=section), by=chief)
        article = workflow.approve(article, by=chief)
        assert permissions.may(member, "approve", article) is may


def test_role_in_one_section_and_approving_in_another_do_not_add_up(
    desks: tuple[Step, Step], chief: User
) -> None:
    """Editor of politics, copy editor of sports: the copy desk of politics is not theirs."""
    sports, politics = factories.section("Sports"), factories.section("Politics")
    member = factories.member("editor", politics)
    role = Group.objects.get(name="copy editor")
    Membership.objects.create(section=sports, user=member, role=role)
    article = workflow.submit(factories.draft(by=chief, section=politics), by=chief)
    article = workflow.approve(article, by=chief)
    assert permissions.may(User.objects.get(pk=member.pk), "approve", article) is False


@pytest.mark.parametrize("passed", [-1, 0, 1])
def test_editor_publishes_only_what_has_passed_every_step(
    desks: tuple[Step, Step], chief: User, editor: User, passed: int
) -> None:
    article = factories.draft(by=chief)
    if passed >= 0:
        article = workflow.submit(article, by=chief)
    if passed == 1:
        article = workflow.approve(article, by=chief)
    with pytest.raises(workflow.NotAllowed, match=r"has not passed .*Copy desk yet"):
        workflow.publish(article, by=editor)
    with pytest.raises(workflow.NotAllowed, match=r"has not passed .*Copy desk yet"):
        workflow.publish(article, by=editor, at=timezone.now() + timedelta(days=1))
    assert Article.objects.published(now=timezone.now()).count() == 0


def test_chief_publishes_breaking_news_and_the_audit_names_what_was_left_out(
    desks: tuple[Step, Step], chief: User
) -> None:
    article = workflow.publish(factories.draft(by=chief), by=chief)
    assert article.is_public(now=timezone.now())
    assert Entry.objects.get(verb="publish").note == "Not passed: Section edit and Copy desk."


def test_chief_publishes_from_a_step_and_only_what_lies_ahead_is_named(
    desks: tuple[Step, Step], chief: User, editor: User
) -> None:
    article = workflow.submit(factories.draft(by=chief), by=chief)
    article = workflow.publish(workflow.approve(article, by=editor), by=chief)
    assert where(article) == ("published", "")
    assert Entry.objects.get(verb="publish").note == "Not passed: Copy desk."


def test_what_was_public_is_published_again_without_the_steps(
    desks: tuple[Step, Step], chief: User, editor: User
) -> None:
    article = factories.withdrawn(by=chief)
    assert workflow.publish(article, by=editor).is_public(now=timezone.now())


def test_editor_of_another_section_is_not_told_of_steps(
    desks: tuple[Step, Step], chief: User
) -> None:
    member = factories.member("editor", factories.section("Sports"))
    article = factories.draft(by=chief, section=factories.section("Politics"))
    with pytest.raises(workflow.NotAllowed, match=r"^You may not publish this story"):
        workflow.publish(article, by=member)


# --- Two at once ------------------------------------------------------------------------------


def test_second_click_does_not_pass_the_next_step_as_well(
    desks: tuple[Step, Step], chief: User
) -> None:
    article = workflow.submit(factories.draft(by=chief), by=chief)
    seen = article.step_id
    workflow.approve(article, by=chief, at=seen)
    with pytest.raises(workflow.Refused, match="is “In review: Copy desk” now"):
        workflow.approve(article, by=chief, at=seen)
    assert where(article) == ("in-review", "Copy desk")


# --- Steps that are changed while stories are on their way ---------------------------------------


def test_story_goes_on_at_the_next_step_when_its_own_is_taken_away(
    desks: tuple[Step, Step], reporter: User, chief: User
) -> None:
    article = workflow.submit(factories.draft(by=reporter), by=reporter)
    workflow.remove_step(desks[0], by=chief)
    assert where(article) == ("in-review", "Copy desk")
    entry = Entry.objects.get(verb="move on")
    assert (entry.subject, entry.note) == (
        article.subject, "To Copy desk. The step Section edit was taken away.",
    )  # fmt: skip


def test_story_at_the_last_step_is_approved_when_that_is_taken_away(
    desks: tuple[Step, Step], chief: User
) -> None:
    article = workflow.approve(workflow.submit(factories.draft(by=chief), by=chief), by=chief)
    workflow.remove_step(desks[1], by=chief)
    assert where(article) == ("approved", "")


def test_story_nobody_has_looked_at_stays_in_review_when_the_only_step_goes(chief: User) -> None:
    only = step("Edit")
    article = workflow.submit(factories.draft(by=chief), by=chief)
    workflow.remove_step(only, by=chief)
    assert where(article) == ("in-review", "")
    assert where(workflow.approve(article, by=chief)) == ("approved", "")


def test_story_in_review_before_there_were_steps_begins_at_the_first(
    reporter: User, editor: User
) -> None:
    article = workflow.submit(factories.draft(by=reporter), by=reporter)
    step("Edit")
    article = workflow.approve(article, by=editor)
    assert where(article) == ("in-review", "Edit")


def test_approved_story_stays_approved_when_a_step_is_added(editor: User) -> None:
    article = workflow.submit(factories.draft(by=editor), by=editor)
    article = workflow.approve(article, by=editor)
    step("Edit")
    fresh = User.objects.get(pk=editor.pk)
    assert workflow.publish(article, by=fresh).is_public(now=timezone.now())


def test_steps_in_another_order_leave_a_story_where_it_waits(
    desks: tuple[Step, Step], chief: User
) -> None:
    article = workflow.submit(factories.draft(by=chief), by=chief)
    desks[0].order = 30
    workflow.keep_step(desks[0], by=chief)
    assert where(article) == ("in-review", "Section edit")
    assert where(workflow.approve(article, by=chief)) == ("approved", "")


def test_steps_of_one_order_go_by_their_age(chief: User) -> None:
    first, second = step("First"), step("Second")
    assert list(Step.objects.after(first)) == [second]
    assert list(Step.objects.after(second)) == []
    article = workflow.submit(factories.draft(by=chief), by=chief)
    assert article.step_after([first, second]) == second


def test_changes_of_the_steps_are_in_the_audit(chief: User) -> None:
    made = workflow.keep_step(Step(name="Edit", order=1), by=chief)
    made.name = "Desk"
    workflow.keep_step(made, by=chief)
    workflow.remove_step(made, by=chief)
    told = Entry.objects.filter(subject__startswith="step:").order_by("pk")
    assert [(entry.verb, entry.before.get("name"), entry.after.get("name")) for entry in told] == [
        ("add step", None, "Edit"),
        ("change step", "Edit", "Desk"),
        ("remove step", "Desk", None),
    ]


def test_step_belongs_to_the_review_only(chief: User) -> None:
    article = factories.draft(by=chief)
    assert article.state == State.DRAFT
    article.step = step("Edit")
    assert article.stage == "Draft: Edit"
    with pytest.raises(IntegrityError, match="article_waits_at_a_step_in_review_only"):
        article.save()
