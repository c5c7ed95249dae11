"""A merge of two topics is taken back: topic, address, stories and revisions are right again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import search, snapshot, unmerging, workflow
from articles.models import Article, RevisionKind, Tag, TagMerge
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from newsroom.redirects.models import Redirect
from tests import factories
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db


def topic(name: str) -> Tag:
    return Tag.objects.get(name=name)


def topics(article: Article) -> list[str]:
    """Those in the rows, which must be those of the revision that the rows show."""
    article = Article.objects.get(pk=article.pk)
    assert article.head is not None
    assert article.version == article.head.number
    names = list(article.tagged.order_by("order").values_list("tag__name", flat=True))
    shown = article.live or article.head
    assert [tag["label"] for tag in snapshot.current(shown.snapshot)[0]["tags"]] == names
    return names


def merge(tag: str, into: str, chief: User) -> None:
    workflow.merge_tag(topic(tag), into=topic(into), by=chief)


def undo(tag: str, chief: User) -> Tag:
    return unmerging.undo_merge(topic(tag), by=chief)


def save(article: Article, chief: User, **changes: Any) -> Article:
    """As the form does it: with the topics as they are now."""
    article = Article.objects.get(pk=article.pk)
    content = snapshot.current(snapshot.head(article))[0] | changes
    return workflow.save(article, content, by=chief, base_version=article.version)


def test_undo_brings_the_topic_back_with_its_stories_in_their_places(chief: User) -> None:
    both = factories.published(by=chief, tags=["Docks", "Boats", "Ships"])
    one = factories.published(by=chief, tags=["Boats", "Docks"])
    other = factories.published(by=chief, tags=["Ships"])
    draft = factories.draft(by=chief, tags=["Boats"])
    merge("Boats", "Ships", chief)
    assert [topics(story) for story in (both, one, other, draft)] == [
        ["Docks", "Ships"], ["Ships", "Docks"], ["Ships"], ["Ships"],
    ]  # fmt: skip
    undo("Boats", chief)
    assert [topics(story) for story in (both, one, other, draft)] == [
        ["Docks", "Boats", "Ships"], ["Boats", "Docks"], ["Ships"], ["Boats"],
    ]  # fmt: skip
    assert topic("Boats").merged_into is None
    assert not TagMerge.objects.exists()


def test_stories_that_nobody_saved_get_no_revision(chief: User) -> None:
    article = factories.published(by=chief, tags=["Boats", "Ships"])
    merge("Boats", "Ships", chief)
    undo("Boats", chief)
    again = Article.objects.get()
    assert (again.head, again.version) == (article.head, article.version)
    assert again.revisions.count() == article.head.number


def test_stories_come_back_in_parts_when_there_are_many(
    chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite takes at most 32,766 keys in one statement as it is usually built."""
    monkeypatch.setattr("articles.models.tag_merge.PART", 2)
    stories = [factories.draft(by=chief, tags=["Boats", "Ships"]) for _ in range(5)]
    merge("Boats", "Ships", chief)
    save(stories[0], chief, headline="Later words")
    save(stories[4], chief, headline="Later words")
    url = reverse("admin:articles_tag_undo_merge", args=[topic("Boats").pk])
    question = logged_in(chief).get(url).text
    assert "5 stories had it" in question
    assert "2 of them were saved since" in question
    undo("Boats", chief)
    assert [topics(story) for story in stories] == [["Boats", "Ships"]] * 5


def test_address_is_a_page_again_and_older_addresses_lead_to_it(chief: User) -> None:
    factories.published(by=chief, tags=["Boats", "Ships"])
    boats = topic("Boats")
    boats.slug = "vessels"
    workflow.change_tag(boats, by=chief)
    merge("Boats", "Ships", chief)
    for path in ("/topics/boats/", "/topics/vessels/"):
        assert Client().get(path).headers["Location"] == "/topics/ships/"
    undo("Boats", chief)
    assert Client().get("/topics/vessels/").status_code == 200
    assert Client().get("/topics/vessels/feed.xml").status_code == 200
    assert Client().get("/topics/boats/").headers["Location"] == "/topics/vessels/"
    assert not Redirect.objects.filter(new_path="/topics/ships/").exists()


def test_story_is_found_by_its_topic_again(chief: User) -> None:
    factories.published(by=chief, headline="Wharf opens", tags=["Zeppelins"])
    factories.published(by=chief, tags=["Ships"])
    merge("Zeppelins", "Ships", chief)
    assert search.find("zeppelins", now=timezone.now()).total == 0
    undo("Zeppelins", chief)
    assert search.find("zeppelins", now=timezone.now()).total == 1


