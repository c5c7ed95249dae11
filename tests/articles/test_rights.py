"""The rights in pictures are asked when a story is published."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from articles import checklist, snapshot, workflow
from articles.checklist import Finding
from articles.models import Article, PublicUse
from newsroom.accounts.models import User
from newsroom.images.models import Image
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


def figure(image: Image) -> str:
    return f'<p>Words.</p><figure data-image="{image.pk}"></figure>'


def findings(article: Article, *, at: datetime | None = None) -> list[Finding]:
    """What the checklist says of the pictures of a story."""
    found = checklist.check(snapshot.head(article), article=article, at=at)
    return [one for one in found if one.field in {"lead_image", "body"}]


def change(article: Article, by: User, **fields: object) -> Article:
    content = {**snapshot.head(article), **fields}
    return workflow.save(article, content, by=by, base_version=article.version)


# --- The end of the rights ----------------------------------------------------------------------


@pytest.mark.parametrize("field", ["lead_image", "body"])
def test_picture_whose_rights_have_ended_blocks_at_its_field(field: str, chief: User) -> None:
    ended = factories.image(file_name="quay.jpg", rights_until=NOON)
    content = {"lead_image": ended} if field == "lead_image" else {"body": figure(ended)}
    article = factories.draft(by=chief, **content)
    sentence = (
        "The rights in “quay.jpg” ended on 22 November 2026. Choose another picture, or have the"
        " rights renewed."
    )
    assert findings(article) == [Finding(field, sentence)]
    with pytest.raises(workflow.NotReady, match="ended on 22 November 2026"):
        workflow.publish(article, by=chief)
    assert Article.objects.get().path is None


def test_rights_that_end_before_a_scheduled_story_comes_out_block(chief: User) -> None:
    ending = factories.image(file_name="quay.jpg", rights_until=MIDNIGHT)
    article = factories.draft(by=chief, lead_image=ending)
    with pytest.raises(workflow.NotReady, match="end on 22 November 2026, before the story"):
        workflow.publish(article, by=chief, at=MIDNIGHT)
    assert workflow.publish(article, by=chief, at=MIDNIGHT - SECOND).path


def test_rights_that_end_later_are_a_warning_with_the_day(chief: User) -> None:
    ending = factories.image(file_name="quay.jpg", rights_until=MIDNIGHT + DAY)
    article = factories.draft(by=chief, lead_image=ending)
    sentence = "The rights in “quay.jpg” end on 23 November 2026. Readers see none from then on."
    assert findings(article) == [Finding("lead_image", sentence, blocks=False)]
    workflow.publish(article, by=chief)


def test_warning_names_the_picture_that_stands_in(chief: User) -> None:
    ending = factories.image(rights_until=MIDNIGHT, fallback=factories.image(file_name="sea.jpg"))
    article = factories.draft(by=chief, body=figure(ending))
    [finding] = findings(article)
    assert finding.sentence.endswith("Readers see “sea.jpg” from then on.")


def test_correction_does_not_wait_for_a_picture_that_the_public_has_seen(chief: User) -> None:
    article = factories.published(by=chief, lead_image=factories.image(rights_until=MIDNIGHT))
    with time_machine.travel(MIDNIGHT, tick=False):
        [finding] = findings(article, at=article.published_at)
        assert (finding.field, finding.blocks) == ("lead_image", False)
        article = workflow.publish(change(article, chief, headline="New words"), by=chief)
        assert article.headline == "New words"


def test_working_copy_with_another_ended_picture_is_refused(chief: User) -> None:
    article = factories.published(by=chief)
    ended = factories.image(rights_until=NOON)
    article = change(article, chief, body=figure(ended))
    assert [one.blocks for one in findings(article)] == [True]
    with pytest.raises(workflow.NotReady, match="ended on"):
        workflow.publish(article, by=chief)
    article = workflow.discard(article, by=chief)
    content = {**snapshot.head(article), "body": figure(ended)}
    with pytest.raises(workflow.NotReady, match="ended on"):
        workflow.correct(article, by=chief, text="It was eight.", content=content)


def test_picture_seen_with_a_scheduled_story_is_no_excuse(chief: User) -> None:
    article = factories.scheduled(
        by=chief, at=NOON + SECOND, lead_image=factories.image(rights_until=MIDNIGHT)
    )
    with pytest.raises(workflow.NotReady, match="before the story comes out"):
        workflow.publish(article, by=chief, at=MIDNIGHT + DAY)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"licence": "cc-by-4.0", "author": ""}, "needs an author"),
        ({"licence": "cc-by-4.0"}, "needs the address of its source"),
        ({"licence": "permission"}, "needs the last day of the permission"),
    ],
)
def test_story_waits_for_what_the_licence_demands(
    fields: dict[str, str], words: str, chief: User
) -> None:
    article = factories.draft(by=chief, lead_image=factories.image(**fields))
    with pytest.raises(workflow.NotReady, match=words):
        workflow.publish(article, by=chief)


# --- A single use -------------------------------------------------------------------------------


@pytest.fixture
def once(db: None) -> Image:
    return factories.image(file_name="quay.jpg", licence="agency-single-use")


@pytest.mark.parametrize("make", ["published", "scheduled", "withdrawn"])
@pytest.mark.parametrize("field", ["lead_image", "body"])
def test_single_use_is_refused_where_another_story_has_it(
    make: str, field: str, once: Image, chief: User
) -> None:
    getattr(factories, make)(by=chief, headline="The first", lead_image=once)
    content = {"lead_image": once} if field == "lead_image" else {"body": figure(once)}
    second = factories.draft(by=chief, **content)
    sentence = "“quay.jpg” is for a single use, and “The first” has it already. Choose another."
    assert findings(second) == [Finding(field, sentence)]
    with pytest.raises(workflow.NotReady, match="“The first” has it already"):
        workflow.publish(second, by=chief)


def test_single_use_is_free_for_its_own_story(once: Image, chief: User) -> None:
    article = factories.published(by=chief, lead_image=once, body=figure(once))
    article = workflow.publish(change(article, chief, headline="Again"), by=chief)
    assert findings(article) == []


def test_single_use_in_a_draft_is_no_use(once: Image, chief: User) -> None:
    factories.draft(by=chief, lead_image=once)
    assert workflow.publish(factories.draft(by=chief, lead_image=once), by=chief).path


def test_story_taken_off_the_schedule_gives_the_picture_back(once: Image, chief: User) -> None:
    workflow.withdraw(factories.scheduled(by=chief, lead_image=once), by=chief, reason="No.")
    assert workflow.publish(factories.draft(by=chief, lead_image=once), by=chief).path


def test_picture_that_left_before_its_story_came_out_is_free(once: Image, chief: User) -> None:
    first = factories.scheduled(by=chief, at=MIDNIGHT, lead_image=once)
    workflow.publish(change(first, chief, lead_image=None, lead_waived=True), by=chief, at=MIDNIGHT)
    assert workflow.publish(factories.draft(by=chief, lead_image=once), by=chief).path


def test_picture_that_left_a_public_story_stays_used_up(once: Image, chief: User) -> None:
    first = factories.published(by=chief, headline="The first", body=figure(once))
    workflow.publish(change(first, chief, body="<p>No picture.</p>"), by=chief)
    with pytest.raises(workflow.NotReady, match="“The first” has it already"):
        workflow.publish(factories.draft(by=chief, lead_image=once), by=chief)


def test_correction_cannot_bring_a_used_picture_in(once: Image, chief: User) -> None:
    factories.published(by=chief, headline="The first", lead_image=once)
    second = factories.published(by=chief)
    content = {**snapshot.head(second), "body": figure(once)}
    with pytest.raises(workflow.NotReady, match="“The first” has it already"):
        workflow.correct(second, by=chief, text="It was eight.", content=content)


def test_story_brought_in_uses_the_picture_up(once: Image, chief: User) -> None:
    factories.bring_in(at=NOON - DAY, headline="The first", lead_image=once, body=figure(once))
    assert PublicUse.objects.count() == 1
    with pytest.raises(workflow.NotReady, match="“The first” has it already"):
        workflow.publish(factories.draft(by=chief, lead_image=once), by=chief)


def test_picture_that_only_a_lost_use_holds_can_be_deleted(once: Image, chief: User) -> None:
    """The record of a use is no use: it goes with the picture."""
    first = factories.published(by=chief, lead_image=once)
    workflow.publish(change(first, chief, lead_image=None, lead_waived=True), by=chief)
    once.delete()
    assert not PublicUse.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_migration_writes_down_what_was_public_before(chief: User, once: Image) -> None:
    factories.published(by=chief, lead_image=once, body=figure(once))
    other = factories.image()
    factories.scheduled(by=chief, body=figure(other))
    factories.draft(by=chief, lead_image=factories.image())
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    MigrationExecutor(connection).migrate([("articles", "0003_public_uses")])
    try:
        assert not PublicUse.objects.exists()
    finally:
        # All that was taken back, also what came later: other tests use these tables.
        MigrationExecutor(connection).migrate(newest)
    assert set(PublicUse.objects.values_list("image", flat=True)) == {once.pk, other.pk}
