"""What search promises, on whichever database the tests run: both back ends keep one contract."""

import string
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from articles import search, snapshot, workflow
from articles.models import Article
from articles.models.article import BadCursor
from articles.search import marked, postgresql, words
from articles.search.words import END_MARK, MARK
from newsroom.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


#: What readers and attackers type; none of it may be an error.
ODD = [
    "", " ", '"', '""', '" "', "*", "**", "-", "--", "- -x", '-"', "NEAR(", "NEAR(a b, 2)", "^ferry",
    "headline:ferry", "headline : ferry", "(ferry", "ferry)", "()", "a AND", "AND", "OR", "NOT", "+ferry",
    "ferry\x00boat", "\x00", "🚢", "🚢 ferry 🚢*", "ferry:*", "ferry & boat | !dock", "<->", "'", "''; --",
    "%s %(x)s", "{headline}", "\\", "ferry\\", "\ud800", "\ue000ferry\ue001", "a" * 1_000_000,
    "ferry " * 200_000, '"' * 1_000_000, "-a " * 500, "é" * 300, "\uff11\uff12", "ß İ ﬁ", "़ा", "xxxx*" * 50,
]  # fmt: skip


def headlines(asked: str, **filters: object) -> list[str]:
    found = search.find(asked, now=timezone.now(), **filters)
    assert found.total == len(found.hits)
    return [hit.article.headline for hit in found.hits]


def about(headline: str, body: str = "Nothing else.", **fields: object) -> Article:
    """A public story of which only these words can be found."""
    fields = {"standfirst": "", "tags": [], **fields}
    at = fields.pop("at", timezone.now().replace(microsecond=0) - timedelta(days=1))
    return factories.bring_in(at=at, headline=headline, body=f"<p>{body}</p>", **fields)


def bring_in(number: int, **fields: object) -> None:
    start = timezone.now().replace(microsecond=0) - timedelta(days=1)
    content = factories.content(**fields)
    workflow.bring_in(
        [
            workflow.Incoming(
                content={**content, "headline": f"{content['headline']} {at}"},
                state=workflow.State.PUBLISHED,
                published_at=start - timedelta(minutes=at),
            )
            for at in range(number)
        ]
    )


# --- What can be found -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field",
    [
        "headline",
        "standfirst",
        "body",
        "caption",
        "library caption",
        "in body",
        "author",
        "tag",
    ],
)
def test_every_word_of_the_page_is_found(field: str) -> None:
    in_body = factories.image(caption="Quokka.")
    fields = {
        "headline": {"headline": "Quokka seen"},
        "standfirst": {"standfirst": "A quokka."},
        "body": {"body": "<h2>Two</h2><blockquote><p>The quokka!</p></blockquote>"},
        "caption": {"lead_image": factories.image(), "lead_caption": "A quokka at dawn."},
        "library caption": {"lead_image": factories.image(caption="A quokka at dawn.")},
        "in body": {"body": f'<p>Look.</p><figure data-image="{in_body.pk}"></figure>'},
        "author": {"authors": [factories.author(), factories.author("Rui Quokka")]},
        "tag": {"tags": ["Ferries", "Quokka"]},
    }
    article = factories.published(**fields[field])
    assert headlines("quokka") == [article.headline]
    assert headlines("numbat") == []


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("ferry", True),
        ("ferries", True),
        ("FERRY", True),
        ("returning", True),
        ("cafe", True),
        ("CAFÉ", True),
        ("cafe\u0301", True),
        ("the", True),
        ("to be or not", True),
        ("F-35B", True),
        ("harbor ferry", True),
        ("harbor quokka", False),
        ("ferr", False),
        ("retu*", True),
        ("fer*", False),
        ("harb*", True),
        ('"returns to the café"', True),
        ('"café returns"', False),
        ("“returns to the café”", True),
        ("ferry -quokka", True),
        ("ferry -harbor", False),
        ('ferry -"the café"', False),
        ('ferry -"café the"', True),
        ("-quokka", False),
        ("quay/side", True),
        ("quay side", True),
        ("mayor's", True),
        ("ferry 🚢", True),
    ],
)
def test_words_mean_the_same_on_both_databases(asked: str, is_found: bool) -> None:  # noqa: FBT001
    body = "The harbor of the mayor’s quay/side: to be or not to be an F-35B."
    about("Ferry returns to the café", body)
    assert headlines(asked) == (["Ferry returns to the café"] if is_found else [])


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd[:20]))
def test_no_query_is_an_error(odd: str, client: Client) -> None:
    about("Ferry returns")
    found = search.find(odd, now=timezone.now())
    assert len(found.query) <= words.MAX_QUERY_CHARS + 1
    if odd.isprintable():
        assert client.get("/search/", {"q": odd}).status_code == 200


