"""The steps before publishing at the desk: setting them, buttons, lists, the first page."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, Step
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from tests import factories
from tests.articles.test_steps import copy_editors
from tests.conftest import logged_in
from tests.desk.test_article_admin import ADD, LIST, change, typed

pytestmark = pytest.mark.django_db

STEPS = "/admin/articles/step/"


@pytest.fixture
def desks(db: None) -> list[Step]:
    editors = Group.objects.get(name="editor")
    return [
        Step.objects.create(name="Section edit", order=10, role=editors),
        Step.objects.create(name="Copy desk", order=20, role=copy_editors()),
    ]


@pytest.fixture
def copy_editor(desks: list[Step]) -> User:
    user = factories.user()
    user.groups.add(Group.objects.get(name="copy editor"))
    return User.objects.get(pk=user.pk)


def submitted(**fields: object) -> Article:
    chief = factories.user("chief")
    return workflow.submit(factories.draft(by=chief, **fields), by=chief)


def at_copy_desk(**fields: object) -> Article:
    return workflow.approve(submitted(**fields), by=factories.user("chief"))


def buttons(user: User, article: Article | None = None) -> dict[str, str]:
    page = logged_in(user).get(change(article) if article else ADD)
    return {name: one.label for name, one in page.context["buttons"]["on"].items()}


# --- Setting them -----------------------------------------------------------------------------


def test_chief_sets_the_steps_and_the_audit_tells(chief: User) -> None:
    client = logged_in(chief)
    role = copy_editors()
    asked = {"name": "Copy desk", "order": 20, "role": role.pk}
    assert client.post(f"{STEPS}add/", asked).status_code == 302
    step = Step.objects.get()
    assert (step.name, step.order, step.role) == ("Copy desk", 20, role)
    assert Entry.objects.get(verb="add step").actor == chief


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_nobody_else_sets_or_sees_the_steps(role: str, desks: list[Step]) -> None:
    client = logged_in(factories.user(role))
    for door in ("", "add/", f"{desks[0].pk}/change/", f"{desks[0].pk}/delete/"):
        assert client.get(STEPS + door).status_code == 403, door
        assert client.post(STEPS + door, {"name": "X", "order": 1}).status_code == 403, door
    assert [step.name for step in Step.objects.in_order()] == ["Section edit", "Copy desk"]


def test_role_that_may_not_approve_is_refused_at_the_field(chief: User) -> None:
    asked = {"name": "Copy desk", "order": 1, "role": Group.objects.get(name="reporter").pk}
    page = logged_in(chief).post(f"{STEPS}add/", asked)
    assert "nobody could pass this step" in page.text
    assert not Step.objects.exists()


def test_step_is_taken_away_while_stories_wait_there(chief: User, desks: list[Step]) -> None:
    article = submitted()
    client = logged_in(chief)
    door = f"{STEPS}{desks[0].pk}/delete/"
    assert "goes on at the next step" in client.get(door).text
    assert client.post(door, {"post": "yes"}).status_code == 302
    article.refresh_from_db()
    assert article.step == desks[1]


def test_list_of_steps_says_how_many_stories_wait_at_each(chief: User, desks: list[Step]) -> None:
    submitted()
    submitted()
    page = logged_in(chief).get(STEPS).text
    assert '<td class="field-waiting">2</td>' in page
    assert '<td class="field-passed_by">copy editor</td>' in page


# --- Buttons ----------------------------------------------------------------------------------


def test_buttons_name_the_step_to_which_a_story_goes(
    desks: list[Step], reporter: User, editor: User, copy_editor: User
) -> None:
    draft = factories.draft(by=reporter)
    assert buttons(reporter, draft) == {"save": "Save", "submit": "Submit to Section edit"}
    article = workflow.submit(draft, by=reporter)
    assert buttons(editor, article) == {
        "save": "Save", "approve": "Pass to Copy desk", "send_back": "Send back",
    }  # fmt: skip
    article = workflow.approve(article, by=editor)
    assert buttons(copy_editor, article) == {
        "save": "Save", "approve": "Approve", "send_back": "Send back",
    }  # fmt: skip
    assert buttons(editor, article) == {"save": "Save", "send_back": "Send back"}


def test_story_is_passed_by_its_button_and_the_desk_says_where_it_waits(
    desks: list[Step], editor: User
) -> None:
    article = submitted()
    client = logged_in(editor)
    data = typed(article, at_step=article.step_id, note="Mind the names.", _approve="1")
    page = client.post(change(article), data, follow=True)
    assert "Passed on: it waits at Copy desk." in page.text
    assert '<span class="standing standing--in-review">In review: Copy desk</span>' in page.text
    assert Entry.objects.get(verb="pass").note == "To Copy desk. Mind the names."


def test_form_that_was_opened_a_step_ago_passes_nothing(desks: list[Step], chief: User) -> None:
    article = submitted()
    data = typed(article, at_step=article.step_id, headline="Kept headline", _approve="1")
    workflow.approve(article, by=chief)
    page = logged_in(chief).post(change(article), data)
    assert "Somebody has moved this story meanwhile." in page.text
    assert "Kept headline" in page.text
    article.refresh_from_db()
    assert (article.step, article.version) == (desks[1], 1)


def test_form_carries_the_step_at_which_the_story_waits(desks: list[Step], editor: User) -> None:
    article = submitted()
    field = f'<input type="hidden" name="at_step" value="{article.step_id}" id="id_at_step">'
    assert field in logged_in(editor).get(change(article)).text


def test_forged_publishing_before_the_last_step_is_refused(desks: list[Step], editor: User) -> None:
    article = submitted()
    page = logged_in(editor).post(change(article), typed(article, _publish="1"))
    assert "You may not publish this story while it is in review: section edit" in page.text
    article.refresh_from_db()
    assert (article.state, article.path) == ("in-review", None)


def test_new_story_is_not_published_past_the_steps_by_an_editor(
    desks: list[Step], editor: User
) -> None:
    assert buttons(editor) == {"save": "Save", "submit": "Submit to Section edit"}
    page = logged_in(editor).post(ADD, typed(_publish="1"))
    assert page.status_code == 200
    assert not Article.objects.exists()


def test_chief_is_told_what_publishing_leaves_out(desks: list[Step], chief: User) -> None:
    article = at_copy_desk()
    page = logged_in(chief).get(change(article))
    assert "Not passed yet: Copy desk." in page.text
    assert page.context["buttons"]["looks"] == {
        "publish": "button", "approve": "button default", "submit": "button",
    }  # fmt: skip
    assert "Not passed yet" not in logged_in(chief).get(change(factories.published())).text


def test_bulk_scheduling_says_which_steps_are_ahead(desks: list[Step], editor: User) -> None:
    article = submitted()
    asked = {"action": "bulk_schedule", "_selected_action": [article.pk]}
    page = logged_in(editor).post(LIST, asked)
    assert "This story has not passed Section edit and Copy desk yet." in page.text


# --- Lists ------------------------------------------------------------------------------------


def test_list_shows_and_filters_by_step(desks: list[Step], editor: User) -> None:
    submitted(headline="First look")
    at_copy_desk(headline="Commas")
    page = logged_in(editor).get(LIST, {"stands": f"step-{desks[1].pk}"})
    assert [str(one) for one in page.context["cl"].result_list] == ["Commas"]
    assert "In review: Copy desk" in page.text
    both = logged_in(editor).get(LIST, {"stands": "in-review"})
    assert both.context["cl"].result_count == 2


def test_step_that_is_gone_is_no_answer_of_the_filter(desks: list[Step], editor: User) -> None:
    submitted()
    page = logged_in(editor).get(LIST, {"stands": "step-987654"})
    assert (page.status_code, page.context["cl"].result_count) == (200, 1)


def test_waiting_for_me_is_what_waits_at_my_step(
    desks: list[Step], editor: User, copy_editor: User
) -> None:
    submitted(headline="First look")
    at_copy_desk(headline="Commas")
    for user, expected in ((editor, "First look"), (copy_editor, "Commas")):
        waiting = logged_in(user).get("/admin/").context["dashboard"].blocks[0]
        assert [row.headline for row in waiting.rows] == [expected]
    assert waiting.rows[0].why == "In review: Copy desk"
    assert waiting.links == [(
        "All at Copy desk", f"/admin/articles/article/?stands=step-{desks[1].pk}",
    )]  # fmt: skip


def test_two_hundred_at_another_step_do_not_hide_mine(
    desks: list[Step], copy_editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsroom.dashboard.LOOKED_AT", 2)
    for _ in range(3):
        submitted()
    at_copy_desk(headline="Commas")
    waiting = logged_in(copy_editor).get("/admin/").context["dashboard"].blocks[0]
    assert [row.headline for row in waiting.rows] == ["Commas"]


def test_list_asks_the_same_of_the_database_with_many_steps(
    desks: list[Step], editor: User
) -> None:
    client = logged_in(editor)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(LIST)
        return len(caught)

    submitted()
    client.get(LIST)
    few = queries()
    for number in range(8):
        Step.objects.create(name=f"Step {number}", order=number)
        submitted()
        at_copy_desk()
    assert queries() == few


def test_chief_of_one_section_leaves_steps_out_there_only(desks: list[Step]) -> None:
    sports, politics = factories.section("Sports"), factories.section("Politics")
    member = factories.member("chief", sports)
    by = factories.user("chief")
    here = factories.draft(by=by, section=sports)
    assert workflow.publish(here, by=member).state == "published"
    there = factories.draft(by=by, section=politics)
    with pytest.raises(workflow.NotAllowed):
        workflow.publish(there, by=member)


def test_leaving_steps_out_is_a_permission_of_its_own(desks: list[Step], editor: User) -> None:
    editor.user_permissions.add(Permission.objects.get(codename="skip_steps"))
    user = User.objects.get(pk=editor.pk)
    assert workflow.publish(factories.draft(by=user), by=user).state == "published"
