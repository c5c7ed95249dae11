"""The one switch, tried in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import CheckMessage, run_checks

from newsroom import checks

SHOW = (
    "from django.conf import settings as s;"
    "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
    " s.SECURE_HSTS_SECONDS > 0, s.SECURE_SSL_REDIRECT, s.DEBUG)"
)


def manage(*arguments: str, tmp_path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=kept | {"VAR_DIR": str(tmp_path)} | env,
        capture_output=True,
        text=True,
        check=False,
    )


def shown(tmp_path: Path, **env: str) -> str:
    return manage("shell", "-v0", "-c", SHOW, tmp_path=tmp_path, **env).stdout.strip()


def test_https_is_strict_by_itself(tmp_path: Path) -> None:
    strict = shown(tmp_path, SITE_URL="https://news.example", SECRET_KEY="s" * 60)
    assert strict == "__Host-session __Host-csrf True True True False"


def test_laptop_is_plain_and_makes_its_key_once(tmp_path: Path) -> None:
    assert shown(tmp_path) == "session csrf False False False False"
    key = (tmp_path / "secret_key").read_text()
    assert len(key) >= 50
    shown(tmp_path)
    assert (tmp_path / "secret_key").read_text() == key


def test_https_without_a_key_names_the_fix(tmp_path: Path) -> None:
    done = manage("check", tmp_path=tmp_path, SITE_URL="https://news.example")
    assert done.returncode != 0
    assert "Make one with" in done.stderr


def test_plain_http_elsewhere_is_refused_and_can_be_allowed(tmp_path: Path) -> None:
    refused = manage("check", tmp_path=tmp_path, SITE_URL="http://news.example")
    assert "newsroom.E003" in refused.stderr
    env = {"SITE_URL": "http://news.example", "ALLOW_PLAIN_HTTP": "1"}
    assert manage("check", tmp_path=tmp_path, **env).returncode == 0


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ({"SITE_URL": "news.example"}, "newsroom.E001"),
        ({"SITE_URL": "https://news.example/blog", "SECRET_KEY": "s" * 60}, "newsroom.E002"),
        ({"EXTRA_HOSTS": "*"}, "newsroom.E005"),
    ],
)
def test_misconfiguration_is_a_check_with_its_id(tmp_path: Path, env: dict, code: str) -> None:
    assert code in manage("check", tmp_path=tmp_path, **env).stderr


def test_deployment_check_is_clean_on_https(tmp_path: Path) -> None:
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING",
        tmp_path=tmp_path, SITE_URL="https://news.example", SECRET_KEY="aB3!xyz9" * 10,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_checks_pass_as_the_tests_run() -> None:
    assert run_checks() == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("OUTBOUND_ALLOW", ["127.0.0.1"], "E013"),
        ("OUTBOUND_ALLOW", ["http://hub.internal:80"], "E013"),
        ("OUTBOUND_ALLOW", ["*:80"], "E013"),
        ("OUTBOUND_PROXY", "proxy:3128", "E014"),
        ("WEBSUB_HUBS", ["http://hub.example/"], "E015"),
        ("WEBSUB_HUBS", ["https://10.0.0.1/"], "E015"),
        ("WEBHOOK_URLS", ["hub.example"], "E015"),
        ("INDEXNOW_KEY", "short", "E016"),
        ("INDEXNOW_KEY", "with/a/slash", "E016"),
        ("INDEXNOW_ENDPOINT", "https://editor:hunter2@engine.example/", "E015"),
        ("WEBHOOK_SECRET", "", "E017"),
        ("WEBHOOK_SECRET", "whsec_no base64", "E017"),
        ("WEBHOOK_SECRET", "too short to be safe", "E017"),
    ],
)
def test_wrong_announcement_is_a_check_with_its_id_and_its_fix(
    settings: Any, name: str, value: Any, code: str
) -> None:
    settings.OUTBOUND_ALLOW = ["hub.internal:80", "[::1]:9000"]
    settings.WEBSUB_HUBS = ["https://hub.example/", "http://hub.internal/"]
    settings.INDEXNOW_KEY = "harbor-courier-key"
    settings.WEBHOOK_URLS = ["https://hooks.example/"]
    settings.WEBHOOK_SECRET = "a plain secret of 24 bytes"
    assert ours() == []
    setattr(settings, name, value)
    assert {error.id for error in ours()} >= {f"newsroom.{code}"}
    assert "hunter2" not in "".join(error.msg for error in ours())


def ours() -> list[CheckMessage]:
    return [*checks.ways_out(None), *checks.announcements(None)]
