"""A story as one dict, and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles import snapshot, workflow
from articles.models import Kind, Role
from newsroom.accounts.models import User
from tests import factories

# Whatever an editor may type; the desk takes NUL and carriage returns out.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=40)
tag_names = st.lists(
    st.sampled_from(["C#", "C", "R&D", "2026", "Café", "Harbor dues"]), unique=True
)


class RoundTrip(TestCase):
    """Taking what was written gives what was given (law 4)."""

    @settings(max_examples=60, deadline=None)
    @given(
        headline=words,
        standfirst=words,
        dateline=words,
        lead_caption=words,
        kind=st.sampled_from(Kind.values),
        body=words.map(lambda text: f"<p>{text}</p><h2>{text}</h2>"),
        tags=tag_names,
        roles=st.lists(st.sampled_from(Role.values), max_size=4),
    )
    def test_snapshot_of_what_was_written_is_the_snapshot(self, roles, tags, **texts) -> None:
        authors = [factories.author(f"Author {number}") for number in range(len(roles))]
        content = factories.content(
            **texts,
            tags=tags,
            bylines=[
                {"author": snapshot.reference(author), "role": role}
                for author, role in zip(authors, roles, strict=True)
            ],
        )
        article = workflow.create(content, by=factories.user("chief"))
        assert snapshot.take(article) == article.head.snapshot
        assert snapshot.normalize(article.head.snapshot) == article.head.snapshot
        again = workflow.save(
            article, snapshot.take(article), by=article.created_by, base_version=1
        )
        assert again.revisions.count() == 1


@pytest.mark.django_db
def test_pictures_of_the_body_are_known_and_protected(chief: User) -> None:
    picture = factories.image()
    body = (
        f'<p>A</p><figure data-image="{picture.pk}"></figure><figure data-image="999999"></figure>'
    )
    article = factories.draft(by=chief, body=body)
    assert [use.image for use in article.body_images.all()] == [picture]


@pytest.mark.django_db
def test_renamed_author_does_not_change_the_story(chief: User) -> None:
    article = factories.draft(by=chief)
    before = article.head.snapshot
    author = factories.author()
    author.name = "Inês Caldeira"
    author.save()
    assert snapshot.changed(before, snapshot.take(article)) == []


@pytest.mark.django_db
def test_changed_fields_are_named(chief: User) -> None:
    article = factories.draft(by=chief)
    before = article.head.snapshot
    assert snapshot.changed(before, {**before, "headline": "X", "tags": []}) == ["headline", "tags"]


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [{"format": 2}, {"section": None}, {"kind": "gossip"}])
def test_unreadable_snapshot_is_refused_with_a_sentence(chief: User, broken: dict) -> None:
    with pytest.raises(workflow.Refused) as refusal:
        workflow.create({**factories.content(), **broken}, by=chief)
    assert str(refusal.value).endswith(".")
