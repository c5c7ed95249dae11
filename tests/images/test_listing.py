"""The library as the desk lists it: tiles or a table, what is missing, where it is used."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.accounts.models import User
from newsroom.images import library, listing
from newsroom.images.models import Image, showing
from tests import factories
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db

LIST = "/admin/images/image/"


def tiles(client: Any, **asked: Any) -> dict[str, listing.Tile]:
    return {tile.name: tile for tile in client.get(LIST, asked).context["cl"].tiles()}


def test_library_opens_as_a_grid_and_stays_a_table_once_it_was_asked_for(editor: User) -> None:
    factories.image(file_name="quay.jpg")
    client = logged_in(editor)
    assert "data-grid" in client.get(LIST).text
    assert 'id="result_list"' in client.get(LIST, {"as": "table"}).text
    assert 'id="result_list"' in client.get(LIST).text
    assert "data-grid" in client.get(LIST, {"as": "grid"}).text
    assert "data-grid" in client.get(LIST, {"as": "heap"}).text


def test_tile_says_what_is_missing_and_where_the_picture_is_used(chief: User) -> None:
    used = factories.image(file_name="used.jpg")
    factories.image(file_name="bare.jpg", alt="", credit="", licence="")
    factories.published(by=chief, lead_image=used)
    factories.draft(by=chief, body=f'<p>Words.</p><figure data-image="{used.pk}"></figure>')
    factories.author(portrait=used, slug="face")
    found = tiles(logged_in(chief))
    assert (found["used.jpg"].places, found["used.jpg"].missing) == (3, [])
    assert found["bare.jpg"].missing == ["No alternative text", "No credit", "No licence"]
    page = logged_in(chief).get(LIST).text
    assert "used in 3 places" in page
    assert "not used yet" in page


@pytest.mark.parametrize("view", ["grid", "table"])
def test_list_costs_the_same_for_sixty_pictures_as_for_one(chief: User, view: str) -> None:
    client = logged_in(chief)
    factories.image(alt="")
    client.get(LIST, {"as": view})
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _number in range(59):
        factories.image(alt="")
    factories.author(portrait=Image.objects.first())
    with CaptureQueriesContext(connection) as sixty:
        page = client.get(LIST).text
    assert page.count("desk-thumbnail" if view == "table" else "picture-tile__frame") == 50
    assert len(sixty) == len(one) <= 13


@pytest.mark.parametrize("page", ["0", "-1", "x", "5000", "9" * 400, "²"])
def test_impossible_page_is_no_error(editor: User, page: str) -> None:
    factories.image()
    assert logged_in(editor).get(LIST, {"p": page}, follow=True).status_code == 200


def test_list_asks_where_a_picture_is_used(chief: User) -> None:
    out, body = factories.image(file_name="out.jpg"), factories.image(file_name="body.jpg")
    factories.published(
        by=chief, lead_image=out, body=f'<p>Words.</p><figure data-image="{body.pk}"></figure>'
    )
    factories.draft(by=chief, lead_image=factories.image(file_name="draft.jpg"))
    factories.withdrawn(by=chief, lead_image=factories.image(file_name="gone.jpg"))
    factories.image(file_name="unused.jpg")
    client = logged_in(chief)
    assert set(tiles(client, used="out")) == {"out.jpg", "body.jpg"}
    assert set(tiles(client, used="yes")) == {"out.jpg", "body.jpg", "draft.jpg", "gone.jpg"}
    assert set(tiles(client, used="no")) == {"unused.jpg"}
    assert len(tiles(client, used="x")) == 5


def test_list_asks_for_a_missing_credit_and_keeps_the_view(editor: User) -> None:
    factories.image(file_name="whole.jpg")
    factories.image(file_name="no-credit.jpg", credit="")
    client = logged_in(editor)
    assert set(tiles(client, credit="missing")) == {"no-credit.jpg"}
    page = client.get(LIST, {"credit": "missing", "as": "table"}).text
    assert "No credit?" in page
    assert "?as=grid&amp;credit=missing" in page


def test_tile_leads_to_the_form_and_back_to_the_same_list(editor: User) -> None:
    image = factories.image(credit="")
    page = logged_in(editor).get(LIST, {"credit": "missing"}).text
    address = reverse("admin:images_image_change", args=[image.pk])
    assert f'href="{address}?_changelist_filters=credit%3Dmissing"' in page


def test_several_tiles_are_deleted_after_a_question(editor: User) -> None:
    one, other, kept = (factories.image() for _number in range(3))
    client = logged_in(editor)
    chosen = {"action": "delete_selected", "_selected_action": [one.pk, other.pk]}
    assert "Are you sure" in client.post(LIST, chosen).text
    client.post(LIST, chosen | {"post": "yes"})
    assert list(Image.objects.all()) == [kept]


def test_places_are_counted_in_a_fixed_number_of_queries(
    chief: User, django_assert_num_queries: Any
) -> None:
    used = [factories.image() for _number in range(3)]
    for image in used:
        factories.draft(by=chief, lead_image=image)
    unused = factories.image()
    with django_assert_num_queries(len(showing())):
        assert library.count_uses([*used, unused]) == {one.pk: 1 for one in used}
