"""Facts and their SQL twins; what the database itself refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.models import Article, Byline, Correction, State
from articles.models.article import BadCursor
from articles.models.byline import join_names
from newsroom.accounts.models import User
from newsroom.images.models import Image
from sections.models import Section
from tests import factories

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
moments = st.integers(-3, 3).map(lambda hours: NOON + timedelta(hours=hours))


class Twins(TestCase):
    """What a row says of itself and what the database says of it are the same (law 1)."""

    @settings(max_examples=60, deadline=None)
    @given(published_at=moments, now=moments, withdrawn=st.booleans())
    def test_is_public_and_published_agree(
        self, published_at: datetime, now: datetime, *, withdrawn: bool
    ) -> None:
        article = factories.bring_in(at=published_at)
        if withdrawn:
            Article.objects.filter(pk=article.pk).update(state=State.WITHDRAWN)
        article = Article.objects.get(pk=article.pk)
        assert article.is_public(now=now) is Article.objects.published(now=now).exists()
        assert article.is_scheduled(now=now) is Article.objects.scheduled(now=now).exists()

    @settings(max_examples=20, deadline=None)
    @given(state=st.sampled_from([State.DRAFT, State.IN_REVIEW, State.APPROVED]), now=moments)
    def test_unpublished_states_are_never_public(self, state: State, now: datetime) -> None:
        article = factories.draft()
        Article.objects.filter(pk=article.pk).update(state=state)
        assert not Article.objects.get(pk=article.pk).is_public(now=now)
        assert not Article.objects.published(now=now).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": None},
        {"path": None},
        {"live": None},
        {"headline": ""},
        {"embargo_until": NOON + timedelta(days=1)},
        {"state": "draft"},
        {"state": "nonsense"},
        {"kind": "nonsense"},
        {"path": "no-slash"},
    ],
)
def test_database_refuses_an_impossible_article(fields: dict) -> None:
    article = factories.bring_in(at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**fields)


@pytest.mark.django_db
def test_database_refuses_impossible_rows_beside_an_article() -> None:
    article = factories.bring_in(at=NOON)
    line = Byline.objects.get()
    refused = [
        lambda: Byline.objects.create(article=article, author=line.author, order=9),
        lambda: Byline.objects.create(article=article, author=factories.author("B"), order=0),
        lambda: Correction.objects.create(article=article, text="", at=NOON, signed_by="x"),
        lambda: Image.objects.create(width=0, height=1, original="x"),
        lambda: Image.objects.create(width=1, height=1, focal_x=1.5, original="x"),
        lambda: Section.objects.create(name="Twin", slug="harbor"),
    ]
    for attempt in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


@pytest.mark.parametrize(
    ("names", "line"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (["A", "B", "C", "D", "E"], "A, B, C, D and E"),
    ],
)
def test_byline_reads_as_a_sentence(names: list[str], line: str) -> None:
    assert join_names(names) == line


@pytest.mark.django_db
def test_pages_neither_repeat_nor_drop_while_stories_are_published() -> None:
    for minute in range(25):
        factories.bring_in(at=NOON - timedelta(minutes=minute // 2), headline=f"S{minute}")
    public = Article.objects.published(now=NOON + timedelta(days=1))
    first = public.page({}, size=10)
    factories.bring_in(at=NOON + timedelta(minutes=5), headline="Breaking")
    second = public.page({"before": first.older}, size=10)
    third = public.page({"before": second.older}, size=10)
    seen = [article.headline for page in (first, second, third) for article in page.articles]
    assert len(seen) == len(set(seen)) == 25
    assert third.older == ""
    back = public.page({"after": second.newer}, size=10)
    assert [one.pk for one in back.articles] == [one.pk for one in first.articles]
    assert public.page({"after": back.newer}, size=10).articles[0].headline == "Breaking"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cursor",
    ["x", "20261122T120000", "20261322T120000-1", "20260231T120000-1", "20261122T996060-1",
     "20261122T120000-99999999999999999999", "20261122T120000-1\n", "\uff100261122T120000-1",
     "10000101T000000-1"],
)  # fmt: skip
def test_broken_or_impossible_cursor_is_no_page(cursor: str) -> None:
    factories.bring_in(at=NOON)
    with pytest.raises(BadCursor):
        Article.objects.published(now=NOON).page({"before": cursor})


@pytest.mark.django_db
def test_article_page_needs_two_queries_for_its_row(chief: User, django_assert_num_queries) -> None:
    factories.published(by=chief, tags=["B", "A", "C"])
    with django_assert_num_queries(2):
        article = Article.objects.for_page().get()
        assert [tag.name for tag in article.topics] == ["B", "A", "C"]
        assert (article.notices, article.byline) == ([], "By Ines Caldeira")
        assert article.body.word_count == 12
