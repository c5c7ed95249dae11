"""Every list of the desk over 100,000 stories: ``make bench BENCH=lists``, or with
``ARGS="--stories 20000"`` for a quicker look.

Prints for each address its queries, and the processor time and the time on the clock that an answer
takes in the middle of ten, in milliseconds. ``--here`` measures the site that the environment
names, as whoever may do most there sees it, and writes nothing but a session.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - settings first
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from articles.models import Article  # noqa: E402
from authors.models import Author  # noqa: E402
from sections.models import Section  # noqa: E402
from tests import outlet as outlets  # noqa: E402

TIMES = 10
STORIES = "/admin/articles/article/"


def addresses() -> list[str]:
    """What a desk opens: each list as it comes, its last page, its filters, its searches."""
    words = Article.objects.order_by("-pk").values_list("headline", flat=True)[0].split()
    section = Section.objects.order_by("pk").values_list("pk", flat=True)[0]
    author = Author.objects.order_by("pk").values_list("name", flat=True)[0]
    asked = [
        "", "p=50", f"q={words[0]}", f"q={'+'.join(words)}", f"q={author.replace(' ', '+')}",
        "q=xyzzyx", "q=a", "stands=draft", "stands=in-review", "stands=scheduled", "stands=out",
        "stands=gone", "desk=mine", "desk=nobody", "changes=yes", f"section={section}",
        "kind=opinion", "when=today", "when=2020", "when=2020-02", "lead=missing", "o=7", f"stands=out&section={section}&q={words[0]}",
    ]  # fmt: skip
    return [
        "/admin/",
        *(f"{STORIES}?{query}" for query in asked),
        f"{STORIES}queue/",
        f"{STORIES}choose/",
        f"{STORIES}choose/?q={words[0]}",
        f"{STORIES}choose/?q=xyzzyx",
        f"{STORIES}authors/?q=a",
        f"{STORIES}topics/?q=a",
        "/admin/images/image/",
        "/admin/images/image/?q=harbor",
        "/admin/images/image/?rights=missing",
        "/admin/images/image/choose/?q=harbor",
        "/admin/authors/author/",
        "/admin/articles/tag/",
        "/admin/articles/tag/?o=3",
        "/admin/sections/section/",
        "/admin/audit/entry/",
        "/admin/audit/entry/?q=xyzzyx",
        "/admin/deliveries/delivery/",
        "/admin/redirects/redirect/",
        "/admin/accounts/user/",
    ]


def measure() -> None:
    client = Client(headers={"host": "127.0.0.1"})
    staff = get_user_model().objects.filter(is_active=True, is_staff=True)
    client.force_login(
        max(staff, key=lambda user: len(user.get_all_permissions())),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    sys.stdout.write(
        f"{connection.vendor}, {Article.objects.count():,} stories\n"
        f"{'':<72}{'queries':>8}{'ms, cpu':>9}{'ms':>7}\n"
    )
    for address in addresses():
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200, address
        queries = len(captured)
        cpu, clock = zip(*(_timed(client, address) for _ in range(TIMES)), strict=True)
        sys.stdout.write(f"{address:<72}{queries:>8}{_middle(cpu):>9.0f}{_middle(clock):>7.0f}\n")


def _timed(client: Client, address: str) -> tuple[float, float]:
    """Seconds of processor time, and on the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    client.get(address)
    return time.process_time() - cpu, time.perf_counter() - clock


def _middle(seconds: tuple[float, ...]) -> float:
    return statistics.median(seconds) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--here", action="store_true")
    asked = parser.parse_args()
    if asked.here:
        measure()
        return
    with (
        tempfile.TemporaryDirectory() as name,
        outlets.migrated(Path(name)) as template,
        outlets.outlet(Path(name) / "lists", template) as outlet,
    ):
        outlet.manage("seed_demo")
        outlet.manage("seed_archive", str(asked.stories))
        here = [sys.executable, "-m", "tests.benchmarks.lists", "--here"]
        subprocess.run(here, cwd=outlets.ROOT, env=outlet.env, check=True)


if __name__ == "__main__":
    main()
