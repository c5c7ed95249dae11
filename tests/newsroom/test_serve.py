"""``manage.py serve`` as an operator runs it: gunicorn, the worker and signals, all of them real."""

import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError
from django.db.migrations.recorder import MigrationRecorder

from newsroom.management.commands.serve import listen, refuse_unless_ready
from newsroom.management.supervisor import Child
from tests import outlet as outlets
from tests.newsroom.serving import PROC, Log, Site, children, kill, readers
from tests.outlet import PATIENCE_SECONDS, ROOT, stop, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROC.exists(), reason="Looks at processes through /proc."),
]


@pytest.fixture
def site(migrated: str, tmp_path: Path, django_db_blocker: Any) -> Iterator[Site]:
    sizes = {"WEB_WORKERS": "1", "WEB_THREADS": "4", "ACCESS_LOG": "-", "BIND": "127.0.0.1:0"}
    with django_db_blocker.unblock(), outlets.outlet(tmp_path / "var", migrated, **sizes) as made:
        site = Site(made)
        yield site
        kill(site.everybody())


def test_site_and_worker_run_and_stop_in_good_order(site: Site) -> None:
    site.start()
    wait_until(lambda: "workers: 1" in site.get("/readyz")[1], "The worker never worked.")
    status, _, headers = site.get("/?key=secret", Referer="https://a.example/?key=secret")
    assert (status, headers["Server"]) == (200, "gunicorn")
    assert stop(site.parent) == 0
    assert site.everybody() == []
    line = [entry for entry in site.log.entries() if entry["logger"] == "gunicorn.access"][-1]
    assert (line["message"], line["from"], line["level"]) == ("GET / 200", "127.0.0.1", "INFO")
    assert "secret" not in site.log.path.read_text()
    assert "Traceback" not in site.log.path.read_text()


def test_reload_and_stop_fail_no_request(site: Site) -> None:
    site.start()
    [first], [worker] = site.masters(), wait_until(site.workers)
    with readers(site) as crowd:
        for _ in range(3):
            site.reload()
        assert first not in wait_until(lambda: len(found := site.masters()) == 1 and found)
        assert worker not in wait_until(lambda: len(found := site.workers()) == 1 and found)
        site.parent.send_signal(signal.SIGINT)
        assert site.parent.wait(PATIENCE_SECONDS) == 0
    assert [failure for reader in crowd for failure in reader.failures] == []
    assert all(reader.served for reader in crowd)
    assert site.everybody() == []


def test_who_is_killed_comes_back(site: Site) -> None:
    site.start()
    [master], [worker] = site.masters(), wait_until(site.workers)
    [served_by] = children(master)
    kill([served_by, worker])
    assert wait_until(lambda: children(master) not in ([served_by], []))
    assert site.get()[0] == 200
    assert wait_until(site.workers) != [worker]
    site.log.wait_for("The worker ended with SIGKILL. It is started again in 1 s.")
    kill([master])
    # Nobody is refused meanwhile: the parent has the socket.
    assert site.get()[0] == 200
    assert wait_until(site.masters) != [master]
    site.log.wait_for("Gunicorn ended with SIGKILL. It is started again in 1 s.")
    assert stop(site.parent) == 0


def test_nobody_outlives_a_parent_that_is_killed(site: Site) -> None:
    site.start()
    wait_until(lambda: len(site.everybody()) == 4)
    site.parent.kill()
    wait_until(lambda: site.everybody() == [], "Somebody lives on.")


def test_old_code_goes_on_while_the_new_is_broken(site: Site, tmp_path: Path) -> None:
    """Gunicorn's own reload ends the site here. The link is what switches between releases."""
    link = tmp_path / "current"
    link.symlink_to(release(tmp_path / "1"))
    site.start("--no-work", manage=link / "manage.py")
    masters = site.masters()
    for failed, broken in enumerate(("newsroom/wsgi.py", "newsroom/checks.py")):
        link.unlink()
        link.symlink_to(release(tmp_path / broken, without=broken))
        site.parent.send_signal(signal.SIGHUP)
        wait_until(lambda: site.log.path.read_text().count("The reload failed") > failed)  # noqa: B023 - it is asked here and now
        assert (site.get()[0], site.masters()) == (200, masters)
    link.unlink()
    link.symlink_to(release(tmp_path / "4"))
    site.parent.send_signal(signal.SIGHUP)
    wait_until(lambda: "Reloaded" in site.log.path.read_text())
    assert site.get()[0] == 200
    [master] = wait_until(lambda: len(found := site.masters()) == 1 and found)
    assert (PROC / str(master) / "cwd").readlink() == tmp_path / "4"


def release(folder: Path, *, without: str = "newsroom/nothing") -> Path:
    """The code once more, linked, but for one module."""
    (folder / "newsroom").mkdir(parents=True)
    for path in (*ROOT.iterdir(), *(ROOT / "newsroom").iterdir()):
        name = path.relative_to(ROOT)
        if name.suffix != ".py" and name.name in {"newsroom", "var", "__pycache__"}:
            continue
        if str(name) != without and name != Path("manage.py"):
            (folder / name).symlink_to(path)
    # A copy: Python would look for the others beside the file that a link leads to.
    shutil.copyfile(ROOT / "manage.py", folder / "manage.py")
    return folder


# --- Refusals -------------------------------------------------------------------------------------


