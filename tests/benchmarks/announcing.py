"""How long after publication somebody outside is told, with one worker: ``make bench``.

Prints seconds from the moment when a story was public (the commit, or its second) to the moment
when the webhook of a receiver on this machine was called.
"""

import statistics
import sys
import tempfile
from datetime import datetime
from pathlib import Path

import django

django.setup()

from tests import outlet as outlets  # noqa: E402 - settings first
from tests.deliveries.receiver import Receiver  # noqa: E402
from tests.outlet import Outlet, stop, wait_until  # noqa: E402

ONE_BY_ONE, AT_ONCE = 20, 300


def main() -> None:
    with tempfile.TemporaryDirectory() as name, outlets.migrated(Path(name)) as template:
        for measure in (one_by_one, at_once):
            folder = Path(name) / measure.__name__
            with Receiver() as receiver, outlets.outlet(folder, template) as outlet:
                outlet.environment |= receiver.environment
                worker = outlet.start_worker()
                outlet.play("wait_for_workers", 1)
                measure(outlet, receiver)
                stop(worker)


def one_by_one(outlet: Outlet, receiver: Receiver) -> None:
    stories = outlet.play("publish_one_by_one", ONE_BY_ONE)
    wait_until(lambda: len(receiver.told) == ONE_BY_ONE)
    report(f"{ONE_BY_ONE} stories published one by one", late(receiver, stories))


def at_once(outlet: Outlet, receiver: Receiver) -> None:
    stories = outlet.play("schedule", AT_ONCE, 5)
    wait_until(lambda: len(receiver.told) == AT_ONCE)
    report(f"{AT_ONCE} stories scheduled for one second", late(receiver, stories))


def late(receiver: Receiver, stories: dict[str, str]) -> list[float]:
    """Seconds for each story, from the time in ``stories`` to the first call."""
    return sorted(
        (min(at for _, at in receiver.told[guid]) - datetime.fromisoformat(time)).total_seconds()
        for guid, time in stories.items()
    )


def report(what: str, seconds: list[float]) -> None:
    middle = statistics.median(seconds)
    sys.stdout.write(
        f"{what}: told after {seconds[0]:.2f} s at best, {middle:.2f} s in the middle,"
        f" {seconds[-1]:.2f} s at worst\n"
    )


if __name__ == "__main__":
    main()
