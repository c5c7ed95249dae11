"""The demo outlet and the archive, made for real."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from articles.models import Article, Correction, State
from newsroom.accounts.models import User
from newsroom.images.models import Image
from sections.models import Section
from tests import factories
from tests.pages import surfaces

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


def seed_demo() -> str:
    said = io.StringIO()
    call_command("seed_demo", stdout=said)
    return said.getvalue()


def test_demo_is_a_whole_paper_that_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "harbor lantern")
    said = seed_demo()
    assert "chief, editor, reporter, powerless" in said
    assert "harbor lantern" in said
    now = timezone.now()
    assert Article.objects.count() == 30
    assert Article.objects.published(now=now).count() == 24
    assert Article.objects.scheduled(now=now).count() == 1
    assert {state for state in State if Article.objects.in_state(state).exists()} == set(State)
    assert Section.objects.filter(parent=None).count() == 7
    assert Correction.objects.count() >= 3
    assert Image.objects.without_rights().count() == Image.objects.without_alt().count() == 0
    assert User.objects.get(username="chief").check_password("harbor lantern")
    pages = [at for at in surfaces.addresses() if not at.startswith("/media/")]
    assert {Client().get(at).status_code for at in pages} <= {200, 302, 404, 410}
    assert "harbor lantern" in seed_demo()
    assert Article.objects.count() == 30


def test_demo_stays_out_of_a_database_with_other_content() -> None:
    factories.section("Ours")
    with pytest.raises(CommandError, match="content of its own"):
        seed_demo()
    assert Section.objects.count() == 1


def test_demo_stays_out_of_a_real_site(settings: Any) -> None:
    settings.SECURE, settings.SITE_URL = True, "https://news.example"
    with pytest.raises(CommandError, match="a real site"):
        seed_demo()
    assert not User.objects.exists()


def test_password_is_made_and_kept_for_its_owner_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    monkeypatch.setattr("newsroom.management.demo.loader.prepare_pictures", dict)
    monkeypatch.setattr("newsroom.management.demo.loader.fill", lambda *args, **kwargs: None)
    said = seed_demo()
    kept = tmp_path / "demo_password"
    assert kept.read_text() in said
    assert len(kept.read_text()) >= 12
    assert kept.stat().st_mode & 0o077 == 0


def test_archive_has_as_many_plausible_stories_as_were_asked_for() -> None:
    call_command("seed_archive", 30, stdout=io.StringIO())
    articles = Article.objects.published(now=timezone.now())
    assert articles.count() == 30
    assert all(700 <= article.body.word_count <= 900 for article in articles[:5])
    assert Client().get("/").status_code == 200
    call_command("seed_archive", 5, seed=2, stdout=io.StringIO())
    assert articles.count() == 35


def test_archive_of_nothing_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("seed_archive", 0)
