"""A whole site in processes of its own: database, files, workers; for what threads cannot show.

``scenes`` are functions in ``tests/scenes.py`` that run in a fresh process on that site.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings as site
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
#: Generous, for a busy machine; nothing is timed by it.
PATIENCE_SECONDS = 120


@dataclass
class Outlet:
    """One site. ``environment`` is what its processes get beside the ordinary."""

    folder: Path
    database_url: str
    environment: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def env(self) -> dict[str, str]:
        own = {
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": self.database_url,
            "STATIC_ROOT": str(site.STATIC_ROOT),
            "SITE_URL": "http://127.0.0.1:8000",
            "TASK_QUEUE": "database",
        }
        return {**os.environ, **own, **self.environment}

    def play(self, scene: str, *args: Any) -> Any:
        """What the scene gives back. Its log is shown when it fails."""
        told = [sys.executable, "-m", "tests.scenes", scene, json.dumps(args)]
        ended = subprocess.run(told, cwd=ROOT, env=self.env, check=False, capture_output=True)
        assert ended.returncode == 0, ended.stderr.decode()
        return json.loads(ended.stdout)

    def manage(self, *command: str) -> None:
        """A ``manage.py`` command that comes to its end."""
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=self.env, check=True)

    def start(self, *command: str, **streams: Any) -> subprocess.Popen[bytes]:
        """A ``manage.py`` command that goes on running; it is killed when the test ends."""
        told = [sys.executable, "manage.py", *command]
        process = subprocess.Popen(told, cwd=ROOT, env=self.env, **streams)
        self.processes.append(process)
        return process

    def start_worker(self, *options: str) -> subprocess.Popen[bytes]:
        with (self.folder / "work.log").open("ab") as log:
            return self.start("work", *options, stderr=log)

    def worker_log(self) -> str:
        log = self.folder / "work.log"
        return log.read_text() if log.exists() else ""

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def stop(process: subprocess.Popen[bytes]) -> int:
    """Its exit code after it was asked to stop."""
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE_SECONDS)


def wait_until(holds: Callable[[], Any], what: str = "It never happened.") -> Any:
    """What ``holds`` gives as soon as it is true."""
    patience_ends = time.monotonic() + PATIENCE_SECONDS
    while not (found := holds()):
        assert time.monotonic() < patience_ends, what
        time.sleep(0.05)
    return found


@contextmanager
def migrated(folder: Path) -> Iterator[str]:
    """A database with all tables that others can be copied from: a file, or a name."""
    made = _new_database(folder, "")
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    env = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": _url(made)}
    subprocess.run(command, cwd=ROOT, env=env, check=True)
    yield made
    _drop(made)


@contextmanager
def outlet(folder: Path, template: str, **environment: str) -> Iterator[Outlet]:
    """A new site with a copy of the template's database."""
    folder.mkdir(parents=True, exist_ok=True)
    database = _new_database(folder, template)
    made = Outlet(folder, _url(database), environment)
    try:
        yield made
    finally:
        made.end()
        _drop(database)


def _new_database(folder: Path, template: str) -> str:
    if connection.vendor == "sqlite":
        path = folder / f"{uuid4().hex}.sqlite3"
        if template:
            shutil.copyfile(template, path)
        return str(path)
    name = f"outlet_{uuid4().hex}"
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}"')
    return name


def _drop(database: str) -> None:
    if connection.vendor == "postgresql":
        _administer(f'DROP DATABASE "{database}" WITH (FORCE)')


def _administer(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def _url(database: str) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{database}"
    where = connection.settings_dict
    login = where["USER"] + (f":{where['PASSWORD']}" if where["PASSWORD"] else "")
    return f"postgres://{login}@{where['HOST']}:{where['PORT'] or 5432}/{database}"
