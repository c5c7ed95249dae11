"""`manage.py copy_media`: files brought to where the settings say, from where they lie."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.storage import copying
from newsroom.storage.copying import Outcome

#: How often the count on the screen moves.
EVERY = 50


class Command(BaseCommand):
    help = (
        "Copy every picture, original and logo that a row names to where the settings say that it"
        " belongs: from folders into buckets, from buckets into folders, and originals out of"
        " MEDIA_ROOT. Each copy is read again and compared. Run it as often as you like."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--delete-source",
            action="store_true",
            help="Delete each file in its old place once the same bytes lie in the new one.",
        )

    def handle(self, *args: Any, delete_source: bool, **options: Any) -> None:
        counts: Counter[Outcome] = Counter()
        for brought in copying.bring_all(delete_source=delete_source):
            counts[brought.outcome] += 1
            if brought.outcome in copying.BAD:
                self.stderr.write(f"{brought.name}: {brought.outcome.value}")
            if counts.total() % EVERY == 0:
                self.stdout.write(f"\r{counts.total():,} files", ending="")
                self.stdout.flush()
        found = ", ".join(f"{counts[one]:,} {one.value}" for one in Outcome if counts[one])
        self.stdout.write(f"\r{counts.total():,} files{': ' if found else ''}{found}.")
        if counts.keys() & copying.BAD:
            message = "Not every file is where it belongs; the names are above."
            raise CommandError(message)