@given(
    st.text(alphabet=st.sampled_from(f"aé9 \"*-()^:&|!<>{{}}%\\'\x00🚢{MARK}ẞ") | st.characters())
)
@example_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_string_is_an_error(odd: str) -> None:
    search.find(odd, now=timezone.now())


def test_only_the_first_200_characters_count() -> None:
    about("Ferry returns")
    assert headlines("ferry".ljust(199) + "quokka") == []
    assert headlines("ferry".ljust(200) + "quokka") == ["Ferry returns"]


def test_query_says_what_was_understood() -> None:
    found = search.find('(ferry) AND ^"north  quay" -strike 🚢 harb*', now=timezone.now())
    assert found.query == 'ferry AND "north  quay" -strike harb*'


def test_library_caption_that_the_story_replaces_is_not_found() -> None:
    pk = factories.image(caption="A quokka.").pk
    body = f'<figure data-image="{pk}"><figcaption>A numbat.</figcaption></figure>'
    article = factories.published(body=body)
    assert headlines("quokka") == []
    assert headlines("numbat") == [article.headline]


# --- What cannot -------------------------------------------------------------------------------


def test_unpublished_stories_are_neither_found_nor_counted(chief: User) -> None:
    shown = factories.published(by=chief, headline="Quokka on the quay")
    for make in (factories.draft, factories.scheduled, factories.withdrawn):
        make(by=chief, headline="Quokka in the dark")
    found = search.find("quokka", now=timezone.now())
    assert [hit.article for hit in found.hits] == [shown]
    assert (found.total, found.is_more) == (1, False)


