"""The focal point in a browser, behind the real policy: a violation is a console error and fails."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.urls import reverse
from playwright.sync_api import Browser, Page

from newsroom.images import library
from newsroom.images.models import Image
from tests.conftest import logged_in
from tests.images import pictures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wide(db: None) -> Image:
    """800 by 400 pixels, its focal point a quarter from the left and in the middle."""
    return library.add(
        pictures.upload(pictures.jpeg(800, 400)), by=None, alt="A flag", focal_x=0.25
    )


def let_in(page: Page, live_server: Any, user: Any) -> Page:
    session = logged_in(user).cookies[site.SESSION_COOKIE_NAME].value
    host = urlsplit(live_server.url).hostname
    page.context.add_cookies(
        [{"name": site.SESSION_COOKIE_NAME, "value": session, "domain": host, "path": "/"}]
    )
    page.set_default_timeout(10_000)
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    return page


@pytest.fixture
def form(browser_page: Page, live_server: Any, editor: Any, wide: Image):
    page = let_in(browser_page, live_server, editor)
    page.goto(live_server.url + reverse("admin:images_image_change", args=[wide.pk]))
    page.wait_for_selector("button.focal__mark")
    return page


def point(page: Page) -> tuple[str, str]:
    return page.input_value("#id_focal_x"), page.input_value("#id_focal_y")


def distance_from_mark(page: Page, x: float, y: float) -> float:
    """Pixels between the middle of the mark and that part of the picture."""
    picture = page.locator(".focal__picture").bounding_box()
    mark = page.locator(".focal__mark").bounding_box()
    left = mark["x"] + mark["width"] / 2 - picture["x"] - picture["width"] * x
    top = mark["y"] + mark["height"] / 2 - picture["y"] - picture["height"] * y
    return max(abs(left), abs(top))


def test_the_mark_lies_on_the_focal_point(form):
    assert distance_from_mark(form, 0.25, 0.5) < 2


def test_a_click_on_the_picture_sets_the_focal_point(form, wide):
    box = form.locator(".focal__picture").bounding_box()
    form.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.1)
    x, y = point(form)
    assert (abs(float(x) - 0.8) <= 0.01, abs(float(y) - 0.1) <= 0.01) == (True, True)
    assert distance_from_mark(form, 0.8, 0.1) < 4
    form.click("[name=_continue]")
    wide.refresh_from_db()
    assert (round(wide.focal_x, 1), round(wide.focal_y, 1)) == (0.8, 0.1)


def test_the_crops_move_while_the_mark_is_dragged_and_nothing_is_saved(form, wide):
    picture = form.locator(".focal__picture").bounding_box()
    crop = form.locator(".focal__crop--square")
    place = "node => getComputedStyle(node).objectPosition"

    def at(x):
        return picture["x"] + picture["width"] * x, picture["y"] + picture["height"] * 0.5

    form.mouse.move(*at(0.25))
    form.mouse.down()
    seen = []
    for x in (0.4, 0.6, 0.9):
        form.mouse.move(*at(x))
        seen.append(crop.evaluate(place))
    assert seen == ["30% 50%", "70% 50%", "100% 50%"]
    form.mouse.up()
    form.mouse.move(*at(0.1))
    assert point(form) == ("0.9", "0.5")
    wide.refresh_from_db()
    assert wide.focal == (0.25, 0.5)


def test_the_crops_move_with_every_key(form):
    form.focus("button.focal__mark")
    crop = form.locator(".focal__crop--square")
    for _press in range(3):
        form.keyboard.press("Shift+ArrowRight")
    assert crop.evaluate("node => getComputedStyle(node).objectPosition") == "60% 50%"


def test_the_arrow_keys_move_the_mark_and_say_where_it_is(form):
    form.focus("button.focal__mark")
    form.keyboard.press("ArrowRight")
    form.keyboard.press("Shift+ArrowDown")
    assert point(form) == ("0.26", "0.6")
    assert form.text_content(".focal__said") == (
        "Focal point: 26 % from the left, 60 % from the top."
    )
    for _number in range(8):
        form.keyboard.press("Shift+ArrowDown")
    assert point(form) == ("0.26", "1")


def test_typing_a_number_moves_the_mark_and_the_crops(form):
    form.fill("#id_focal_x", "0.9")
    assert distance_from_mark(form, 0.9, 0.5) < 2
    crop = form.locator(".focal__crop--square")
    assert crop.evaluate("node => getComputedStyle(node).objectPosition") == "100% 50%"
    form.fill("#id_focal_x", "0.3")
    assert crop.evaluate("node => getComputedStyle(node).objectPosition") == "10% 50%"


def test_without_scripts_the_numbers_still_work(browser: Browser, live_server, editor, wide):
    context = browser.new_context(java_script_enabled=False)
    page = let_in(context.new_page(), live_server, editor)
    page.goto(live_server.url + reverse("admin:images_image_change", args=[wide.pk]))
    assert page.locator("span.focal__mark.fx-3").count() == 1
    page.fill("#id_focal_y", "0.75")
    page.click("[name=_continue]")
    context.close()
    wide.refresh_from_db()
    assert wide.focal_y == 0.75
