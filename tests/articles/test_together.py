"""Two at the same time, in connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles import sharing, snapshot, unmerging, workflow
from articles.models import Article, Presence, PublicUse, Step, Tag, Unsaved
from newsroom.accounts.models import User
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed gave, or the refusal that it raised; all begin at once."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return deed()
        except workflow.Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.fixture
def desk() -> User:
    return factories.user("chief")


def test_of_two_saves_one_is_kept_and_the_other_told(desk: User) -> None:
    article = factories.draft(by=desk)
    content = snapshot.head(article)
    done = together(*[
        lambda words=words: workflow.save(
            article, {**content, "headline": words}, by=desk, base_version=1
        )
        for words in ("Hers", "His")
    ])  # fmt: skip
    kept = Article.objects.get()
    assert sorted(type(one).__name__ for one in done) == ["Article", "Conflict"]
    assert kept.headline in {"Hers", "His"}
    assert list(kept.revisions.values_list("number", flat=True)) == [2, 1]


def test_of_two_saves_in_other_fields_both_are_kept(desk: User) -> None:
    article = factories.draft(by=desk)
    content = snapshot.head(article)
    changes = ({"headline": "Hers"}, {"standfirst": "His"}, {"dateline": "Lisbon"})
    together(*[
        lambda words=words: workflow.save_beside_others(
            article, content | words, by=desk, base_version=1
        )
        for words in changes
    ])  # fmt: skip
    kept = Article.objects.get()
    assert (kept.headline, kept.standfirst, kept.dateline) == ("Hers", "His", "Lisbon")
    assert list(kept.revisions.values_list("number", flat=True)) == [4, 3, 2, 1]


def test_form_that_comes_twice_at_once_is_kept_and_seen_once(desk: User) -> None:
    article, now = factories.draft(by=desk), timezone.now()

    def come() -> None:
        Unsaved.objects.put("mark-of-a-form", user=desk, article=article, fields={}, now=now)
        Presence.objects.seen(article, desk, now=now)

    together(*[come] * 4)
    assert (Unsaved.objects.count(), Presence.objects.count()) == (1, 1)


def test_stories_with_one_slug_published_at_once_get_paths_of_their_own(desk: User) -> None:
    drafts = [factories.draft(by=desk, slug="same") for _ in range(4)]
    together(*[lambda one=one: workflow.publish(one, by=desk) for one in drafts])
    paths = Article.objects.values_list("path", flat=True)
    assert sorted(path.split("/")[3] for path in paths) == ["same", "same-2", "same-3", "same-4"]


def test_story_published_twice_at_once_is_published_once(desk: User) -> None:
    article = factories.draft(by=desk)
    together(*[lambda: workflow.publish(article, by=desk)] * 2)
    article = Article.objects.get()
    assert article.path.endswith("/ferry-returns-to-the-harbor/")
    assert article.revisions.count() == 2  # as written, and with the slug that it was given


def test_topic_made_by_two_at_once_is_one_topic(desk: User) -> None:
    section = factories.section()
    content = factories.content(section=section, tags=["Lock gates"])
    together(*[lambda: workflow.create(content, by=desk)] * 3)
    assert Article.objects.count() == 3
    assert Tag.objects.filter(name="Lock gates").count() == 1


def test_single_use_goes_to_one_of_two_stories_published_at_once(desk: User) -> None:
    once = factories.image(licence="agency-single-use")
    figure = f'<p>Words.</p><figure data-image="{once.pk}"></figure>'
    # Slugs of their own: no waiting for the other's path hides that both look at the same time.
    drafts = [
        factories.draft(by=desk, slug="lead", lead_image=once),
        factories.draft(by=desk, slug="body", body=figure),
    ]
    done = together(*[lambda one=one: workflow.publish(one, by=desk) for one in drafts])
    assert sorted(type(one).__name__ for one in done) == ["Article", "NotReady"]
    assert "has it already" in str(next(one for one in done if isinstance(one, workflow.Refused)))
    assert PublicUse.objects.count() == 1
    assert Article.objects.published(now=timezone.now()).count() == 1


def test_steps_taken_away_while_stories_are_passed_on_lose_none(desk: User) -> None:
    """Each of eight stories is passed on by somebody while two of three steps go."""
    first, second, third = (Step.objects.create(name=name) for name in ("One", "Two", "Three"))
    stories = [workflow.submit(factories.draft(by=desk), by=desk) for _ in range(8)]

    def without(*steps: Step) -> None:
        for step in steps:
            workflow.remove_step(step, by=desk)

    passed = [lambda story=story: workflow.approve(story, by=desk) for story in stories]
    done = together(*passed, lambda: without(first, second))
    assert [type(one).__name__ for one in done] == ["Article"] * 8 + ["NoneType"]
    rows = Article.objects.values_list("state", "step")
    assert set(rows) <= {("in-review", third.pk), ("approved", None)}


def test_of_two_topics_merged_into_each_other_one_stays(desk: User) -> None:
    factories.draft(by=desk, tags=["Boats", "Ships"])
    boats, ships = Tag.objects.order_by("name")
    done = together(
        lambda: workflow.merge_tag(boats, into=ships, by=desk),
        lambda: workflow.merge_tag(ships, into=boats, by=desk),
    )
    assert sorted(type(one).__name__ for one in done) == ["Refused", "Tag"]
    assert Tag.objects.filter(merged_into=None).count() == 1


def test_merge_that_is_undone_twice_is_undone_once(desk: User) -> None:
    article = factories.draft(by=desk, tags=["Boats", "Ships"])
    boats, ships = Tag.objects.order_by("name")
    workflow.merge_tag(boats, into=ships, by=desk)
    done = together(*[lambda: unmerging.undo_merge(boats, by=desk)] * 2)
    assert sorted(type(one).__name__ for one in done) == ["Refused", "Tag"]
    assert list(article.tagged.values_list("tag__name", flat=True)) == ["Boats", "Ships"]


def test_story_saved_while_a_merge_is_undone_has_in_its_rows_what_its_revision_says(
    desk: User,
) -> None:
    stories = [factories.draft(by=desk, tags=["Boats", name]) for name in ("Docks", "Ships")]
    boats, ships = Tag.objects.get(name="Boats"), Tag.objects.get(name="Ships")
    workflow.merge_tag(boats, into=ships, by=desk)
    contents = [snapshot.current(snapshot.head(story))[0] for story in stories]
    together(
        lambda: unmerging.undo_merge(boats, by=desk),
        *[
            lambda story=story, content=content: workflow.save(
                story, content | {"headline": "Meanwhile"}, by=desk, base_version=1
            )
            for story, content in zip(stories, contents, strict=True)
        ],
    )
    for story in Article.objects.all():
        rows = list(story.tagged.order_by("order").values_list("tag__name", flat=True))
        assert rows == [tag["label"] for tag in snapshot.current(snapshot.head(story))[0]["tags"]]
        assert story.headline == "Meanwhile"


def test_story_has_never_more_share_links_than_it_may(desk: User) -> None:
    article = factories.draft(by=desk)
    for _ in range(sharing.MOST - 1):
        sharing.share(article, by=desk, days=1)
    done = together(*[lambda: sharing.share(article, by=desk, days=1)] * 4)
    assert sorted(type(one).__name__ for one in done) == ["Refused"] * 3 + ["ShareLink"]
    assert article.share_links.count() == sharing.MOST
