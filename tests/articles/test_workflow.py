"""The verbs keep their promises without HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import search, snapshot, workflow
from articles.models import Article, Revision, RevisionKind, State, Tag
from articles.models.article import OncePublic
from articles.models.revision import Immutable
from authors import workflow as author_workflow
from newsroom.accounts.models import User
from newsroom.audit.models import AppendOnly, Entry
from newsroom.caching import purged
from newsroom.deliveries.models import Delivery
from newsroom.publication.models import Publication
from newsroom.redirects import paths
from newsroom.redirects.models import Redirect
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def edit(article: Article, by: User, **fields: object) -> Article:
    content = {**snapshot.head(article), **fields}
    return workflow.save(article, content, by=by, base_version=article.version)


# --- Writing -----------------------------------------------------------------------------------


def test_draft_begins_with_its_first_revision(reporter: User) -> None:
    article = factories.draft(by=reporter)
    assert (article.state, article.version, article.head.number) == (State.DRAFT, 1, 1)
    assert article.head.snapshot == snapshot.take(article)
    assert article.path is None


def test_saving_unchanged_content_makes_no_revision(chief: User) -> None:
    article = factories.draft(by=chief)
    saved = edit(article, chief)
    assert (saved.version, saved.revisions.count()) == (1, 1)


def test_second_save_from_the_same_version_is_refused_with_their_text(chief: User) -> None:
    article = factories.draft(by=chief)
    edit(article, chief, headline="Hers")
    with pytest.raises(workflow.Conflict) as refusal:
        edit(article, chief, headline="His")
    assert refusal.value.theirs["headline"] == "Hers"
    assert refusal.value.version == 2
    assert Article.objects.get().headline == "Hers"


def test_edit_of_a_published_story_stays_unseen_until_published(chief: User) -> None:
    article = factories.published(by=chief, tags=["Ferries"])
    other = factories.author("Tomé Brandão", slug="tome")
    edited = edit(
        article,
        chief,
        headline="New words",
        body="<p>Other text.</p>",
        tags=[{"id": None, "label": "Harbor dues"}],
        bylines=[{"author": snapshot.reference(other), "role": "writer"}],
    )
    row = Article.objects.for_page().get()
    assert (row.headline, [tag.name for tag in row.topics]) == (
        "Ferry returns to the harbor", ["Ferries"],
    )  # fmt: skip
    assert row.byline == "By Ines Caldeira"
    assert "Other text" not in row.body.html
    assert edited.has_working_copy
    public = workflow.publish(edited, by=chief)
    row = Article.objects.for_page().get()
    assert (row.headline, row.byline) == ("New words", "By Tomé Brandão")
    assert [tag.name for tag in row.topics] == ["Harbor dues"]
    assert not public.has_working_copy


def test_discard_appends_a_revision_that_says_what_readers_see(chief: User) -> None:
    article = edit(factories.published(by=chief), chief, headline="Never mind")
    article = workflow.discard(article, by=chief)
    assert not article.has_working_copy
    assert article.head.snapshot["headline"] == "Ferry returns to the harbor"
    assert article.head.kind == RevisionKind.DISCARD
    with pytest.raises(workflow.Refused):
        workflow.discard(article, by=chief)


def test_restore_brings_everything_back_as_a_new_revision(chief: User) -> None:
    lead = factories.image()
    article = factories.draft(by=chief, lead_image=lead, tags=["A", "B"])
    first = article.head
    article = edit(
        article, chief, headline="X", standfirst="Y", body="<p>Z</p>", tags=[], bylines=[],
        lead_image=None, lead_caption="C",
    )  # fmt: skip
    article = workflow.restore(article, first, by=chief, base_version=article.version)
    assert snapshot.take(article) == first.snapshot
    assert (article.head.number, article.head.kind) == (3, RevisionKind.RESTORE)
    assert article.revisions.count() == 3


def test_restore_says_what_no_longer_exists(chief: User) -> None:
    lead = factories.image(file_name="gone.jpg")
    article = factories.draft(by=chief, lead_image=lead)
    first = article.head
    article = edit(article, chief, lead_image=None, lead_waived=True)
    lead.delete()
    article = workflow.restore(article, first, by=chief, base_version=article.version)
    assert article.lead_image is None
    assert "gone.jpg" in article.head.note


def test_restore_takes_no_revision_of_another_story(chief: User) -> None:
    mine, other = factories.draft(by=chief), factories.draft(by=chief, headline="Other")
    with pytest.raises(workflow.Refused):
        workflow.restore(mine, other.head, by=chief, base_version=mine.version)


def test_hostile_body_is_stored_clean(chief: User) -> None:
    article = factories.draft(by=chief, body='<p onclick="x()">Hi<script>alert(1)</script></p>')
    assert article.body.html == article.head.snapshot["body"] == "<p>Hi</p>"


def test_revisions_form_a_chain_and_cannot_be_changed(chief: User) -> None:
    article = factories.draft(by=chief)
    for number in range(3):
        article = edit(article, chief, headline=f"Headline {number}")
    chain = list(article.revisions.order_by("number"))
    assert [one.previous_hash for one in chain[1:]] == [one.hash for one in chain[:-1]]
    assert all(Revision.objects.get(pk=one.pk).is_intact() for one in chain)
    with pytest.raises(Immutable):
        chain[0].save()
    with pytest.raises(Immutable):
        Revision.objects.update(note="x")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_revision SET kind = 'typo' WHERE number = 2")
    assert not Revision.objects.get(number=2).is_intact()


# --- The way to publication ----------------------------------------------------------------------


def test_story_goes_from_reporter_to_readers(reporter: User, editor: User) -> None:
    article = factories.draft(by=reporter)
    article = workflow.submit(article, by=reporter)
    article = workflow.send_back(article, by=editor, note="Who said this?")
    article = workflow.submit(article, by=reporter)
    article = workflow.approve(article, by=editor)
    article = workflow.publish(article, by=editor)
    assert article.is_public(now=timezone.now())
    verbs = Entry.objects.about(article.subject).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["create", "submit", "send back", "submit", "approve", "publish"]
    assert Entry.objects.get(verb="send back").note == "Who said this?"


def test_reporter_cannot_publish(reporter: User) -> None:
    article = factories.draft(by=reporter)
    with pytest.raises(workflow.NotAllowed):
        workflow.publish(article, by=reporter)
    assert Article.objects.get().state == State.DRAFT


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"headline": ""}, "headline"),
        ({"standfirst": ""}, "standfirst"),
        ({"body": "<p> </p>"}, "body"),
        ({"bylines": []}, "bylines"),
        ({"lead_waived": False}, "lead_image"),
        ({"body": "<p>The mayor said TK.</p>"}, "body"),
    ],
)
def test_incomplete_story_is_not_published(chief: User, fields: dict, field: str) -> None:
    article = edit(factories.draft(by=chief), chief, **fields)
    with pytest.raises(workflow.NotReady) as refusal:
        workflow.publish(article, by=chief)
    assert [finding.field for finding in refusal.value.findings] == [field]


@pytest.mark.parametrize("missing", ["alt", "credit", "licence"])
@pytest.mark.parametrize("where", ["lead", "body"])
def test_no_picture_is_published_without_its_words_and_rights(
    chief: User, missing: str, where: str
) -> None:
    picture = factories.image(**{missing: ""})
    used = (
        {"lead_image": picture}
        if where == "lead"
        else {"body": f'<p>Text</p><figure data-image="{picture.pk}"></figure>'}
    )
    article = factories.draft(by=chief, **used)
    with pytest.raises(workflow.NotReady):
        workflow.publish(article, by=chief)
    setattr(picture, missing, "own-work")
    picture.save()
    assert workflow.publish(article, by=chief).state == State.PUBLISHED


def test_publishing_times_are_whole_seconds_and_never_in_the_past(chief: User) -> None:
    with time_machine.travel(NOON + timedelta(microseconds=5), tick=False):
        now = factories.published(by=chief)
        past = workflow.publish(factories.draft(by=chief), by=chief, at=NOON - timedelta(days=1))
    assert now.published_at == past.published_at == NOON


def test_story_is_public_at_its_second_and_not_before(chief: User) -> None:
    due = NOON + timedelta(hours=1)
    with time_machine.travel(NOON, tick=False):
        article = factories.scheduled(by=chief, at=due)
    for moment, public in ((due - timedelta(seconds=1), False), (due, True)):
        assert article.is_public(now=moment) is public
        assert Article.objects.published(now=moment).exists() is public
        assert article.is_scheduled(now=moment) is not public


def test_embargo_is_a_hard_gate(editor: User) -> None:
    until = timezone.now() + timedelta(hours=2)
    article = workflow.set_embargo(factories.draft(by=editor), until, by=editor)
    with pytest.raises(workflow.Embargoed):
        workflow.publish(article, by=editor)
    with pytest.raises(workflow.NotAllowed):
        workflow.set_embargo(article, None, by=editor, reason="Everybody has it.")
    scheduled = workflow.publish(article, by=editor, at=until)
    assert scheduled.published_at == until.replace(microsecond=0)


def test_breaking_an_embargo_needs_a_reason_that_is_kept(chief: User) -> None:
    article = workflow.set_embargo(
        factories.draft(by=chief), timezone.now() + timedelta(hours=2), by=chief
    )
    with pytest.raises(workflow.Embargoed):
        workflow.set_embargo(article, None, by=chief, reason=" ")
    article = workflow.set_embargo(article, None, by=chief, reason="Everybody has it.")
    assert workflow.publish(article, by=chief).is_public(now=timezone.now())
    assert Entry.objects.filter(note="Everybody has it.").exists()


def test_withdrawn_story_keeps_its_path_and_can_come_back(chief: User) -> None:
    article = factories.published(by=chief)
    path, at = article.path, article.published_at
    article = workflow.withdraw(article, by=chief, reason="Not true.")
    assert (article.state, article.path) == (State.WITHDRAWN, path)
    article = workflow.publish(article, by=chief)
    assert (article.state, article.path, article.published_at) == (State.PUBLISHED, path, at)


def test_unscheduled_story_is_approved_again_with_what_was_last_written(chief: User) -> None:
    article = edit(factories.scheduled(by=chief), chief, headline="Later words")
    article = workflow.withdraw(article, by=chief, reason="Not yet.")
    assert (article.state, article.path, article.published_at) == (State.APPROVED, None, None)
    assert article.headline == "Later words"


def test_scheduled_story_can_be_taken_back_whatever_its_changes_say(chief: User) -> None:
    article = edit(factories.scheduled(by=chief), chief, headline="")
    article = workflow.withdraw(article, by=chief, reason="Not yet.")
    assert (article.state, article.headline) == (State.APPROVED, "")


def test_emptied_slug_keeps_the_address(chief: User) -> None:
    article = factories.published(by=chief, slug="ours")
    path = article.path
    article = workflow.publish(edit(article, chief, slug="", headline="Other"), by=chief)
    assert (article.path, article.slug) == (path, "ours")
    assert article.head.snapshot == snapshot.take(article)


def test_correction_may_move_the_story_and_the_old_address_leads_on(chief: User) -> None:
    article = factories.published(by=chief, slug="mayor-resigns")
    old = article.path
    content = {**snapshot.head(article), "slug": "mayor-stays"}
    workflow.correct(article, by=chief, text="She stays.", content=content)
    article = Article.objects.get()
    assert article.path == old.replace("resigns", "stays")
    assert Redirect.objects.get(old_path=old).new_path == article.path
    assert article.live.snapshot == snapshot.take(article)


def test_what_was_once_public_cannot_be_deleted(chief: User) -> None:
    for article in (factories.published(by=chief), factories.withdrawn(by=chief, headline="W")):
        with pytest.raises(workflow.NotAllowed):
            workflow.delete(article, by=chief)
        with pytest.raises(OncePublic):
            article.delete()
    with pytest.raises(OncePublic):
        Article.objects.all().delete()
    assert Article.objects.count() == 2


def test_deleted_draft_is_remembered_by_the_audit(chief: User) -> None:
    article = factories.draft(by=chief, headline="Short-lived")
    workflow.delete(article, by=chief)
    assert not Article.objects.exists()
    entry = Entry.objects.get(verb="delete")
    assert entry.before["content"]["headline"] == "Short-lived"


# --- Being told ------------------------------------------------------------------------------------


def test_typo_is_not_told_and_an_update_is(chief: User) -> None:
    article = factories.published(by=chief)
    content = {**snapshot.head(article), "headline": "Ferry returns to harbor"}
    article = workflow.save(
        article, content, by=chief, base_version=article.version, kind=RevisionKind.TYPO
    )
    article = workflow.publish(article, by=chief)
    assert article.updated_at is None
    article = workflow.publish(edit(article, chief, headline="Ferry is back"), by=chief)
    assert article.updated_at is not None


def test_correction_is_dated_signed_and_told(chief: User) -> None:
    article = factories.published(by=chief)
    content = {**snapshot.head(article), "body": "<p>The boat left at eight.</p>"}
    correction = workflow.correct(article, by=chief, text="It left at eight.", content=content)
    article = Article.objects.for_page().get()
    assert article.updated_at == correction.at
    assert article.head.kind == RevisionKind.CORRECTION
    assert not article.has_working_copy
    assert [(one.text, one.signed_by) for one in article.notices] == [
        ("It left at eight.", str(chief))
    ]
    assert article.body.html == "<p>The boat left at eight.</p>"


def test_only_public_stories_are_corrected(chief: User) -> None:
    with pytest.raises(workflow.NotAllowed):
        workflow.correct(factories.draft(by=chief), by=chief, text="Wrong.")
    with pytest.raises(workflow.Refused):
        workflow.correct(factories.scheduled(by=chief), by=chief, text="Wrong.")


# --- Paths -----------------------------------------------------------------------------------------


def test_path_is_made_from_the_day_in_the_publications_time_zone(chief: User) -> None:
    Publication(time_zone="Pacific/Auckland").save()
    with time_machine.travel(datetime(2026, 11, 30, 20, 0, tzinfo=UTC), tick=False):
        assert factories.published(by=chief).path == "/2026/12/ferry-returns-to-the-harbor/"


def test_taken_path_gets_a_number(chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        found = [factories.published(by=chief, headline="Same").path for _ in range(3)]
    assert found == ["/2026/11/same/", "/2026/11/same-2/", "/2026/11/same-3/"]


def test_path_taken_in_the_same_moment_gets_a_number(
    chief: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when another transaction commits between the look and the write."""
    factories.published(by=chief, slug="same")
    looks = iter([lambda *args, **kwargs: ""])
    real = paths.taken
    monkeypatch.setattr(
        "articles.workflow.paths.taken",
        lambda path, *, owner: next(looks, real)(path, owner=owner),
    )
    article = factories.published(by=chief, slug="same")
    assert str(article.path).endswith("/same-2/")


