"""What every test finds: a desk with its roles, files in a place of their own, a browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from newsroom.accounts.models import User
from tests import factories
from tests import outlet as outlets

# Tests are never timed: a busy machine is no failure.
hypothesis_settings.register_profile("newsroom", deadline=None)
hypothesis_settings.load_profile("newsroom")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
IMMEDIATE = "django_tasks.backends.immediate.ImmediateBackend"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--printed-page",
        default=str(Path(__file__).parent / "pages" / "fixtures" / "printed-page.txt"),
        help="The page, as plain text, that test_whole_way.py types into the desk.",
    )
    parser.addoption("--stories", type=int, default=20, help="Scheduled stories in one trial.")
    parser.addoption("--kills", type=int, default=5, help="Workers killed in one trial.")


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Media in a folder that goes with the test; passwords hashed fast; nothing cached between;
    tasks run where they are asked for, unless a test starts a worker."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TASKS = {"default": {**settings.TASKS["default"], "BACKEND": IMMEDIATE}}
    cache.clear()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Static files are collected once, as a deployment does; ``make test`` has done it before."""
    is_worker = hasattr(session.config, "workerinput")
    if not is_worker and not (Path(site.STATIC_ROOT) / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that need PostgreSQL are left out on SQLite, where they could only mislead."""
    if connection.vendor == "postgresql":
        return
    left_out = [item for item in items if item.get_closest_marker("postgresql")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def _collected_static_files() -> Iterator[None]:
    """The live server hands out the collected files through WhiteNoise, as readers get them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "_should_handle", lambda self, path: False)
        yield


@pytest.fixture
def reporter(db: None) -> User:
    return factories.user("reporter")


@pytest.fixture
def editor(db: None) -> User:
    return factories.user("editor")


@pytest.fixture
def chief(db: None) -> User:
    return factories.user("chief")


@pytest.fixture
def powerless(db: None) -> User:
    """Staff without any permission."""
    return factories.user()


def logged_in(user: User) -> Client:
    """A client at the desk."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture(scope="session")
def migrated(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[str]:
    """A database that outlets of their own are copied from."""
    with (
        django_db_blocker.unblock(),
        outlets.migrated(tmp_path_factory.mktemp("template")) as database,
    ):
        yield database


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; says so when there is none (``.ci/run`` makes sure there is)."""
    if CHROMIUM is None:
        pytest.skip("No Chromium on the PATH: browser tests need one.")
    # Playwright runs an event loop; Django's safety net would forbid the ORM beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # Nothing is timed by it: a picture takes seconds to open where every core is busy.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A fresh page whose console errors and policy violations fail the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    yield page
    context.close()
    assert complaints == []