# --- What happened in between ----------------------------------------------------------------


def test_draft_saved_since_gets_the_topic_back_in_a_new_revision(chief: User) -> None:
    draft = factories.draft(by=chief, tags=["Docks", "Boats"])
    factories.draft(by=chief, tags=["Ships"])
    merge("Boats", "Ships", chief)
    save(draft, chief, headline="Later words")
    assert topics(draft) == ["Docks", "Ships"]
    undo("Boats", chief)
    assert topics(draft) == ["Docks", "Boats"]
    again = Article.objects.get(pk=draft.pk)
    assert (again.headline, again.head.number, again.version) == ("Later words", 3, 3)
    assert again.head.note == "“Boats” is a topic of its own again."


def test_story_with_both_topics_saved_since_has_both_again(chief: User) -> None:
    draft = factories.draft(by=chief, tags=["Boats", "Docks", "Ships"])
    merge("Boats", "Ships", chief)
    save(draft, chief, headline="Later words")
    undo("Boats", chief)
    assert topics(draft) == ["Boats", "Ships", "Docks"]


def test_public_story_published_since_changes_silently(chief: User) -> None:
    article = factories.published(by=chief, tags=["Boats"])
    factories.draft(by=chief, tags=["Ships"])
    merge("Boats", "Ships", chief)
    article = workflow.publish(save(article, chief, headline="Later words"), by=chief)
    told = article.updated_at
    undo("Boats", chief)
    assert topics(article) == ["Boats"]
    again = Article.objects.get(pk=article.pk)
    assert (again.headline, again.updated_at, again.has_working_copy) == (
        "Later words",
        told,
        False,
    )
    assert again.live.kind == RevisionKind.TYPO


def test_working_copy_stays_one_and_has_its_topic_in_both(chief: User) -> None:
    article = factories.published(by=chief, tags=["Boats"])
    factories.draft(by=chief, tags=["Ships"])
    merge("Boats", "Ships", chief)
    article = workflow.publish(save(article, chief, headline="Published since"), by=chief)
    told = article.updated_at - timedelta(hours=1)
    Article.objects.filter(pk=article.pk).update(updated_at=told)
    save(article, chief, headline="Not published")
    undo("Boats", chief)
    again = Article.objects.get(pk=article.pk)
    assert topics(article) == ["Boats"]
    assert (again.headline, again.head.snapshot["headline"]) == ("Published since", "Not published")
    assert [tag["label"] for tag in again.head.snapshot["tags"]] == ["Boats"]
    assert workflow.publish(again, by=chief).updated_at > told


def test_topic_that_only_a_working_copy_had_comes_back_there(chief: User) -> None:
    article = factories.published(by=chief, tags=["Docks"])
    factories.draft(by=chief, tags=["Ships", "Boats"])
    named = [*snapshot.head(article)["tags"], snapshot.reference(topic("Boats"))]
    save(article, chief, tags=named)
    merge("Boats", "Ships", chief)
    save(article, chief, headline="Later words")
    undo("Boats", chief)
    assert topics(article) == ["Docks"]
    head = Article.objects.get(pk=article.pk).head.snapshot
    assert [tag["label"] for tag in head["tags"]] == ["Docks", "Boats"]


def test_what_an_editor_took_away_or_added_since_stays_so(chief: User) -> None:
    taken, added = (factories.draft(by=chief, tags=[name]) for name in ("Boats", "Docks"))
    factories.draft(by=chief, tags=["Ships"])
    merge("Boats", "Ships", chief)
    save(taken, chief, tags=[])
    save(added, chief, tags=[snapshot.reference(topic("Ships"))])
    undo("Boats", chief)
    assert (topics(taken), topics(added)) == ([], ["Ships"])


def test_deleted_story_is_no_hindrance(chief: User) -> None:
    workflow.delete(factories.draft(by=chief, tags=["Boats", "Ships"]), by=chief)
    gone = factories.draft(by=chief, tags=["Boats"])
    merge("Boats", "Ships", chief)
    workflow.delete(gone, by=chief)
    assert undo("Boats", chief).merged_into is None


