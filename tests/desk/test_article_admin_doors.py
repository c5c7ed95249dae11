"""Who gets through which door of the stories: role x state x door, by page and by forged post."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, Tag
from newsroom.accounts.models import User
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_article_admin import ADD, LIST, again, change, typed

pytestmark = pytest.mark.django_db

STATES = ("draft", "in-review", "approved", "scheduled", "published", "withdrawn")
UNPUBLISHED = {"draft", "in-review", "approved"}
EVERY = set(STATES)

#: What an editor may do in which state; a chief may do the same.
EDITOR = {
    "_save": EVERY,
    "_submit": {"draft"},
    "_approve": {"in-review"},
    "_send_back": {"in-review", "approved"},
    "_publish": EVERY,
    "_schedule": UNPUBLISHED | {"scheduled"},
    "_withdraw": {"scheduled", "published"},
    "_correct": {"published"},
}
OWN_DRAFT = {"_save": {"draft"}, "_submit": {"draft"}}
NOTHING: dict[str, set[str]] = {}
ALLOWED = {
    "owner": OWN_DRAFT,
    "reporter": NOTHING,
    "editor": EDITOR,
    "chief": EDITOR,
}


@pytest.fixture
def people(reporter: User, editor: User, chief: User) -> dict[str, User]:
    return {
        "owner": reporter,
        "reporter": factories.user("reporter"),
        "editor": editor,
        "chief": chief,
    }


def story(state: str, people: dict[str, User]) -> Article:
    """A reporter's story that has come as far as this state."""
    chief = people["chief"]
    article = factories.draft(by=people["owner"])
    steps: dict[str, list[Callable[[Article], Article]]] = {
        "in-review": [lambda one: workflow.submit(one, by=chief)],
        "scheduled": [
            lambda one: workflow.publish(one, by=chief, at=timezone.now() + timedelta(days=1))
        ],
        "published": [lambda one: workflow.publish(one, by=chief)],
    }
    steps["approved"] = [*steps["in-review"], lambda one: workflow.approve(one, by=chief)]
    steps["withdrawn"] = [
        *steps["published"], lambda one: workflow.withdraw(one, by=chief, reason="Wrong."),
    ]  # fmt: skip
    for step in steps.get(state, []):
        article = step(article)
    return again(article)


def forged(article: Article, button: str) -> dict[str, Any]:
    """A complete post that presses the button, whether it was shown or not."""
    later = timezone.now() + timedelta(days=3)
    return typed(
        article, headline="Forged headline", note="Note", reason="Reason", correction_text="Wrong.",
        publish_at=f"{later:%Y-%m-%dT%H:%M}", **{button: "1"},
    )  # fmt: skip


def facts(article: Article) -> tuple[Any, ...]:
    row = again(article)
    return (row.state, row.version, row.head_id, row.live_id, row.headline, row.path)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ALLOWED)
def test_buttons_are_shown_to_whom_they_belong_and_work_for_nobody_else(
    people: dict[str, User], who: str, state: str
) -> None:
    article = story(state, people)
    client = logged_in(people[who])
    page = client.get(change(article))
    assert page.status_code == 200
    before = facts(article)
    for button in EDITOR:
        mine = state in ALLOWED[who].get(button, set())
        shown = f'<button type="submit" name="{button}" class="button' in page.text
        assert shown == mine, (button, shown)
        with transaction.atomic():
            response = client.post(change(article), forged(article, button))
            assert (response.status_code == 302) == mine, (button, response.status_code)
            assert (facts(article) != before) == mine, button
            transaction.set_rollback(True)


@pytest.mark.parametrize("who", ["owner", "reporter"])
@pytest.mark.parametrize("button", sorted(set(EDITOR) - {"_save", "_submit"}))
def test_button_that_a_role_never_has_is_forbidden(
    people: dict[str, User], who: str, button: str
) -> None:
    article = story("draft", people)
    response = logged_in(people[who]).post(change(article), forged(article, button))
    assert response.status_code == 403
    assert "Forged headline" not in response.text