def test_taken_port_is_a_sentence(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        bind = f"127.0.0.1:{other.getsockname()[1]}"
        command = [sys.executable, "manage.py", "serve", "--bind", bind]
        done = subprocess.run(
            command, cwd=ROOT, env=site.outlet.env, check=False, capture_output=True, text=True
        )
    assert done.returncode == 1
    assert done.stderr == (
        f"CommandError: {bind} is taken: another process serves it. Stop that one, or choose"
        " another address with --bind.\n"
    )


@pytest.mark.parametrize("bind", ["8000", "127.0.0.1", "127.0.0.1:x", ":8000", "[::1]:99999"])
def test_what_is_no_address_is_a_sentence(bind: str) -> None:
    with pytest.raises(CommandError, match=r"is no address. Give host and port"):
        listen(bind)


@pytest.mark.django_db
def test_site_as_the_tests_run_it_would_be_served() -> None:
    refuse_unless_ready()


@pytest.mark.django_db
def test_missing_migrations_are_a_sentence() -> None:
    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    with pytest.raises(CommandError, match=r"sessions.0001_initial. Run `manage.py migrate` first"):
        refuse_unless_ready()


@pytest.mark.django_db
def test_missing_static_files_are_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(staticfiles_storage.hashed_files, "site/favicon.svg")
    with pytest.raises(CommandError, match=r"1 static files are not collected, site/favicon.svg"):
        refuse_unless_ready()


@pytest.mark.django_db
def test_failing_check_is_a_sentence(settings: Any) -> None:
    settings.SITE_URL = "http://news.example"
    with pytest.raises(CommandError, match="passwords would cross the network"):
        refuse_unless_ready()


# --- The parent, with stand-ins for its children ----------------------------------------------------

READY = "import os, signal, time; os.write(int(os.environ['SERVE_READY_FD']), b'.');"
SERVES = f"{READY} time.sleep(600)"
IS_DEAF = f"{READY} signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
DIES = "raise SystemExit(3)"


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Any]:
    started = []

    def start(
        site: str, worker: str = "", *, stop_seconds: float = 600, **streams: Any
    ) -> tuple[subprocess.Popen[bytes], Log]:
        log = tmp_path / "log"
        command = [sys.executable, "-m", "tests.newsroom.supervised", site, worker]
        with log.open("wb") as lines:
            started.append(
                subprocess.Popen([*command, str(stop_seconds)], cwd=ROOT, stderr=lines, **streams)
            )
        return started[-1], Log(log)

    yield start
    for parent in started:
        parent.kill()
        parent.wait()


def test_gunicorn_that_dies_five_times_in_a_row_ends_all(supervise: Any) -> None:
    parent, log = supervise(DIES)
    assert parent.wait(PATIENCE_SECONDS) == 1
    assert len(log.said("Gunicorn ended with exit code 3. It is started again in 0 s.")) == 4
    assert log.said("Gunicorn ended 5 times in a row, last with exit code 3, and is given up.")


def test_site_is_served_while_only_the_worker_cannot_run(supervise: Any) -> None:
    parent, log = supervise(SERVES, DIES)
    log.wait_for("The worker has ended 7 times in a row. The site is served;")
    assert parent.poll() is None
    assert log.said("Gunicorn") == []
    assert stop(parent) == 0


def test_who_has_just_died_is_still_missed_after_being_told_to_stop() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    Child(process, ready_fd=-1, started_at=0.0).end(within=1)
    found, status = os.waitpid(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert (found, process.returncode) == (process.pid, 0)


def test_who_is_deaf_is_killed_in_the_end(supervise: Any) -> None:
    parent, log = supervise(IS_DEAF, stop_seconds=0.2)
    log.wait_for("Serving on")
    assert stop(parent) == 0
    assert log.said("takes too long and is killed")


def test_second_interrupt_ends_all_at_once(supervise: Any) -> None:
    parent, log = supervise(IS_DEAF)
    log.wait_for("Serving on")
    parent.send_signal(signal.SIGINT)
    log.wait_for("Stopping.")
    assert parent.poll() is None
    parent.send_signal(signal.SIGINT)
    assert parent.wait(PATIENCE_SECONDS) == 0


def test_closed_window_ends_what_was_started_in_it(supervise: Any) -> None:
    """A terminal sends SIGHUP when it goes; from anybody else that asks for a reload."""
    window, terminal = os.openpty()
    parent, log = supervise(SERVES, stdin=terminal)
    os.close(terminal)
    log.wait_for("Serving on")
    parent.send_signal(signal.SIGHUP)
    log.wait_for("Reloaded")
    os.close(window)
    parent.send_signal(signal.SIGHUP)
    assert parent.wait(PATIENCE_SECONDS) == 0


def test_systemd_is_told_what_goes_on(supervise: Any, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(PATIENCE_SECONDS)
        told = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")}
        parent, _ = supervise(SERVES, env=told)
        assert systemd.recv(99) == b"READY=1"
        parent.send_signal(signal.SIGHUP)
        assert [systemd.recv(99), systemd.recv(99)] == [b"RELOADING=1", b"READY=1"]
        assert stop(parent) == 0
        assert systemd.recv(99) == b"STOPPING=1"


# --- What else ships --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        ("0", "203.0.113.9", "127.0.0.1"),
        ("1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("2", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("2", "203.0.113.9", "127.0.0.1"),
        ("1", "", "127.0.0.1"),
    ],
)
def test_access_log_names_the_reader_as_the_trusted_proxies_do(
    monkeypatch: pytest.MonkeyPatch, proxies: str, forwarded: str, address: str
) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", proxies)
    config = runpy.run_path(str(ROOT / "deploy" / "gunicorn.py"))
    request = {"HTTP_X_FORWARDED_FOR": forwarded, "REMOTE_ADDR": "127.0.0.1"}
    assert config["client"](request) == address


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("No systemd-analyze on the PATH: the unit is checked with it.")
    unit = (ROOT / "deploy" / "newsroom.service").read_text()
    here = tmp_path / "newsroom.service"
    here.write_text(unit.replace("/srv/newsroom/.venv/bin/python", sys.executable))
    done = subprocess.run(
        [analyze, "verify", str(here)], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
