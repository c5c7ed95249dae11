"""The house: what stands where, who may know whom."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import ForeignObject, ManyToManyField

from newsroom.audit.models import Entry
from newsroom.deliveries.models import Delivery

ROOT = Path(settings.BASE_DIR)
BIN = Path(sys.executable).parent
OURS = ("newsroom", "articles", "authors", "sections")

#: As the contract "house" has them, upper first; apps of one line do not know each other.
LAYERS = (
    {"newsroom.fronts"},
    {"articles"},
    {"authors"},
    {"sections"},
    {
        "newsroom.publication",
        "newsroom.images",
        "newsroom.accounts",
    },
    {"newsroom.redirects", "newsroom.audit", "newsroom.deliveries"},
)

#: People are referred to by everyone, as Django means it.
KNOWN_TO_ALL = {"newsroom.accounts", "django.contrib.auth", "django.contrib.contenttypes"}


def run(*command: str) -> str:
    """What a check prints; fails the test when it complains."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_root_holds_the_rooms_of_the_house_and_nothing_else() -> None:
    rooms = {
        "manage.py", "pyproject.toml", "Makefile", "README.md", "LICENSE", "CHANGELOG.md",
        "requirements", "newsroom", "sections", "authors", "articles", "templates", "static",
        "tests", "docs", "deploy",
    }  # fmt: skip
    tracked = run("git", "ls-files").splitlines()
    found = {path.split("/")[0] for path in tracked}
    assert {name for name in found if not name.startswith(".")} <= rooms


def test_no_room_is_called_miscellaneous() -> None:
    forbidden = {"utils", "helpers", "common", "core", "base", "misc"}
    names = [path for app in OURS for path in (ROOT / app).rglob("*")]
    assert [path for path in names if path.stem in forbidden and path.suffix != ".html"] == []


def test_project_package_is_empty_and_holds_no_models() -> None:
    assert (ROOT / "newsroom" / "__init__.py").read_text() == ""
    assert not (ROOT / "newsroom" / "models.py").exists()
    assert not (ROOT / "newsroom" / "services.py").exists()


def test_imports_keep_their_contracts() -> None:
    run(str(BIN / "lint-imports"), "--no-cache")


def test_relations_point_down_as_imports_do() -> None:
    rank = {app: number for number, layer in enumerate(LAYERS) for app in layer}
    upward = []
    for model in apps.get_models():
        here = model._meta.app_config.name
        if not here.startswith(OURS):
            continue
        for field in model._meta.get_fields(include_parents=False):
            if not isinstance(field, ForeignObject | ManyToManyField) or field.auto_created:
                continue
            there = field.related_model._meta.app_config.name
            if there != here and there not in KNOWN_TO_ALL and rank[there] <= rank[here]:
                upward.append(f"{model.__name__}.{field.name} -> {there}")
    assert upward == []


def test_every_app_of_ours_has_its_layer() -> None:
    ours = {config.name for config in apps.get_app_configs() if config.name.startswith(OURS)}
    assert ours - {"newsroom"} == set().union(*LAYERS)


def test_audit_and_deliveries_name_their_subject_by_a_string() -> None:
    for model in (Entry, Delivery):
        assert not model._meta.get_field("subject").is_relation


def test_code_is_formatted_and_linted() -> None:
    run(str(BIN / "ruff"), "format", "--check", ".")
    run(str(BIN / "ruff"), "check", ".")


def test_types_hold() -> None:
    run(str(BIN / "mypy"))


def test_templates_are_clean() -> None:
    templates = [str(path) for path in (ROOT / "templates").rglob("*.html")]
    run(str(BIN / "djade"), "--target-version", "5.2", "--check", *templates)
    run(str(BIN / "djlint"), "templates", "--lint", "--quiet")


@pytest.mark.django_db
def test_models_have_their_migrations() -> None:
    run(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")


def test_locks_hold_names_versions_and_hashes_only() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        for line in lock.read_text().splitlines():
            assert re.match(
                r"^([a-z0-9][a-z0-9._\[\]-]*==\S+( ; .*)? \\|    --hash=sha256:\w{64}( \\)?)$", line
            ), line


def test_every_part_is_there_when_all_are_demanded() -> None:
    """``.ci/run`` sets ALL_PARTS: nothing is skipped for want of a browser there."""
    if not os.environ.get("ALL_PARTS"):
        pytest.skip("ALL_PARTS is not set: parts that are missing are allowed to be.")
    assert shutil.which("chromium")
    assert shutil.which("redis-server")
    assert (BIN / "rclone").exists()