def test_scheduled_story_is_found_from_its_second_on(chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        article = factories.scheduled(by=chief, at=NOON + timedelta(hours=1), headline="Quokka")
    due = NOON + timedelta(hours=1)
    assert search.find("quokka", now=due - timedelta(seconds=1)).hits == []
    assert [hit.article for hit in search.find("quokka", now=due).hits] == [article]


def test_unscheduled_and_withdrawn_stories_leave_the_index(chief: User) -> None:
    for article in (factories.scheduled(by=chief), factories.published(by=chief)):
        workflow.withdraw(article, by=chief, reason="Wrong.")
    assert entries() == []


def test_withdrawn_story_is_found_again_when_it_is_published_again(chief: User) -> None:
    article = factories.withdrawn(by=chief, headline="Quokka")
    workflow.publish(article, by=chief)
    assert headlines("quokka") == ["Quokka"]


def test_working_copy_is_not_found_until_it_is_published(chief: User) -> None:
    article = factories.published(by=chief, headline="Ferry returns")
    content = snapshot.head(article) | {"headline": "Quokka returns"}
    article = workflow.save(article, content, by=chief, base_version=article.version)
    assert headlines("quokka") == []
    workflow.publish(article, by=chief)
    assert headlines("quokka") == ["Quokka returns"]
    assert headlines('"ferry returns"') == []


def test_corrected_story_is_found_as_it_reads_now(chief: User) -> None:
    article = factories.published(by=chief, headline="Three ferries")
    content = snapshot.head(article) | {"headline": "Four quokkas"}
    workflow.correct(article, by=chief, text="They were quokkas.", content=content)
    assert headlines("quokka") == ["Four quokkas"]
    assert headlines("three") == []


def test_rescheduled_story_has_one_entry(chief: User) -> None:
    article = factories.scheduled(by=chief)
    later = timezone.now() + timedelta(days=3)
    workflow.publish(article, by=chief, at=later)
    assert entries() == [article.pk]
    assert search.find("ferry", now=later).total == 1


def test_rolled_back_publication_is_not_found(chief: User) -> None:
    with transaction.atomic():
        article = factories.published(by=chief, headline="Quokka")
        assert entries() == [article.pk]
        transaction.set_rollback(True)
    assert headlines("quokka") == []
    assert entries() == []


def test_deleting_an_article_leaves_no_entry() -> None:
    """On SQLite this fails when a migration has rebuilt articles_article and lost its trigger."""
    article = factories.draft()
    with connection.cursor() as cursor:
        insert_entry(cursor, article.pk)
    assert entries() == [article.pk]
    article.delete()
    assert entries() == []


@pytest.mark.django_db(transaction=True)
def test_flush_empties_the_index() -> None:
    factories.published()
    call_command("flush", interactive=False, verbosity=0)
    assert entries() == []


def entries() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT article_id FROM articles_search ORDER BY article_id")
        return [pk for (pk,) in cursor]


def insert_entry(cursor: object, pk: int) -> None:
    columns = {
        "sqlite": "(docid, article_id, headline, standfirst, authors, tags, body)"
        " VALUES (1, %s, 'x', '', '', '', '')",
        "postgresql": "(article_id, published_at, headline, words) VALUES (%s, now(), '', '')",
    }
    cursor.execute(f"INSERT INTO articles_search {columns[connection.vendor]}", [pk])  # type: ignore[attr-defined]


# --- In which order ----------------------------------------------------------------------------


def test_headline_comes_before_standfirst_before_body() -> None:
    about("One", body="quokka " * 3, at=NOON)
    about("Two", standfirst="A quokka.", at=NOON - timedelta(days=1))
    about("Three quokkas", at=NOON - timedelta(days=2))
    with time_machine.travel(NOON + timedelta(days=1)):
        assert headlines("quokka") == ["Three quokkas", "Two", "One"]


def test_of_equal_stories_the_latest_comes_first() -> None:
    for day in (2, 1, 3):
        about("Quokka", at=NOON - timedelta(days=day), slug=f"quokka-{day}")
    found = search.find("quokka", now=NOON).hits
    assert [hit.article.slug for hit in found] == ["quokka-1", "quokka-2", "quokka-3"]


def test_old_headline_is_found_among_more_matches_than_are_ranked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (search, search._BACKENDS[connection.vendor]):
        monkeypatch.setattr(module, "RANKED", 3)
    about("The quokka of old", at=NOON - timedelta(days=900))
    for day in range(5):
        about(f"Story {day}", body="A quokka.", at=NOON - timedelta(days=day))
    found = search.find("quokka", now=NOON)
    assert [hit.article.headline for hit in found.hits] == [
        "The quokka of old",
        "Story 0",
        "Story 1",
    ]
    assert (found.total_text, found.next) == ("3+", "")


def test_filters_narrow_by_section_author_and_time() -> None:
    harbor, town = factories.section("Harbor"), factories.section("Town")
    rui = factories.author("Rui Falcão", slug="rui")
    about("Quokka A", section=harbor, at=NOON)
    about("Quokka B", section=town, authors=[factories.author(), rui], at=NOON - timedelta(days=1))
    with time_machine.travel(NOON + timedelta(days=1)):
        assert headlines("quokka", section_pks=[harbor.pk]) == ["Quokka A"]
        assert headlines("quokka", section_pks=[]) == []
        assert headlines("quokka", author_pk=rui.pk) == ["Quokka B"]
        assert headlines("quokka", since=NOON) == ["Quokka A"]
        assert headlines("quokka", until=NOON) == ["Quokka B"]
        assert headlines("quokka", since=NOON, until=NOON) == []


def test_stories_from_before_1970_are_found_by_time() -> None:
    about("Quokka of 1911", at=datetime(1911, 3, 1, tzinfo=UTC))
    about("Quokka of 1969", at=datetime(1969, 7, 20, tzinfo=UTC))
    assert headlines("quokka", until=datetime(1950, 1, 1, tzinfo=UTC)) == ["Quokka of 1911"]
    assert headlines("quokka", since=datetime(1950, 1, 1, tzinfo=UTC)) == ["Quokka of 1969"]


# --- Pages -------------------------------------------------------------------------------------


def test_pages_neither_repeat_nor_drop_while_stories_are_published() -> None:
    for day in range(1, 8):
        about(f"Quokka {day}", at=NOON - timedelta(days=day))
    first = search.find("quokka", now=NOON, size=3)
    about("Quokka 0", at=NOON + timedelta(minutes=1))
    later = NOON + timedelta(minutes=2)
    second = search.find("quokka", now=later, after=first.next, size=3)
    third = search.find("quokka", now=later, after=second.next, size=3)
    found = [hit.article.headline for page in (first, second, third) for hit in page.hits]
    assert found == [f"Quokka {day}" for day in range(1, 8)]
    assert [page.total for page in (first, second, third)] == [7, 7, 7]
    assert third.next == ""


@pytest.mark.parametrize(
    "token",
    ["x", "20261122T120000", "20261122T120000-0", "20261122T120000-3", "20261122T120000-99999",
     "20261322T120000-1", "20261122T120001-1", "00011122T120000-1", "20261122T120000-\u0661",
     "9" * 5000],
)  # fmt: skip
def test_broken_page_token_leads_nowhere(token: str, client: Client) -> None:
    about("Quokka", at=NOON - timedelta(days=1))
    with pytest.raises(BadCursor):
        search.find("quokka", now=NOON, after=token, size=1)
    with time_machine.travel(NOON):
        assert client.get("/search/", {"q": "quokka", "page": token}).status_code == 404


# --- How it shows ------------------------------------------------------------------------------


def test_hits_are_marked_in_headline_and_snippet() -> None:
    about("Cafés & ferries", body="Long ago. " * 40 + "Then the café on the ferry burnt down.")
    (hit,) = search.find("café ferry", now=timezone.now()).hits
    assert hit.headline_html == "<mark>Cafés</mark> &amp; <mark>ferries</mark>"
    assert hit.snippet_html.startswith("… ")
    assert "the <mark>café</mark> on the <mark>ferry</mark> burnt down." in hit.snippet_html


def test_snippet_is_the_standfirst_when_only_the_headline_matches() -> None:
    about("Quokka", standfirst="A small animal.", body="It hops.")
    (hit,) = search.find("quokka", now=timezone.now()).hits
    assert hit.snippet_html == "A small animal."


def test_markup_in_a_story_is_escaped_in_results(client: Client) -> None:
    attack = "Quokka <img src=x onerror=alert(1)> <script>alert(2)</script>"
    about(
        attack, standfirst=attack, body=f"{MARK}quokka{END_MARK} &lt;img src=x onerror=alert(3)&gt;"
    )
    page = client.get("/search/", {"q": "quokka img"}).content.decode()
    assert "<mark>Quokka</mark> &lt;<mark>img</mark> src=x onerror" in page
    assert "<img" not in page
    assert "<script" not in page


def test_markup_in_a_query_is_escaped(client: Client) -> None:
    attack = '"><script>alert(1)</script>'
    asked = {"q": f"{attack}zz", "section": attack, "author": attack, "since": attack}
    page = client.get("/search/", asked).content.decode()
    assert "<script" not in page


@given(st.text(alphabet=string.printable + 'é”ß🚢Ǆ"\u0301<>&/@.-:', max_size=300))
@example_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_marking_changes_no_text(text: str) -> None:
    text = words.plain(f"{text} ferry")
    folded = words.fold(text)
    assert len(folded) == len(text)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(postgresql._MARKED, ["ferry", [folded]])
            folded = cursor.fetchone()[0]
        assert MARK in folded
    restored = marked.transfer(folded, text).replace(MARK, "").replace(END_MARK, "")
    assert restored == text


def test_marks_of_another_text_are_not_transferred() -> None:
    assert marked.transfer(f"{MARK}ferry{END_MARK}", "ferries") == "ferries"


def test_cut_snippet_keeps_its_marks_in_pairs() -> None:
    text = f"{'word ' * 30}{MARK}{'long phrase ' * 40}{END_MARK} end"
    cut = marked.html(marked.snippet("", text))
    assert (cut.count("<mark>"), cut.count("</mark>")) == (1, 1)
    assert cut.startswith("… ")
    assert cut.endswith(" …")


# --- The page ----------------------------------------------------------------------------------


def test_search_page_shows_results_with_their_number(client: Client) -> None:
    article = about("Quokka on the quay")
    response = client.get("/search/", {"q": "quokka"})
    page = response.content.decode()
    assert response.status_code == 200
    assert f'href="{article.path}"' in page
    assert "<mark>Quokka</mark> on the quay" in page
    assert response.context["results"].total_text == "1"
    assert response.context["robots"] == "noindex"
    assert response.declared_page.tags == {"site", "latest"}
    assert not response.cookies


@pytest.mark.parametrize("asked", [{}, {"q": ""}, {"q": "  "}, {"q": "numbat"}, {"q": "🚢"}])
def test_page_without_results_offers_sections_and_the_latest(
    asked: dict[str, str], client: Client
) -> None:
    article = about("Quokka")
    response = client.get("/search/", asked)
    assert response.status_code == 200
    assert response.context["latest"] == [article]
    assert "Harbor" in response.content.decode()


def test_search_page_ends_with_the_next_scheduled_story(client: Client) -> None:
    article = factories.scheduled()
    response = client.get("/search/", {"q": "ferry"})
    assert response.declared_page.until == article.published_at


@pytest.mark.parametrize("named", ["harbor", "/harbor/", "key"])
def test_section_filter_takes_path_or_key_and_children(named: str, client: Client) -> None:
    harbor = factories.section("Harbor")
    about("Quokka A", section=factories.section("Ferries", parent=harbor))
    about("Quokka B", section=factories.section("Town"))
    value = str(harbor.pk) if named == "key" else named
    context = client.get("/search/", {"q": "quokka", "section": value}).context
    assert [hit.article.headline for hit in context["results"].hits] == ["Quokka A"]
    assert (context["chosen_section"].name, context["notes"]) == ("Harbor", [])


def test_author_and_day_filters_hold_the_day_of_the_publication(client: Client) -> None:
    rui = factories.author("Rui Falcão", slug="rui")
    about("Quokka A", authors=[rui], at=datetime(2025, 5, 3, 23, 59, 59, tzinfo=UTC))
    about("Quokka B", authors=[rui], at=datetime(2025, 5, 4, tzinfo=UTC))
    about("Quokka C", at=datetime(2025, 5, 3, tzinfo=UTC))
    asked = {"q": "quokka", "author": "rui", "since": "2025-05-03", "until": "2025-05-03"}
    context = client.get("/search/", asked).context
    assert [hit.article.headline for hit in context["results"].hits] == ["Quokka A"]
    assert (context["chosen_author"], context["since"]) == (rui, date(2025, 5, 3))


@pytest.mark.parametrize(
    "wrong",
    [{"section": "nowhere"}, {"section": "9" * 40}, {"section": "\u0663"}, {"author": "nobody"},
     {"since": "2026-02-30"}, {"since": "yesterday"}, {"until": "0000-00-00"}, {"since": "20260101"},
     {"until": "9999-12-31"}, {"since": "2026-01-01' OR 1=1"}],
)  # fmt: skip
def test_wrong_filter_is_left_out_with_a_sentence(wrong: dict[str, str], client: Client) -> None:
    about("Quokka")
    response = client.get("/search/", {"q": "quokka", **wrong})
    assert response.status_code == 200
    assert response.context["results"].total == 1
    (note,) = response.context["notes"]
    assert note.startswith(("No such", "“"))


@pytest.mark.parametrize("day", ["1000-01-01", "2999-12-31"])
def test_far_days_are_days(day: str, client: Client) -> None:
    about("Quokka")
    for name in ("since", "until"):
        assert client.get("/search/", {"q": "quokka", name: day}).status_code == 200


def test_next_page_keeps_words_and_filters(client: Client) -> None:
    bring_in(21, headline="Quokka & friends")
    asked = {"q": "quokka & friends", "section": "harbor", "utm_source": "x"}
    context = client.get("/search/", asked).context
    assert len(context["results"].hits) == 20
    assert f"q={quote('quokka & friends').replace('%20', '+')}" in context["next_query"]
    assert "utm" not in context["next_query"]
    second = client.get(f"/search/?{context['next_query']}")
    assert len(second.context["results"].hits) == 1
    assert second.context["next_query"] == ""


def test_search_page_takes_get_and_head_only(client: Client) -> None:
    assert client.post("/search/").status_code == 405
    assert client.head("/search/").status_code == 200


# --- What it costs -----------------------------------------------------------------------------


def queries(client: Client, **asked: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get("/search/", asked).status_code == 200
    return len(captured)


def test_search_page_costs_the_same_queries_whatever_it_finds(client: Client) -> None:
    bring_in(1)
    queries(client, q="ferry")
    one = queries(client, q="ferry", section="harbor", author="ines-caldeira")
    bring_in(49)
    assert queries(client, q="ferry", section="harbor", author="ines-caldeira") == one
    # Publication, author, matches, cards, bylines, texts, next due; PostgreSQL reads, then marks.
    assert one <= (9 if connection.vendor == "postgresql" else 7)


@pytest.mark.slow
def test_archive_of_5000_costs_the_queries_of_50(client: Client) -> None:
    bring_in(50)
    queries(client, q="ferry")
    few = queries(client, q="ferry")
    for part in range(5):
        bring_in(990, headline=f"Ferry, part {part}:")
    assert queries(client, q="ferry") == few
    assert client.get("/search/", {"q": "ferry"}).context["results"].total_text == "1,000+"


def test_batch_is_indexed_in_as_many_queries_as_one_story() -> None:
    bring_in(30)
    pks = list(Article.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as one:
        search.index(pks[:1])
    with CaptureQueriesContext(connection) as many:
        search.index(pks)
    assert len(many) == len(one)


# --- Building it anew --------------------------------------------------------------------------


def test_reindex_builds_the_whole_index_and_forgets_the_rest(
    chief: User, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BATCH", 2)
    kept = [factories.published(by=chief, headline=f"Quokka {one}") for one in range(3)]
    kept.append(factories.scheduled(by=chief))
    stale = factories.withdrawn(by=chief)
    search.remove([kept[0].pk])
    with connection.cursor() as cursor:
        insert_entry(cursor, stale.pk)
    call_command("reindex")
    assert entries() == [article.pk for article in kept]
    assert len(headlines("quokka")) == 3
    assert "The search index holds 4 stories." in capsys.readouterr().out


def test_reindex_of_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reindex")
    assert "holds 0 stories" in capsys.readouterr().out
