"""Makes the pictures of docs/editors.md from a demo outlet of its own: ``make guide``.

They are WebP files in docs/pictures/, as the desk looks in a window of 1280 by 860 pixels.
"""

import io
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import django

django.setup()

from PIL import Image  # noqa: E402 - settings first
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests import outlet as outlets  # noqa: E402
from tests.conftest import FLAGS  # noqa: E402

PICTURES = outlets.ROOT / "docs" / "pictures"
PASSWORD = "harbor-lantern"
SIZE = {"width": 1280, "height": 860}
STORIES = "/admin/articles/article/"


def first_page(page: Page, desk: str) -> None:
    page.goto(f"{desk}/admin/")


def stories(page: Page, desk: str) -> None:
    page.goto(desk + STORIES)


def form(page: Page, desk: str) -> None:
    page.goto(f"{desk}{STORIES}?stands=draft")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_selector("textarea[data-mounted]", state="attached")


def live_preview(page: Page, desk: str) -> None:
    page.goto(f"{desk}{STORIES}?stands=out")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_selector("textarea[data-mounted]", state="attached")
    page.get_by_role("button", name="Live preview").click()
    page.frame_locator("iframe").locator("h1").wait_for()


def keys(page: Page, desk: str) -> None:
    form(page, desk)
    page.get_by_role("button", name="Keys", exact=True).click()


def history(page: Page, desk: str) -> None:
    page.goto(f"{desk}{STORIES}?stands=out")
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_selector("textarea[data-mounted]", state="attached")
    page.locator("#id_headline").fill("Raise the Wall, and Read Every Bill")
    page.keyboard.press("Control+s")
    page.locator(".messagelist").wait_for()
    page.get_by_role("link", name="History").click()
    page.locator("input[type=radio]").first.wait_for()
    older, newer = (page.locator(f"input[name={side}]") for side in ("older", "newer"))
    older.last.check()
    newer.first.check()
    page.get_by_role("button", name="Compare").click()


def images(page: Page, desk: str) -> None:
    page.goto(f"{desk}/admin/images/image/")


SCREENS: tuple[Callable[[Page, str], None], ...] = (
    first_page, stories, form, live_preview, keys, history, images,
)  # fmt: skip


def main() -> None:
    os.environ["DEMO_PASSWORD"] = PASSWORD
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("The pictures are taken with Chromium, and there is none on the PATH.")
    with (
        tempfile.TemporaryDirectory() as name,
        outlets.migrated(Path(name)) as template,
        outlets.outlet(Path(name) / "guide", template) as outlet,
        sync_playwright() as playwright,
    ):
        port = _free_port()
        desk = f"http://127.0.0.1:{port}"
        outlet.environment["SITE_URL"] = desk
        outlet.manage("seed_demo")
        site = outlet.start("serve", "--bind", f"127.0.0.1:{port}")
        outlets.wait_until(lambda: _answers(desk))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")
        _log_in(page, desk)
        PICTURES.mkdir(exist_ok=True)
        for screen in SCREENS:
            screen(page, desk)
            page.wait_for_load_state("networkidle")
            _keep(page.screenshot(), screen.__name__.replace("_", "-"))
        browser.close()
        outlets.stop(site)


def _log_in(page: Page, desk: str) -> None:
    page.goto(f"{desk}/admin/")
    page.get_by_label("Login").fill("chief")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{desk}/admin/")


def _keep(png: bytes, name: str) -> None:
    with Image.open(io.BytesIO(png)) as shot:
        shot.convert("RGB").save(PICTURES / f"{name}.webp", quality=82, method=6)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answers(desk: str) -> bool:
    try:
        return urlopen(f"{desk}/readyz", timeout=5).status == 200  # noqa: S310 - http, as made above
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    main()
