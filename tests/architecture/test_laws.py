"""Laws that a reader of the code can break without noticing."""

import ast
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OURS = ("newsroom", "articles", "authors", "sections")

#: Names that only models and the workflow may write, or even spell (law 2).
GUARDED = {"state", "published_at"}
STATES = {"draft", "in-review", "approved", "published", "withdrawn"}

#: May write them: the models that define them, the one door, and migrations.
DOORS = ("articles/models/", "articles/workflow.py", "/migrations/")

#: Read-only look-ups, each with its reason.
LISTED: dict[str, str] = {
    "articles/announcements.py": "tells a webhook when a story was published",
    "articles/search/entries.py": "reads the time of a story, to keep it beside its words",
    "articles/management/commands/seed_archive.py": "says when, to workflow.bring_in",
    "newsroom/management/demo/loader.py": "says when, to workflow.bring_in",
}


#: What can call another machine. newsroom/outbound.py is the one way out.
CALLERS = {"requests", "requests_hardened", "urllib3", "urllib.request", "http.client", "socket"}
#: Import one of them and call nobody, each with its reason.
CALL_NOBODY: dict[str, set[str]] = {
    # Asks for the name of its own machine.
    "newsroom/deliveries/tick.py": {"socket"},
    # Open the socket that the site is served on, and tell systemd of this machine.
    "newsroom/management/commands/serve.py": {"socket"},
    "newsroom/management/supervisor.py": {"socket"},
}


def sources() -> list[Path]:
    return [path for app in OURS for path in sorted((ROOT / app).rglob("*.py"))]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def writes(tree: ast.AST) -> list[str]:
    """Assignments to, and keywords with, a guarded name; constants that spell it."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            if node.attr in GUARDED:
                found.append(f"{node.lineno}: .{node.attr} =")
        elif isinstance(node, ast.keyword) and node.arg:
            if node.arg.split("__")[0] in GUARDED:
                found.append(f"{node.value.lineno}: {node.arg}=")
        elif isinstance(node, ast.Constant) and node.value in GUARDED:
            found.append(f"{node.lineno}: {node.value!r}")
    return found


def test_only_the_workflow_changes_state_and_publishing_time() -> None:
    found = {
        name(path): lines
        for path in sources()
        if not any(door in name(path) for door in DOORS)
        and (lines := writes(ast.parse(path.read_text())))
        and name(path) not in LISTED
    }
    assert found == {}


def test_the_one_door_test_sees_what_it_should() -> None:
    assert writes(ast.parse("article.state = 'x'")) == ["1: .state ="]
    assert writes(ast.parse("Article.objects.update(published_at=now)")) == ["1: published_at="]
    assert writes(ast.parse("setattr(article, 'state', 'x')")) == ["1: 'state'"]
    assert writes(ast.parse("rows.filter(state__in=[])")) == ["1: state__in="]


def test_listed_exceptions_still_exist() -> None:
    assert [path for path in LISTED if not (ROOT / path).exists()] == []


def test_public_code_never_asks_who_is_reading() -> None:
    """Law 10: views of the public, context processors and feeds do not touch request.user."""
    public = [
        path
        for path in sources()
        if (
            "views" in path.parts
            or path.name in {"views.py", "feeds.py", "sitemaps.py", "context.py"}
        )
        and "admin" not in path.parts
    ]
    assert public
    found = [
        f"{name(path)}:{node.lineno}"
        for path in public
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"user", "session", "COOKIES"}
        and isinstance(node.value, ast.Name) and node.value.id == "request"
    ]  # fmt: skip
    assert found == []


def test_no_relative_time_is_printed() -> None:
    """Law 3: "3 hours ago" would be wrong in every stored page."""
    templates = (ROOT / "templates").rglob("*.html")
    assert [name(path) for path in templates if "|timesince" in path.read_text()] == []


def test_caching_knows_strings_only() -> None:
    tree = ast.parse((ROOT / "newsroom" / "caching.py").read_text())
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [module for module in modules if module.split(".")[0] in OURS]


def callers(tree: ast.AST) -> set[str]:
    """The modules it imports that can call another machine, however it spells that."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {caller for caller in CALLERS for name in names if f"{name}.".startswith(f"{caller}.")}


def test_only_outbound_calls_other_machines() -> None:
    found = {
        name(path): used
        for path in sources()
        if (used := callers(ast.parse(path.read_text())) - CALL_NOBODY.get(name(path), set()))
    }
    assert set(found) == {"newsroom/outbound.py"}


def test_the_one_way_out_test_sees_what_it_should() -> None:
    assert callers(ast.parse("import requests.adapters")) == {"requests"}
    assert callers(ast.parse("from http import HTTPStatus, client")) == {"http.client"}
    assert callers(ast.parse("from urllib import request")) == {"urllib.request"}
    assert callers(ast.parse("import urllib.request as web")) == {"urllib.request"}
    assert callers(ast.parse("from urllib.parse import urlsplit; import socketserver")) == set()