def test_text_is_kept_when_the_story_went_on_while_it_was_written(people: dict[str, User]) -> None:
    """A reporter presses Save after an editor has approved: refused, but nothing is lost."""
    article = story("draft", people)
    data = forged(article, "_save")
    workflow.submit(article, by=people["chief"])
    response = logged_in(people["owner"]).post(change(article), data)
    assert response.status_code == 403
    assert "Forged headline" in response.text
    assert "nothing was saved" in response.text
    assert again(article).version == 1


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ALLOWED)
def test_only_drafts_are_deleted_and_only_by_whom_they_belong_to(
    people: dict[str, User], who: str, state: str
) -> None:
    article = story(state, people)
    url = reverse("admin:articles_article_delete", args=[article.pk])
    mine = {"owner": {"draft"}, "reporter": set()}.get(who, UNPUBLISHED)
    allowed = state in mine
    client = logged_in(people[who])
    assert client.get(url).status_code == (200 if allowed else 403)
    assert client.post(url, {"post": "yes"}).status_code == (302 if allowed else 403)
    assert Article.objects.filter(pk=article.pk).exists() != allowed


@pytest.mark.parametrize("who", ["owner", "reporter"])
def test_bulk_delete_asks_for_each_story(people: dict[str, User], who: str) -> None:
    mine, others = story("draft", people), factories.draft(by=people["chief"])
    keys = [mine.pk, others.pk]
    data = {"action": "delete_selected", "post": "yes", "_selected_action": keys}
    response = logged_in(people[who]).post(LIST, data)
    assert response.status_code == 403
    assert Article.objects.count() == 2


@pytest.mark.parametrize("state", STATES)
def test_everybody_at_the_desk_reads_history_and_preview(
    people: dict[str, User], state: str
) -> None:
    article = story(state, people)
    for name in ("history", "preview"):
        url = reverse(f"admin:articles_article_{name}", args=[article.pk])
        assert logged_in(people["reporter"]).get(url).status_code == 200


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ALLOWED)
def test_restore_is_for_who_may_change(people: dict[str, User], who: str, state: str) -> None:
    article = story(state, people)
    url = reverse("admin:articles_article_restore", args=[article.pk])
    response = logged_in(people[who]).post(url, {"number": 1, "base_version": article.version})
    mine = state in ALLOWED[who].get("_save", set())
    assert response.status_code == (302 if mine else 403)


def doors(article: Article, tag: Tag) -> list[str]:
    """Every address that the desk has for stories, topics and corrections."""
    named = [
        name
        for name in get_resolver().namespace_dict["admin"][1].reverse_dict
        if isinstance(name, str) and name.startswith("articles_")
    ]
    found = []
    for name in sorted(named):
        pk = tag.pk if name.startswith("articles_tag_") else article.pk
        needs_key = get_resolver().namespace_dict["admin"][1].reverse_dict.getlist(name)[0][0][0][1]
        found.append(reverse(f"admin:{name}", args=[pk] if needs_key else []))
    return found


def test_staff_without_permission_find_every_door_closed(powerless: User, chief: User) -> None:
    article, tag = factories.draft(by=chief), Tag.objects.create(name="Docks")
    found = doors(article, tag)
    assert len(found) > 15
    autocomplete = reverse("admin:autocomplete") + (
        "?app_label=articles&model_name=taggedarticle&field_name=tag&term=x"
    )
    client = logged_in(powerless)
    for url in [*found, autocomplete]:
        assert client.get(url).status_code == 403, url
        if url != autocomplete:
            assert client.post(url, typed(article, _save="1")).status_code == 403, url
    assert Article.objects.get().version == 1


def test_unknown_and_forbidden_stories_look_alike_to_who_may_see_none(powerless: User) -> None:
    article = factories.draft()
    client = logged_in(powerless)
    for door in ("change", "history", "delete", "preview", "restore", "share"):
        pages = [
            client.get(reverse(f"admin:articles_article_{door}", args=[pk]))
            for pk in (article.pk, 999_999, "nonsense", "9" * 30)
        ]
        assert {page.status_code for page in pages} == {403}, door
        assert len({page.content for page in pages}) == 1, door


