"""Two people's changes to one story, put together without losing either's."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import merging, snapshot, workflow
from articles.models import Article, RevisionKind, Tag
from newsroom.accounts.models import User
from tests import factories

BASE: snapshot.Snapshot = {
    "format": 1, "headline": "Ferry returns", "standfirst": "At last.", "slug": "ferry",
    "kind": "news", "dateline": "Lisbon", "section": {"id": 1, "label": "Harbor"},
    "body": "<p>The first boat.</p>", "lead_image": {"id": 7, "label": "Crane"},
    "lead_waived": False, "lead_alt": "A crane", "lead_caption": "At dawn.",
    "bylines": [{"author": {"id": 1, "label": "Ana"}, "role": "writer"}],
    "tags": [{"id": 1, "label": "Ferries"}],
}  # fmt: skip
TEXTS = ("headline", "standfirst", "slug", "dateline", "lead_alt", "lead_caption", "body")
words = st.text(min_size=1, max_size=12)
people = st.integers(1, 4)
#: What an editor may do to each field.
CHANGES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(TEXTS, words),
    "kind": st.sampled_from(["news", "opinion", "analysis"]),
    "section": st.builds(lambda pk: {"id": pk, "label": "Some section"}, people),
    "lead_image": st.none() | st.builds(lambda pk: {"id": pk, "label": "Picture"}, people),
    "lead_waived": st.booleans(),
    "bylines": st.lists(
        st.builds(lambda pk: {"author": {"id": pk, "label": "Somebody"}, "role": "writer"}, people)
    ),
    "tags": st.lists(st.builds(lambda pk: {"id": pk, "label": "Topic"}, people)),
}
edits = st.fixed_dictionaries({}, optional=CHANGES)


def merged(mine: dict[str, Any], theirs: dict[str, Any]) -> merging.Merge:
    return merging.merge(BASE, mine=BASE | mine, theirs=BASE | theirs)


# --- The rule --------------------------------------------------------------------------------


@given(edits, edits)
def test_changes_in_fields_apart_are_all_in_the_merge(mine: Any, theirs: Any) -> None:
    theirs = {name: value for name, value in theirs.items() if name not in mine}
    about_the_lead = {"lead_image", *merging.WORDS_OF_LEAD}
    if about_the_lead & mine.keys():
        theirs = {name: value for name, value in theirs.items() if name not in about_the_lead}
    both = merged(mine, theirs)
    assert both.clashes == []
    assert snapshot.changed(both.content, BASE | mine | theirs) == []


@given(edits, edits)
def test_no_field_is_lost_that_only_one_of_the_two_changed(mine: Any, theirs: Any) -> None:
    both = merged(mine, theirs)
    by_me = snapshot.changed(BASE, BASE | mine)
    by_them = snapshot.changed(BASE, BASE | theirs)
    for name in set(BASE) - set(both.clashes):
        side = mine if name in by_me else theirs if name in by_them else {}
        assert snapshot.changed({name: both.content[name]}, {name: (BASE | side)[name]}) == []


@given(edits, edits)
def test_what_both_changed_is_somebodys_decision_with_mine_kept(mine: Any, theirs: Any) -> None:
    both = merged(mine, theirs)
    by_both = set(snapshot.changed(BASE, BASE | mine)) & set(snapshot.changed(BASE, BASE | theirs))
    apart = snapshot.changed(BASE | mine, BASE | theirs)
    assert by_both & set(apart) <= set(both.clashes) <= set(apart)
    assert all(both.content[name] == (BASE | mine)[name] for name in both.clashes)


@given(edits, edits)
def test_both_sides_agree_on_what_clashes(mine: Any, theirs: Any) -> None:
    ours, other = merged(mine, theirs), merged(theirs, mine)
    assert set(ours.clashes) == set(other.clashes)
    assert (set(ours.theirs), set(ours.mine)) == (set(other.mine), set(other.theirs))


def test_same_change_by_both_is_no_clash() -> None:
    both = merged({"headline": "Same"}, {"headline": "Same", "slug": "same"})
    assert (both.clashes, both.theirs, both.mine) == ([], ["slug"], [])
    assert both.content["headline"] == "Same"


def test_words_for_the_old_lead_image_do_not_slip_under_a_new_one() -> None:
    both = merged({"lead_image": {"id": 9, "label": "New"}}, {"lead_alt": "The old crane"})
    assert set(both.clashes) == {"lead_image", "lead_alt"}
    assert both.content["lead_alt"] == "A crane"


def test_without_a_base_everything_that_differs_is_a_decision() -> None:
    both = merging.merge(None, mine=BASE | {"slug": "a"}, theirs=BASE | {"headline": "B"})
    assert set(both.clashes) == {"slug", "headline"}


# --- The verb --------------------------------------------------------------------------------


def save(article: Article, by: User, **fields: Any) -> tuple[Article, workflow.Merged | None]:
    """From the first version, as on a form that has been open for long."""
    content = {**article.revisions.get(number=1).snapshot, **fields}
    return workflow.save_beside_others(article, content, by=by, base_version=1)


@pytest.mark.django_db
def test_second_save_in_other_fields_keeps_both_and_says_so_in_the_history(
    editor: User, chief: User
) -> None:
    article = factories.draft(by=editor)
    save(article, chief, standfirst="Theirs", tags=[{"id": None, "label": "Docks"}])
    row, told = save(article, editor, headline="Mine")
    assert told == workflow.Merged(["standfirst", "tags"], [str(chief)])
    assert (row.headline, row.standfirst, row.version) == ("Mine", "Theirs", 3)
    assert row.tags.get().name == "Docks"
    assert row.head.note == f"Merged with what {chief} saved: standfirst, tags."


@pytest.mark.django_db
def test_overlapping_save_is_refused_whole(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    save(article, chief, headline="Theirs")
    with pytest.raises(workflow.Conflict):
        save(article, editor, headline="Mine", tags=[{"id": None, "label": "Unheard of"}])
    assert Article.objects.get().version == 2
    assert not Tag.objects.filter(name="Unheard of").exists()


@pytest.mark.django_db
def test_topic_that_both_made_is_one_topic_and_no_clash(editor: User, chief: User) -> None:
    article = factories.draft(by=editor, tags=[])
    for who in (chief, editor):
        save(article, who, tags=[{"id": None, "label": "Lock gates"}])
    assert article.revisions.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("base", [0, 99])
def test_version_that_never_was_is_a_conflict(editor: User, base: int) -> None:
    article = factories.draft(by=editor)
    content = snapshot.head(article) | {"headline": "Mine"}
    with pytest.raises(workflow.Conflict):
        workflow.save_beside_others(article, content, by=editor, base_version=base)


@pytest.mark.django_db
def test_merging_into_a_published_story_leaves_readers_where_they_are(
    editor: User, chief: User
) -> None:
    article = factories.published(by=editor, slug="ferry", headline="Public")
    save(article, chief, headline="Theirs")
    row, _ = save(article, editor, standfirst="Mine")
    assert (row.headline, row.head.kind) == ("Public", RevisionKind.UPDATE)
    head = snapshot.head(row)
    assert (head["headline"], head["standfirst"]) == ("Theirs", "Mine")


@pytest.mark.django_db
def test_version_is_the_number_of_the_head_whatever_happens(chief: User) -> None:
    """What a merge finds its base by."""
    article = factories.published(by=chief)
    article, _ = save(article, chief, dateline="Lisbon")
    article = workflow.discard(article, by=chief)
    article = workflow.publish(workflow.withdraw(article, by=chief, reason="No."), by=chief)
    content = snapshot.head(article) | {"dateline": "Porto"}
    workflow.correct(article, by=chief, text="It was Porto.", content=content)
    article = Article.objects.select_related("head").get()
    assert article.version == article.head.number