def test_changed_slug_twice_and_back_leaves_one_hop(chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        article = factories.published(by=chief, slug="first")
        for slug in ("second", "third", "first"):
            article = workflow.publish(edit(article, chief, slug=slug), by=chief)
    assert article.path == "/2026/11/first/"
    assert dict(Redirect.objects.values_list("old_path", "new_path")) == {
        "/2026/11/second/": "/2026/11/first/",
        "/2026/11/third/": "/2026/11/first/",
    }


def test_old_address_of_one_story_is_never_given_to_another(chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        article = factories.published(by=chief, slug="ours")
        workflow.publish(edit(article, chief, slug="moved"), by=chief)
        other = factories.published(by=chief, slug="ours")
    assert other.path == "/2026/11/ours-2/"


def test_path_of_a_scheduled_story_moves_with_its_time(chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        article = factories.scheduled(by=chief, slug="soon", at=NOON + timedelta(days=1))
        assert article.path == "/2026/11/soon/"
        article = workflow.publish(article, by=chief, at=NOON + timedelta(days=20))
    assert article.path == "/2026/12/soon/"
    assert not Redirect.objects.exists()


def test_public_story_keeps_its_time(chief: User) -> None:
    article = factories.published(by=chief)
    with pytest.raises(workflow.Refused):
        workflow.publish(article, by=chief, at=timezone.now() + timedelta(days=1))


# --- Effects -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_publishing_purges_every_page_that_shows_the_story() -> None:
    chief = factories.user("chief")
    parent = factories.section("Harbor")
    child = factories.section("Ferries", parent=parent)
    seen: list[frozenset[str]] = []

    def listen(tags: frozenset[str], **kwargs: object) -> None:
        seen.append(tags)

    purged.connect(listen)
    article = factories.published(by=chief, section=child)
    purged.disconnect(listen)
    tag = Tag.objects.get()
    assert {
        article.subject, f"path:{article.path}", parent.subject, child.subject, tag.subject,
        factories.author().subject, "latest",
    } <= seen[-1]  # fmt: skip
    assert Delivery.objects.get(subject=article.subject).done_at is not None


@pytest.mark.django_db(transaction=True)
def test_failing_effect_is_kept_and_tried_again_and_fails_no_verb() -> None:
    chief = factories.user("chief")

    def explode(**kwargs: object) -> None:
        message = "The cache is on fire."
        raise RuntimeError(message)

    article = factories.draft(by=chief)
    purged.connect(explode)
    article = workflow.publish(article, by=chief)
    purged.disconnect(explode)
    delivery = Delivery.objects.get(subject=article.subject)
    assert (delivery.done_at, delivery.attempts) == (None, 1)
    assert delivery.last_error == "RuntimeError: The cache is on fire."
    assert delivery.due_at > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_stories_are_found_by_the_new_name_of_their_author_and_topic() -> None:
    chief = factories.user("chief")
    article = factories.published(by=chief, tags=["Ferries"])
    author, tag = factories.author(), Tag.objects.get()
    author.name, tag.name = "Quillon Vane", "Zephyrboats"
    author_workflow.keep(author, by=chief)
    workflow.change_tag(tag, by=chief)
    for word in ("Quillon", "Zephyrboats"):
        hits = search.find(word, now=timezone.now()).hits
        assert [hit.article for hit in hits] == [article]


def test_refused_verb_leaves_nothing_behind(chief: User) -> None:
    article = edit(factories.draft(by=chief), chief, headline="")
    before = (Entry.objects.count(), Delivery.objects.count(), Revision.objects.count())
    with pytest.raises(workflow.NotReady):
        workflow.publish(article, by=chief)
    assert before == (Entry.objects.count(), Delivery.objects.count(), Revision.objects.count())


def test_audit_is_append_only(chief: User) -> None:
    factories.draft(by=chief)
    entry = Entry.objects.first()
    for change in (entry.save, entry.delete, Entry.objects.all().delete):
        with pytest.raises(AppendOnly):
            change()
    with pytest.raises(AppendOnly):
        Entry.objects.update(note="x")


# --- Topics and batches ------------------------------------------------------------------------------


def test_merged_topic_leads_on_and_takes_its_stories_along(chief: User) -> None:
    article = factories.draft(by=chief, tags=["Boats", "Ships"])
    boats, ships = Tag.objects.get(name="Boats"), Tag.objects.get(name="Ships")
    workflow.merge_tag(boats, into=ships, by=chief)
    assert list(article.tagged.values_list("tag__name", flat=True)) == ["Ships"]
    assert Redirect.objects.get(old_path="/topics/boats/").new_path == "/topics/ships/"
    again = edit(article, chief, tags=[{"id": None, "label": "boats"}])
    assert [tag["label"] for tag in again.head.snapshot["tags"]] == ["Ships"]


@pytest.mark.parametrize(
    ("name", "slug"), [("C#", "c-sharp"), ("R&D", "r-and-d"), ("2026", "2026")]
)
def test_odd_topic_names_get_an_address(chief: User, name: str, slug: str) -> None:
    factories.draft(by=chief, tags=[name])
    assert Tag.objects.get(name=name).slug == slug


def test_spellings_of_one_topic_are_one_topic(chief: User) -> None:
    factories.draft(by=chief, tags=["Café", "CAFÉ", "Cafe\u0301 "])
    assert Tag.objects.count() == 1


def test_name_without_letters_is_refused(chief: User) -> None:
    with pytest.raises(ValidationError):
        factories.draft(by=chief, tags=["!!!"])


def test_brought_in_story_keeps_its_path_time_and_guid() -> None:
    at = datetime(2009, 5, 4, 3, 2, 1, tzinfo=UTC)
    factories.bring_in(at=at, path="/?p=12", guid="https://old.example/?p=12")
    article = Article.objects.get()
    assert (article.path, article.guid, article.published_at) == (
        "/?p=12", "https://old.example/?p=12", at,
    )  # fmt: skip
    assert article.live == article.head
    assert article.head.is_intact()
    assert article.head.snapshot == snapshot.take(article)


def test_batch_costs_the_same_queries_whatever_its_size() -> None:
    def batch(number: int) -> list[workflow.Incoming]:
        return [
            workflow.Incoming(
                content=factories.content(headline=f"Story {number}-{one}", tags=[]),
                state=State.PUBLISHED,
                published_at=NOON,
            )
            for one in range(number)
        ]

    counts = []
    # Django gives SQLite 999 values in a statement at most, which is 39 rows of this table.
    for size in (2, 30):
        rows = batch(size)
        with CaptureQueriesContext(connection) as captured:
            workflow.bring_in(rows)
        counts.append(len(captured))
    assert counts[0] == counts[1]
