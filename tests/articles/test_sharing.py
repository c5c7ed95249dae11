"""Share links: a story for somebody without an account, and nothing else, until it ends."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import sharing, snapshot, workflow
from articles.models import Article, ShareLink
from articles.models.share_link import new_key
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from newsroom.images import library
from newsroom.redirects import paths
from tests import factories
from tests.images import pictures

pytestmark = pytest.mark.django_db

MARK = "Quillfeather"


@pytest.fixture
def draft(editor: User) -> Article:
    return factories.draft(by=editor, headline=f"{MARK} resigns")


@pytest.fixture
def link(draft: Article, editor: User) -> ShareLink:
    return sharing.share(draft, by=editor, days=7)


def address(link: ShareLink) -> str:
    return reverse("articles:shared", args=[link.token])


def read(link: ShareLink) -> Any:
    return Client().get(address(link))


def later(link: ShareLink, **ago: int) -> None:
    """As if it had been made so long ago."""
    ShareLink.objects.filter(pk=link.pk).update(
        made_at=link.made_at - timedelta(**ago), expires_at=link.expires_at - timedelta(**ago)
    )


# --- Reading ---------------------------------------------------------------------------------


def test_link_shows_what_is_saved_at_the_desk_now(
    draft: Article, link: ShareLink, editor: User
) -> None:
    assert f"<h1>{MARK} resigns</h1>" in read(link).text
    changed = snapshot.head(draft) | {"headline": f"{MARK} stays"}
    workflow.save(draft, changed, by=editor, base_version=1)
    assert f"<h1>{MARK} stays</h1>" in read(link).text


def test_link_is_for_no_cache_no_search_engine_and_no_other_site(link: ShareLink) -> None:
    answer = read(link)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert {"ETag", "Last-Modified"} & set(answer.headers) == set()
    assert not answer.cookies
    assert not hasattr(answer, "declared_page")


def test_page_has_no_mark_for_search_engines_and_cards(link: ShareLink) -> None:
    page = read(link).text
    for absent in ('rel="canonical"', "og:title", "ld+json", "-proof-", link.token):
        assert absent not in page, absent
    assert '<meta name="robots" content="noindex, nofollow">' in page


def test_page_says_that_it_is_a_preview_and_until_when(link: ShareLink) -> None:
    ends = timezone.localtime(link.expires_at)
    page = read(link).text
    assert "This story is not published yet." in page
    assert "Published <time" not in page
    assert f'<time datetime="{ends:%Y-%m-%dT%H:%M:%S}' in page


def test_link_unlocks_nothing_else(link: ShareLink, draft: Article, editor: User) -> None:
    other = factories.draft(by=editor, headline="Another secret")
    reader = Client()
    assert reader.get(address(link)).status_code == 200
    for path in (
        "/",
        "/feed.xml",
        "/search/?q=quillfeather",
        f"/admin/articles/article/{draft.pk}/preview/",
    ):
        assert MARK not in reader.get(path).content.decode()
    assert other.headline not in reader.get(address(link)).text


def test_reading_writes_nothing_whoever_reads(link: ShareLink) -> None:
    before = ShareLink.objects.values().get()
    entries, sessions = Entry.objects.count(), Session.objects.count()
    for agent in ("Mozilla/5.0", "Googlebot/2.1", "Slackbot-LinkExpanding 1.0"):
        with CaptureQueriesContext(connection) as asked:
            Client(headers={"user-agent": agent, "purpose": "prefetch"}).get(address(link))
        assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
    assert ShareLink.objects.values().get() == before
    assert (Entry.objects.count(), Session.objects.count()) == (entries, sessions)


def test_only_reading_is_understood(link: ShareLink) -> None:
    assert Client().head(address(link)).status_code == 200
    assert Client().post(address(link)).status_code == 405


def test_reading_costs_the_same_whatever_the_story_shows(editor: User) -> None:
    def asked(article: Article) -> int:
        link = sharing.share(article, by=editor, days=1)
        Client().get(address(link))
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(address(link)).status_code == 200
        return len(queries)

    def story(parts: int) -> Article:
        figures = (f'<figure data-image="{factories.image().pk}"></figure>' for _ in range(parts))
        return factories.draft(
            by=editor,
            lead_image=factories.image(),
            authors=[factories.author(f"Author {number}") for number in range(parts)],
            tags=[f"Topic {number}" for number in range(parts)],
            body=f"<p>One.</p>{''.join(figures)}",
        )

    assert asked(story(1)) == asked(story(9)) == 16


def test_pictures_in_it_are_seen_and_originals_are_not(editor: User) -> None:
    picture = library.add(
        pictures.upload(), by=editor, alt="A flag", credit="Jane Doe", licence="own-work"
    )
    page = read(
        sharing.share(factories.draft(by=editor, lead_image=picture), by=editor, days=1)
    ).text
    shown = set(re.findall(r"/media/[^\s\",]+", page))
    assert shown
    assert {Client().get(address).status_code for address in shown} == {200}
    assert picture.original.name not in page
    assert Client().get(f"/media/{picture.original.name}").status_code == 404


# --- Its end ---------------------------------------------------------------------------------


def test_every_dead_link_gives_one_and_the_same_answer(editor: User) -> None:
    def made() -> ShareLink:
        return sharing.share(factories.draft(by=editor, headline=MARK), by=editor, days=1)

    revoked, run_out, deleted, withdrawn, key_changed = (made() for _ in range(5))
    sharing.revoke(revoked, by=editor)
    later(run_out, hours=24)
    workflow.delete(deleted.article, by=editor)
    workflow.publish(withdrawn.article, by=editor)
    workflow.withdraw(withdrawn.article, by=editor, reason="Wrong.")
    unknown = ShareLink(key=new_key())
    forged = f"{key_changed.key}.{unknown.token.partition('.')[2]}"
    tokens = [one.token for one in (revoked, run_out, deleted, withdrawn, unknown)]
    answers = [
        Client().get(reverse("articles:shared", args=[token]))
        for token in (*tokens, forged, key_changed.key, "x", "x" * 3000, "é.ü")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "This link does not work" in answers[0].text
    assert MARK not in answers[0].text
    assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}


def test_link_works_until_its_last_second(link: ShareLink) -> None:
    later(link, days=7, seconds=-60)
    assert read(link).status_code == 200
    later(link, days=7)
    assert read(link).status_code == 404


def test_database_alone_gives_no_address(link: ShareLink) -> None:
    row = str(ShareLink.objects.values().get())
    assert link.token not in row
    assert link.token.partition(".")[2] not in row
    assert Client().get(f"/shared/{link.key}/").status_code == 404


def test_guessing_asks_the_database_for_no_link(link: ShareLink) -> None:
    with CaptureQueriesContext(connection) as asked:
        Client().get(f"/shared/{link.key}.{'A' * 43}/")
    assert not [query for query in asked if ShareLink._meta.db_table in query["sql"]]


def test_link_ends_with_what_its_maker_may_do(link: ShareLink, editor: User) -> None:
    editor.groups.clear()
    assert read(link).status_code == 404
    editor.is_active = False
    editor.save()
    assert read(link).status_code == 404


def test_link_of_a_deleted_account_shows_nothing(link: ShareLink, editor: User) -> None:
    editor.delete()
    assert ShareLink.objects.get().made_by is None
    assert read(link).status_code == 404


def test_link_ends_when_the_story_moves_to_a_section_of_others(chief: User) -> None:
    sports, politics = factories.section("Sports"), factories.section("Politics")
    member = factories.member("editor", sports)
    story = factories.draft(by=member, section=sports)
    link = sharing.share(story, by=member, days=7)
    assert read(link).status_code == 200
    moved = snapshot.head(story) | {"section": snapshot.reference(politics)}
    workflow.save(story, moved, by=chief, base_version=1)
    assert read(link).status_code == 404


# --- Public, scheduled, under embargo ----------------------------------------------------------


def test_link_leads_to_the_public_page_once_the_story_is_out(
    link: ShareLink, draft: Article, editor: User
) -> None:
    article = workflow.publish(draft, by=editor)
    answer = read(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, article.path)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_link_from_before_never_shows_later_changes(
    link: ShareLink, draft: Article, editor: User
) -> None:
    article = workflow.publish(draft, by=editor)
    ShareLink.objects.update(made_at=article.published_at - timedelta(hours=1))
    changed = snapshot.head(article) | {"headline": "Not meant for them"}
    workflow.save(article, changed, by=editor, base_version=article.version)
    assert read(link).headers["Location"] == article.path


def test_link_to_changes_of_a_public_story_shows_them_until_they_are_out(editor: User) -> None:
    article = factories.published(by=editor, at=timezone.now() - timedelta(days=2))
    with pytest.raises(workflow.Refused, match="send its public address"):
        sharing.share(article, by=editor, days=1)
    changed = snapshot.head(article) | {"headline": f"{MARK} denies"}
    article = workflow.save(article, changed, by=editor, base_version=article.version)
    link = sharing.share(article, by=editor, days=1)
    assert f"<h1>{MARK} denies</h1>" in read(link).text
    assert "This version is not published yet." in read(link).text
    article = workflow.publish(article, by=editor)
    assert read(link).headers["Location"] == article.path


def test_scheduled_story_is_shown_until_its_second(editor: User) -> None:
    article = factories.scheduled(by=editor, headline=f"{MARK} resigns")
    link = sharing.share(article, by=editor, days=1)
    assert f"<h1>{MARK} resigns</h1>" in read(link).text


def test_embargoed_story_is_shared_only_by_who_may_break_the_embargo(
    draft: Article, editor: User, chief: User
) -> None:
    until = timezone.now() + timedelta(days=2)
    draft = workflow.set_embargo(draft, until, by=editor)
    with pytest.raises(workflow.NotAllowed, match="Only a chief may share"):
        sharing.share(draft, by=editor, days=1)
    page = read(sharing.share(draft, by=chief, days=1)).text
    assert "not to be published or quoted before" in page


def test_embargo_that_is_set_later_closes_the_links_of_others(
    link: ShareLink, draft: Article, editor: User
) -> None:
    workflow.set_embargo(draft, timezone.now() + timedelta(days=2), by=editor)
    assert read(link).status_code == 404
    Article.objects.update(embargo_until=timezone.now() - timedelta(minutes=1))
    assert read(link).status_code == 200
    assert "not to be published or quoted" not in read(link).text


# --- Making and revoking -----------------------------------------------------------------------


def test_making_and_revoking_are_in_the_audit_without_the_address(
    draft: Article, editor: User, chief: User
) -> None:
    link = sharing.share(draft, by=editor, days=30, note="  for   the lawyer ")
    sharing.revoke(link, by=chief)
    sharing.revoke(link, by=chief)
    told = list(
        Entry.objects.about(draft.subject).order_by("pk").values_list("verb", "actor_name", "note")
    )
    assert told[1:] == [
        ("share", str(editor), "for the lawyer"),
        ("revoke link", str(chief), "for the lawyer"),
    ]
    told = str(list(Entry.objects.values()))
    assert link.key not in told


def test_days_are_one_of_three(draft: Article, editor: User) -> None:
    for days in sharing.DAYS:
        link = sharing.share(draft, by=editor, days=days)
        assert link.expires_at - link.made_at == timedelta(days=days)
    for days in (0, -1, 31, 10**9):
        with pytest.raises(workflow.Refused, match="1, 7 or 30 days"):
            sharing.share(draft, by=editor, days=days)


def test_one_story_has_only_so_many_live_links(draft: Article, editor: User) -> None:
    links = [sharing.share(draft, by=editor, days=1) for _ in range(sharing.MOST)]
    with pytest.raises(workflow.Refused, match="revoke one first"):
        sharing.share(draft, by=editor, days=1)
    sharing.revoke(links[0], by=editor)
    later(links[1], days=1)
    assert sharing.share(draft, by=editor, days=1).pk
    assert len({link.token for link in ShareLink.objects.all()}) == sharing.MOST + 1


def test_reporter_shares_and_revokes_nothing(link: ShareLink, reporter: User) -> None:
    own = factories.draft(by=reporter)
    with pytest.raises(workflow.NotAllowed):
        sharing.share(own, by=reporter, days=1)
    with pytest.raises(workflow.NotAllowed):
        sharing.revoke(link, by=reporter)
    assert read(link).status_code == 200


def test_withdrawn_story_is_shared_by_nobody(chief: User) -> None:
    with pytest.raises(workflow.NotAllowed, match="while it is withdrawn"):
        sharing.share(factories.withdrawn(by=chief), by=chief, days=1)


def test_address_of_share_links_is_given_to_nothing_else(db: None) -> None:
    assert "an address of the site itself" in paths.taken("/shared/")
