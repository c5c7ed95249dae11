"""`manage.py sweep_media`: files that no row names, listed or deleted."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from newsroom.storage import sweeping

#: How often the count on the screen moves.
EVERY = 500


class Command(BaseCommand):
    help = (
        "List the files of pictures and logos that no row names and that are older than a day, in"
        " folders or buckets. A crash between file and row leaves such, and a failed deletion."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete", action="store_true", help="Delete them, too.")
        parser.add_argument(
            "--hours",
            type=float,
            default=24,
            help="How old they must be; a picture that is being uploaded has no row yet.",
        )
        parser.add_argument(
            "--force", action="store_true", help="Delete even if that is most of what is there."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        before = timezone.now() - timedelta(hours=options["hours"])
        looked_at, orphans = self._look(before)
        size = filesizeformat(sum(one.file.size for one in orphans))
        summary = f"{looked_at:,} files, {len(orphans):,} without a row ({size})"
        if not options["delete"]:
            self.stdout.write(f"{summary}. Nothing was deleted.")
            return
        if len(orphans) * 2 > looked_at and not options["force"]:
            message = (
                f"{summary}: that is most of them, as if this were another site's database. Nothing"
                " was deleted. When it is the right one, say --force."
            )
            raise CommandError(message)
        for one in orphans:
            one.delete()
        self.stdout.write(f"{summary}. They were deleted.")

    def _look(self, before: Any) -> tuple[int, list[sweeping.Looked]]:
        """Names each orphan on a line of its own; the count of files moves on the error output."""
        count, orphans = 0, []
        for count, looked in enumerate(sweeping.look(before=before), start=1):
            if count % EVERY == 0:
                self.stderr.write(f"\r{count:,} files", ending="")
            if looked.is_orphan:
                orphans.append(looked)
                self.stdout.write(f"{looked.file.name} ({filesizeformat(looked.file.size)})")
        return count, orphans
