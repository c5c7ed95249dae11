"""What is typed and not saved: kept for who typed it, restored, never a revision, never in public."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import workflow
from articles.models import Article, Revision, Unsaved
from articles.models.unsaved import MOST
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from newsroom.publication.models import Publication
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_article_admin import ADD, again, change, press, typed

pytestmark = pytest.mark.django_db

MARK = "mark-of-an-open-form"
LOGIN = "/accounts/login/"
KEEP_NEW = "/admin/articles/article/keep/"


def keep_url(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/keep/"


def keep(client: Client, article: Article | None, mark: str = MARK, **fields: Any) -> Any:
    """What the form posts two seconds after the last key."""
    url = keep_url(article) if article else KEEP_NEW
    return client.post(url, typed(article, _form=mark, _text="1", **fields))


def opened(client: Client, article: Article | None, query: str = "") -> Any:
    return client.get((change(article) if article else ADD) + query)


def offers(client: Client, article: Article | None) -> list[str]:
    return [offer.mark for offer in opened(client, article).context["keeping"]["offers"]]


# --- Keeping ---------------------------------------------------------------------------------


def test_autosave_makes_no_revision_and_touches_no_story(editor: User) -> None:
    article = factories.published(by=editor)
    version, entries = article.version, Entry.objects.count()
    answer = keep(logged_in(editor), article, headline="Half a sen", tags="Unheard of")
    assert answer.status_code == 200
    assert (again(article).version, Entry.objects.count()) == (version, entries)
    assert Revision.objects.count() == article.head.number
    assert Unsaved.objects.get().fields["headline"] == ["Half a sen"]


def test_each_open_form_has_one_row_however_often_it_is_kept(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    for words in ("One", "Two"):
        keep(client, article, headline=words)
    keep(client, article, mark="mark-of-another-form", headline="Elsewhere")
    kept = Unsaved.objects.order_by("pk").values_list("fields__headline", flat=True)
    assert list(kept) == [["Two"], ["Elsewhere"]]


def test_only_the_forms_own_fields_are_kept_without_nul(editor: User) -> None:
    article = factories.draft(by=editor)
    keep(logged_in(editor), article, headline="a\x00b", password="secret", _save="1")
    fields = Unsaved.objects.get().fields
    assert fields["headline"] == ["ab"]
    assert fields["bylines-name"] == ["Ines Caldeira"]
    assert {"password", "_save", "_form", "csrfmiddlewaretoken"} & fields.keys() == set()


def test_text_larger_than_the_form_takes_is_refused(editor: User, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    article = factories.draft(by=editor)
    assert keep(logged_in(editor), article, body="x" * 20_000).status_code == 400
    assert not Unsaved.objects.exists()


def test_nothing_is_kept_at_a_story_that_one_may_not_change(reporter: User) -> None:
    article, client = factories.draft(), logged_in(reporter)
    assert keep(client, article).status_code == 403
    assert client.get(keep_url(article)).status_code == 403
    assert not Unsaved.objects.exists()


def test_forged_request_from_another_site_keeps_nothing(editor: User) -> None:
    article, client = factories.draft(by=editor), Client(enforce_csrf_checks=True)
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert keep(client, article).status_code == 403
    assert not Unsaved.objects.exists()


@pytest.mark.parametrize("mark", ["", "short", "x" * 41, "<script>alert(1)</script>"])
def test_form_without_a_mark_of_ours_keeps_nothing(editor: User, mark: str) -> None:
    assert keep(logged_in(editor), factories.draft(by=editor), mark=mark).json()["kept"] == ""
    assert not Unsaved.objects.exists()


# --- Coming back -----------------------------------------------------------------------------


def test_opened_form_offers_the_unsaved_text_by_its_time(editor: User) -> None:
    Publication(time_zone="America/New_York").save()
    article, client = factories.draft(by=editor), logged_in(editor)
    kept = keep(client, article, headline="Half a sen").json()["kept"]
    page = opened(client, article)
    assert f"There is an unsaved text of {kept}." in page.text
    assert 'value="Ferry returns' in page.text or "Ferry returns to the harbor" in page.text
    assert "Half a sen" not in page.text


def test_restored_text_fills_the_form_and_writes_nothing(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    keep(client, article, headline="Half a sen", note="For you", **{"bylines-name": ["Nobody yet"]})
    page = opened(client, article, f"?unsaved={MARK}")
    form = page.context["form"]
    assert (form["headline"].value(), form["note"].value()) == ("Half a sen", "For you")
    assert "Nobody yet" in page.text
    assert page.context["keeping"]["mark"] == MARK
    assert (again(article).version, Unsaved.objects.count()) == (1, 1)


def test_restored_text_is_based_on_the_version_it_was_written_on(editor: User, chief: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    keep(client, article, headline="Mine")
    press(logged_in(chief), article, headline="Theirs")
    form = opened(client, article, f"?unsaved={MARK}").context["form"]
    response = client.post(change(article), form.data | {"_save": "1", "_form": MARK})
    (clash,) = response.context["refusal"].comparison.clashes
    assert (clash.before, clash.after) == ("Theirs", "Mine")
    assert Unsaved.objects.count() == 1


def test_saving_drops_the_unsaved_text_of_this_form_alone(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    keep(client, article, headline="This")
    keep(client, article, mark="mark-of-another-form", headline="Other")
    press(client, article, headline="This", _form=MARK)
    assert offers(client, article) == ["mark-of-another-form"]


def test_refused_save_keeps_the_unsaved_text(editor: User) -> None:
    article, client = factories.draft(by=editor, lead_waived=False), logged_in(editor)
    keep(client, article, headline="Half")
    assert press(client, article, "_publish", headline="Half", _form=MARK).status_code == 200
    assert Unsaved.objects.exists()


def test_new_story_is_kept_offered_and_dropped_when_it_is_begun(reporter: User) -> None:
    client = logged_in(reporter)
    keep(client, None, headline="Not begun")
    assert ": “Not begun”." in opened(client, None).text
    form = opened(client, None, f"?unsaved={MARK}").context["form"]
    assert form["headline"].value() == "Not begun"
    client.post(ADD, form.data | {"_save": "1", "_form": MARK})
    assert Article.objects.get().headline == "Not begun"
    assert not Unsaved.objects.exists()


def test_unsaved_text_is_thrown_away_by_a_post(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    keep(client, article, headline="Half")
    url = f"/admin/articles/article/{article.pk}/throw-away/"
    client.get(url, {"_form": MARK})
    assert Unsaved.objects.exists()
    assert client.post(url, {"_form": MARK})["Location"] == change(article)
    assert not Unsaved.objects.exists()


def test_text_that_says_what_is_saved_is_not_offered(editor: User, chief: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    keep(client, article)
    assert offers(client, article) == []
    press(logged_in(chief), article, headline="Theirs")
    assert offers(client, article) == []


def test_offered_headline_is_text_and_no_markup(reporter: User) -> None:
    client = logged_in(reporter)
    keep(client, None, headline="<script>alert(1)</script>")
    page = opened(client, None).text
    assert "“&lt;script&gt;alert(1)&lt;/script&gt;”" in page


def test_opening_a_form_without_unsaved_text_costs_one_query_more(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    opened(client, article)
    with CaptureQueriesContext(connection) as captured:
        opened(client, article)
    about = [query["sql"] for query in captured if "articles_unsaved" in query["sql"]]
    assert len(about) == 1


@pytest.mark.parametrize("beside", [{"note": "A note"}, {"embargo_until": "2099-01-01T10:00"}])
def test_what_was_written_beside_the_story_is_offered_too(editor: User, beside: Any) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    keep(client, article, **beside)
    assert offers(client, article) == [MARK]


def test_nobody_sees_the_unsaved_text_of_another(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    keep(logged_in(editor), article, headline="Zanzibarquux")
    client = logged_in(chief)
    assert "Zanzibarquux" not in opened(client, article, f"?unsaved={MARK}").text
    assert offers(client, article) == []
    client.post(f"/admin/articles/article/{article.pk}/throw-away/", {"_form": MARK})
    assert Unsaved.objects.exists()


def test_text_of_a_story_that_somebody_deleted_is_offered_as_a_new_one(
    reporter: User, chief: User
) -> None:
    article = factories.draft(by=reporter)
    keep(logged_in(reporter), article, headline="Half")
    workflow.delete(article, by=chief)
    assert offers(logged_in(reporter), None) == [MARK]


def test_texts_are_thrown_away_after_thirty_days(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    keep(client, article, headline="Old")
    Unsaved.objects.update(saved_at=timezone.now() - timedelta(days=30, seconds=1))
    assert offers(client, article) == []
    keep(client, article, mark="mark-of-another-form", headline="New")
    assert [row.headline for row in Unsaved.objects.all()] == ["New"]


def test_user_has_a_bounded_number_of_texts(editor: User) -> None:
    client, now = logged_in(editor), timezone.now()
    Unsaved.objects.bulk_create([
        Unsaved(user=editor, form=f"mark-of-form-number-{number}", fields={}, saved_at=now)
        for number in range(MOST)
    ])  # fmt: skip
    keep(client, None, headline="Newest")
    assert Unsaved.objects.count() == MOST
    assert Unsaved.objects.filter(form=MARK).exists()


# --- In a browser ----------------------------------------------------------------------------


def open_form(page: Page, server: LiveServer, article: Article) -> None:
    page.goto(server.url + change(article))
    page.wait_for_selector("textarea[data-mounted]", state="attached")
    page.wait_for_function("document.readyState === 'complete'")


def write(page: Page, words: str) -> None:
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def wait_until_kept(page: Page, words: str) -> None:
    for _ in range(100):
        if any(words in row.fields["body"][0] for row in Unsaved.objects.all()):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"“{words}” did not reach the desk.")


def local_copies(page: Page) -> list[str]:
    """What this browser holds of unsaved texts."""
    return page.evaluate(
        "Object.entries(localStorage)"
        ".filter(([name]) => name.startsWith('newsroom:unsaved:')).map(([, text]) => text)"
    )


@pytest.mark.browser
def test_browser_killed_in_mid_sentence_loses_nothing_that_was_kept(
    browser: Browser, editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    article = factories.draft(by=editor)
    context = browser.new_context(storage_state=editor_page.context.storage_state())
    page = context.new_page()
    open_form(page, live_server, article)
    write(page, " And then the mooring li")
    wait_until_kept(page, "And then the mooring li")
    context.close()
    open_form(editor_page, live_server, article)
    editor_page.get_by_role("link", name="Restore it").click()
    editor_page.wait_for_selector("textarea[data-mounted]", state="attached")
    expect(editor_page.locator(".ProseMirror")).to_contain_text("And then the mooring li")
    assert again(article).version == 1
    editor_page.get_by_role("button", name="Save", exact=True).first.click()
    expect(editor_page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert "mooring li" in again(article).head.snapshot["body"]
    assert not Unsaved.objects.exists()


@pytest.mark.browser
def test_logged_out_writer_is_told_and_the_text_stays_in_the_browser(
    forgiving_page: Page, live_server: LiveServer, editor: User
) -> None:
    article, page = factories.draft(by=editor), forgiving_page
    open_form(page, live_server, article)
    cookies = page.context.cookies()
    page.context.clear_cookies(name=site.SESSION_COOKIE_NAME)
    write(page, " Unsent words")
    expect(page.locator("[data-trouble]")).to_contain_text("You are logged out.", timeout=8_000)
    expect(page.locator("[data-trouble]")).to_contain_text("kept in this browser")
    (copy,) = local_copies(page)
    assert "Unsent words" in copy
    assert "csrf" not in copy
    page.context.add_cookies(cookies)
    write(page, " and more")
    expect(page.locator("[data-kept]")).to_contain_text("Kept for you at", timeout=8_000)
    expect(page.locator("[data-trouble]")).to_be_hidden()
    wait_until_kept(page, "Unsent words and more")
    page.wait_for_function("!Object.keys(localStorage).some((name) => name.includes('unsaved'))")


@pytest.mark.browser
def test_text_typed_while_the_desk_was_away_is_sent_when_a_form_is_opened_again(
    forgiving_page: Page, live_server: LiveServer, editor: User
) -> None:
    article, page = factories.draft(by=editor), forgiving_page
    open_form(page, live_server, article)
    page.route("**/keep/", lambda route: route.abort())
    write(page, " Far from shore")
    expect(page.locator("[data-trouble]")).to_contain_text("cannot be reached", timeout=8_000)
    assert not Unsaved.objects.exists()
    page.unroute("**/keep/")
    page.on("dialog", lambda dialog: dialog.accept())
    open_form(page, live_server, article)
    page.locator("[data-found]").get_by_role("link", name="Restore it").click()
    page.wait_for_selector("textarea[data-mounted]", state="attached")
    expect(page.locator(".ProseMirror")).to_contain_text("Far from shore")
    assert local_copies(page) == []


@pytest.mark.browser
def test_login_in_another_tab_lets_the_open_form_go_on(
    forgiving_page: Page, live_server: LiveServer, editor: User
) -> None:
    """A login changes the CSRF token, which the open form had in it."""
    article, page = factories.draft(by=editor), forgiving_page
    open_form(page, live_server, article)
    page.context.clear_cookies(name=site.CSRF_COOKIE_NAME)
    page.request.get(live_server.url + LOGIN)
    page.request.get(live_server.url + ADD)
    page.fill("#id_headline", "Words across a login")
    expect(page.locator("[data-kept]")).to_contain_text("Kept for you at", timeout=8_000)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert again(article).headline == "Words across a login"


@pytest.mark.browser
def test_leaving_asks_once_while_something_is_unsaved_and_not_after_saving(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    article, asked = factories.draft(by=editor), []
    editor_page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    open_form(editor_page, live_server, article)
    with editor_page.expect_response(lambda response: "/keep/" in response.url):
        write(editor_page, " Kept and not saved")
    open_form(editor_page, live_server, article)
    assert asked == ["beforeunload"]
    editor_page.fill("#id_headline", "Saved")
    editor_page.get_by_role("button", name="Save", exact=True).first.click()
    expect(editor_page.get_by_text("Saved.", exact=True)).to_be_visible()
    open_form(editor_page, live_server, article)
    assert asked == ["beforeunload"]
