"""The photo editor's room in a browser, behind the real policy: the grid, the upload of many, and
the pictures that lack something, by keyboard."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from newsroom.accounts.models import User
from newsroom.images.models import Image
from tests import factories
from tests.images import pictures
from tests.images.test_focus import let_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOM = "/admin/images/image/"


@pytest.fixture
def room(browser_page: Page, live_server: LiveServer, editor: User) -> Page:
    page = let_in(browser_page, live_server, editor)
    # Rows of the library have no files behind them.
    page.route("**/media/renditions/0000*/**", lambda route: route.fulfill(body=pictures.jpeg()))
    return page


@pytest.fixture
def forgiving_room(browser: Browser, live_server: LiveServer, editor: User) -> Iterator[Page]:
    """For what is refused: the browser writes such an answer to its console."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield let_in(context.new_page(), live_server, editor)
    context.close()


def test_grid_is_walked_selected_and_opened_by_keyboard(room: Page, live_server: Any) -> None:
    made = [factories.image(file_name=f"{number}.jpg") for number in range(9)][::-1]
    room.goto(live_server.url + ROOM)
    links = room.locator(".picture-tile__link")
    links.first.focus()
    room.keyboard.press("ArrowRight")
    expect(links.nth(1)).to_be_focused()
    room.keyboard.press("Space")
    room.keyboard.press("End")
    room.keyboard.press("Space")
    expect(room.get_by_text("2 of 9 selected")).to_be_visible()
    room.keyboard.press("Home")
    columns = links.evaluate_all(
        "all => new Set(all.map((one) => one.getBoundingClientRect().left)).size"
    )
    assert 1 < columns < 9
    room.keyboard.press("ArrowDown")
    expect(links.nth(columns)).to_be_focused()
    # One stop of the Tab key for the tile, one for its box, then out of the grid.
    room.keyboard.press("Tab")
    expect(room.get_by_label(f"Select {made[columns]}")).to_be_focused()
    room.keyboard.press("Shift+Tab")
    room.keyboard.press("Enter")
    room.wait_for_url(f"**/{made[columns].pk}/change/**")


def test_three_files_are_uploaded_and_the_bad_one_says_why(
    forgiving_room: Page, live_server: Any, tmp_path: Path
) -> None:
    room = forgiving_room
    room.goto(f"{live_server.url}{ROOM}many/")
    files = {"one.jpg": pictures.jpeg(), "bad.jpg": b"no picture", "two.jpg": pictures.jpeg(500)}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    room.get_by_label("Choose pictures").set_input_files([tmp_path / name for name in files])
    room.get_by_label("Credit").fill("Jane Doe")
    room.get_by_label("Licence").select_option("own-work")
    room.get_by_label("Credit").press("Enter")
    rows = room.get_by_role("list", name="Uploads").get_by_role("listitem")
    expect(rows.nth(0).get_by_role("link", name="Complete it")).to_be_visible()
    expect(rows.nth(1).get_by_text("This is not a JPEG")).to_be_visible()
    expect(rows.nth(2).get_by_text("No alt text")).to_be_visible()
    expect(room.get_by_text("2 in the library, 1 not taken")).to_be_visible()
    expect(room.get_by_role("link", name="Give them the words that they lack")).to_be_visible()
    assert sorted(Image.objects.values_list("file_name", "credit", "licence")) == [
        ("one.jpg", "Jane Doe", "own-work"),
        ("two.jpg", "Jane Doe", "own-work"),
    ]


def test_upload_that_broke_off_is_tried_again_and_leaving_is_guarded(
    room: Page, live_server: Any, tmp_path: Path
) -> None:
    room.goto(f"{live_server.url}{ROOM}many/")
    room.evaluate(BREAK_THE_FIRST)
    (tmp_path / "one.jpg").write_bytes(pictures.jpeg())
    room.get_by_label("Choose pictures").set_input_files(tmp_path / "one.jpg")
    leaving = "() => !window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert room.evaluate(leaving)
    room.get_by_role("button", name="Upload").click()
    again = room.get_by_role("button", name="Try one.jpg again")
    expect(room.get_by_text("The upload broke off.")).to_be_visible()
    assert not Image.objects.exists()
    again.click()
    expect(room.get_by_text("1 in the library")).to_be_visible()
    assert not room.evaluate(leaving)


#: The connection is lost while the first request is on its way.
BREAK_THE_FIRST = """() => {
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) {
    XMLHttpRequest.prototype.send = send;
    this.dispatchEvent(new ProgressEvent("error"));
  };
}"""


def test_what_pictures_lack_is_typed_by_keyboard_alone(room: Page, live_server: Any) -> None:
    factories.image(file_name="older.jpg", alt="")
    factories.image(file_name="newer.jpg", alt="", credit="")
    room.goto(f"{live_server.url}{ROOM}incomplete/")
    expect(room.get_by_text("newer.jpg")).to_be_visible()
    expect(room.get_by_label("Alternative text:")).to_be_focused()
    room.keyboard.type("A crane over the quay")
    room.keyboard.press("Tab")
    room.keyboard.press("Tab")
    room.keyboard.type("Jane Doe")
    room.keyboard.press("Enter")
    expect(room.get_by_text("older.jpg")).to_be_visible()
    expect(room.get_by_label("Alternative text:")).to_be_focused()
    room.keyboard.press("Tab")
    room.keyboard.press("Space")
    room.keyboard.press("Enter")
    expect(room.get_by_text(re.compile("No picture lacks anything"))).to_be_visible()
    assert sorted(Image.objects.values_list("alt", "decorative", "credit")) == [
        ("", True, "Rui Falcão / The Harbor Courier"),
        ("A crane over the quay", False, "Jane Doe"),
    ]