def test_unknown_story_is_said_to_who_may_see_stories(editor: User) -> None:
    for key in (999_999, "nonsense", "9" * 30, "1_0"):
        url = reverse("admin:articles_article_change", args=[key])
        response = logged_in(editor).get(url, follow=True)
        assert "There is no such story" in response.text


def test_strangers_are_sent_to_the_login() -> None:
    article = factories.draft()
    for url in (LIST, ADD, change(article)):
        response = Client().get(url)
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"] or "/admin/login/" in response["Location"]


def test_who_may_approve_and_not_write_approves_what_is_saved(people: dict[str, User]) -> None:
    """A role of an outlet's own: the verbs without the pen. What is posted as text is not taken."""
    proofreader = factories.user()
    wanted = ("view_article", "approve_article")
    proofreader.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    article = story("in-review", people)
    client = logged_in(User.objects.get(pk=proofreader.pk))
    page = client.get(change(article)).text
    assert 'name="headline"' not in page
    assert 'name="_approve"' in page
    assert client.post(change(article), forged(article, "_approve")).status_code == 302
    row = again(article)
    assert (row.state, row.headline, row.version) == ("approved", article.headline, 1)


def test_merging_topics_is_for_who_may(editor: User, chief: User) -> None:
    ships, boats = Tag.objects.create(name="Ships"), Tag.objects.create(name="Boats")
    article = factories.draft(by=chief, tags=["Boats"])
    data = {"action": "merge", "_selected_action": [ships.pk, boats.pk], "into": ships.pk}
    url = reverse("admin:articles_tag_changelist")
    logged_in(editor).post(url, data)
    assert not Tag.objects.exclude(merged_into=None).exists()
    question = logged_in(chief).post(url, {key: data[key] for key in data if key != "into"})
    assert "Which of them stays" in question.text
    logged_in(chief).post(url, data)
    assert Tag.objects.get(name="Boats").merged_into == ships
    assert article.tags.get() == ships


def test_changed_topic_leaves_a_redirect(editor: User) -> None:
    tag = Tag.objects.create(name="Boats", slug="boats")
    url = reverse("admin:articles_tag_change", args=[tag.pk])
    logged_in(editor).post(url, {"name": "Ships", "slug": "ships", "description": ""})
    assert Client().get("/topics/boats/")["Location"] == "/topics/ships/"


def test_corrections_are_only_read(chief: User) -> None:
    article = factories.published(by=chief)
    notice = workflow.correct(article, by=chief, text="It was eight.")
    url = reverse("admin:articles_correction_change", args=[notice.pk])
    assert "It was eight." in logged_in(chief).get(url).text
    assert logged_in(chief).post(url, {"text": "Forged"}).status_code == 403
    assert logged_in(chief).get(reverse("admin:articles_correction_add")).status_code == 403


@pytest.mark.parametrize("name", ["choose", "authors", "topics"])
@pytest.mark.parametrize("page", ["", "0", "-1", "x", "99999999999999999999", "501"])
def test_boxes_answer_any_question(editor: User, name: str, page: str) -> None:
    factories.draft(by=editor)
    url = reverse(f"admin:articles_article_{name}")
    response = logged_in(editor).get(url, {"q": "e" * 5000, "page": page})
    assert response.json() == {"results": [], "next": None}
    assert "no-store" in response.headers["Cache-Control"]


def test_boxes_find_stories_authors_and_topics(editor: User) -> None:
    author = factories.author("Ana Reis")
    article = factories.draft(by=editor, headline="Cranes", tags=["Docks"], authors=[author])
    client = logged_in(editor)

    def labels(name: str, **query: Any) -> list[str]:
        answer = client.get(reverse(f"admin:articles_article_{name}"), query).json()
        return [row["label"] for row in answer["results"]]

    assert labels("choose", q="crane") == ["Cranes"]
    assert labels("choose", id=[article.pk, "x", "9" * 40]) == ["Cranes"]
    assert labels("authors", q="ana") == ["Ana Reis"]
    assert labels("topics", q="doc") == ["Docks"]