@pytest.mark.parametrize("first", ["Boats", "Ferries"])
def test_two_merges_into_one_are_undone_in_either_order(chief: User, first: str) -> None:
    article = factories.published(by=chief, tags=["Boats", "Ferries", "Ships"])
    merge("Boats", "Ships", chief)
    merge("Ferries", "Ships", chief)
    second = {"Boats": "Ferries", "Ferries": "Boats"}[first]
    undo(first, chief)
    assert set(topics(article)) == {first, "Ships"}
    undo(second, chief)
    assert topics(article) == ["Boats", "Ferries", "Ships"]


def test_chain_is_undone_from_its_end(chief: User) -> None:
    article = factories.published(by=chief, tags=["Boats"])
    factories.published(by=chief, tags=["Ships", "Vessels"])
    merge("Boats", "Ships", chief)
    merge("Ships", "Vessels", chief)
    with pytest.raises(workflow.Refused, match="“Ships” has been merged into “Vessels” since"):
        undo("Boats", chief)
    undo("Ships", chief)
    assert topic("Boats").merged_into == topic("Ships")
    assert Client().get("/topics/boats/").headers["Location"] == "/topics/ships/"
    undo("Boats", chief)
    assert topics(article) == ["Boats"]
    assert Client().get("/topics/boats/").status_code == 200


# --- Refusals --------------------------------------------------------------------------------


def test_address_that_was_led_elsewhere_by_hand_is_said(chief: User) -> None:
    factories.draft(by=chief, tags=["Boats", "Ships"])
    merge("Boats", "Ships", chief)
    Redirect.objects.filter(old_path="/topics/boats/").update(new_path="/about/")
    with pytest.raises(workflow.Refused, match="led to /about/ by hand"):
        undo("Boats", chief)
    assert topic("Boats").merged_into == topic("Ships")
    Redirect.objects.all().delete()
    assert undo("Boats", chief).merged_into is None


def test_undoing_twice_and_what_was_never_merged_is_said(chief: User) -> None:
    factories.draft(by=chief, tags=["Boats", "Ships"])
    merge("Boats", "Ships", chief)
    undo("Boats", chief)
    with pytest.raises(workflow.Refused, match="“Boats” is not merged into another topic"):
        undo("Boats", chief)


def test_merge_from_before_is_said(chief: User) -> None:
    factories.draft(by=chief, tags=["Boats", "Ships"])
    merge("Boats", "Ships", chief)
    TagMerge.objects.all().delete()
    with pytest.raises(workflow.Refused, match="before merges were kept"):
        undo("Boats", chief)


def test_merged_topic_is_not_merged_once_more(chief: User) -> None:
    factories.draft(by=chief, tags=["Boats", "Ships", "Docks"])
    merge("Boats", "Ships", chief)
    with pytest.raises(workflow.Refused, match="“Boats” is merged into “Ships” already"):
        merge("Boats", "Docks", chief)


def test_undoing_is_for_who_may_merge(chief: User, editor: User) -> None:
    factories.draft(by=chief, tags=["Boats", "Ships"])
    merge("Boats", "Ships", chief)
    with pytest.raises(workflow.NotAllowed):
        undo("Boats", editor)
    url = reverse("admin:articles_tag_undo_merge", args=[topic("Boats").pk])
    for method in ("get", "post"):
        assert getattr(logged_in(editor), method)(url).status_code == 403
    assert "Undo the merge" not in logged_in(editor).get(url.replace("undo-merge", "change")).text
    assert topic("Boats").merged_into == topic("Ships")


# --- At the desk -----------------------------------------------------------------------------


def test_desk_asks_and_undoes(chief: User) -> None:
    article = factories.draft(by=chief, tags=["Boats", "Ships"])
    merge("Boats", "Ships", chief)
    save(article, chief, headline="Later words")
    url = reverse("admin:articles_tag_undo_merge", args=[topic("Boats").pk])
    client = logged_in(chief)
    assert url in client.get(url.replace("undo-merge", "change")).text
    question = client.get(url).text
    assert "1 story had it" in question
    assert "1 of them was saved since" in question
    assert topic("Boats").merged_into
    assert "topic of its own again" in client.post(url, follow=True).text
    assert topics(article) == ["Boats", "Ships"]
    assert "is not merged into another topic" in client.get(url).text
    assert "is not merged into another topic" in client.post(url, follow=True).text


def test_undo_is_in_the_audit(chief: User) -> None:
    factories.draft(by=chief, tags=["Boats", "Ships"])
    merge("Boats", "Ships", chief)
    undo("Boats", chief)
    entry = Entry.objects.get(verb="undo merge")
    assert (entry.subject, entry.before, entry.actor) == (
        topic("Boats").subject, {"merged_into": "Ships"}, chief,
    )  # fmt: skip
