"""Sites of their own, for tests that start and kill workers."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NotThere

from tests import outlet as outlets
from tests.outlet import Outlet, wait_until


@pytest.fixture
def outlet(migrated: str, tmp_path: Path, django_db_blocker: Any) -> Iterator[Outlet]:
    with django_db_blocker.unblock(), outlets.outlet(tmp_path / "var", migrated) as made:
        yield made


@pytest.fixture
def redis_outlet(
    migrated: str, tmp_path: Path, redis: str, django_db_blocker: Any
) -> Iterator[Outlet]:
    """A site whose tasks lie in Redis."""
    queue = {"TASK_QUEUE": "redis", "QUEUE_URL": redis}
    with django_db_blocker.unblock(), outlets.outlet(tmp_path / "var", migrated, **queue) as made:
        made.manage("migrate", "--verbosity", "0")
        yield made


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The address of a Redis of one's own; says so when there is none (``.ci/run`` has one)."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("No redis-server on the PATH: tests of the queue in Redis need one.")
    port = free_port()
    command = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tmp_path]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        address = f"redis://127.0.0.1:{port}/0"
        wait_until(lambda: answers(address), "Redis never answered.")
        yield address
        process.kill()


def answers(address: str) -> bool:
    with Redis.from_url(address) as client:
        try:
            return bool(client.ping())
        except NotThere:
            return False


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
