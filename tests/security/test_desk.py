"""Doors that Django's admin brings along: what they tell to whom, and bytes that no form sends."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType

from articles.models import Article
from newsroom.accounts.models import User
from tests import factories
from tests.conftest import logged_in

HUGE = "9" * 20


def shortcut(article: Article) -> str:
    return f"/admin/r/{ContentType.objects.get_for_model(Article).pk}/{article.pk}/"


def test_view_on_site_tells_nothing_to_who_may_not_see_the_row(powerless: User) -> None:
    draft, public = factories.draft(), factories.published()
    client = logged_in(powerless)
    codes = [client.get(shortcut(row)).status_code for row in (draft, public, Article(pk=999))]
    assert codes == [404, 404, 404]


def test_view_on_site_leads_to_the_page_on_this_host(reporter: User) -> None:
    story = factories.published()
    client = logged_in(reporter)
    assert client.get(shortcut(story)).headers["Location"] == story.path
    assert client.get(shortcut(factories.draft())).status_code == 404


@pytest.mark.parametrize("model", [model._meta.label_lower for model in admin.site._registry])
def test_histories_of_unknown_and_forbidden_rows_look_alike(powerless: User, model: str) -> None:
    """Asked for the user's own key, which is there, and for one that is not."""
    base = f"/admin/{model.replace('.', '/')}"
    client = logged_in(powerless)
    codes = {client.get(f"{base}/{pk}/history/").status_code for pk in (powerless.pk, 1, 999)}
    assert codes == {403}


@pytest.mark.parametrize("query", [f"pk__in={HUGE}", f"id__in=1,{HUGE}", "pk__in=-1"])
def test_impossible_key_in_a_list_is_refused(chief: User, query: str) -> None:
    client = logged_in(chief)
    for one in admin.site._registry:
        address = f"/admin/{one._meta.label_lower.replace('.', '/')}/?{query}"
        assert client.get(address).status_code in {302, 400}, address


@pytest.mark.parametrize("key", [HUGE, "abc", "1\x00", "-1", "²"])
@pytest.mark.parametrize("action", ["delete_selected", "take_on_my_desk", "merge"])
def test_impossible_key_in_an_action_is_refused(chief: User, key: str, action: str) -> None:
    client = logged_in(chief)
    for model in ("articles/article", "articles/tag", "images/image", "redirects/redirect"):
        data = {"action": action, "_selected_action": key, "post": "yes"}
        assert client.post(f"/admin/{model}/", data).status_code == 400
