"""``manage.py work``: does what must happen after a change. Run at least one."""

import argparse
import signal
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from newsroom.deliveries.worker import Crew


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT, then finishes what is in hand; a second SIGINT ends it at once."""

    help = (
        "Does what follows a change: announcements, pictures, what is due by the clock. Run one on"
        " each machine, or as many as you like: each thing is done once."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--threads",
            type=_number,
            default=settings.WORK_THREADS,
            help="How many announcements at a time (default: %(default)s).",
        )
        parser.add_argument(
            "--picture-threads",
            type=_number,
            default=settings.WORK_PICTURE_THREADS,
            help="How many pictures at a time; 0 leaves them to others (default: %(default)s).",
        )

    def handle(self, *, threads: int, picture_threads: int, **options: Any) -> None:
        crew = Crew(threads=threads, picture_threads=picture_threads)

        def stop(number: int, frame: FrameType | None) -> None:
            crew.stop()
            signal.signal(signal.SIGINT, signal.SIG_DFL)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        try:
            crew.run()
        except DatabaseError as error:
            message = f"The database does not answer, or is not migrated: {error}"
            raise CommandError(message) from error


def _number(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 64:
        message = "Between 0 and 64."
        raise argparse.ArgumentTypeError(message)
    return number
