"""``manage.py render_images``: every file of every picture that is missing or stale."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.images import rendering
from newsroom.images.models import Image

INTERRUPTED = 130


class Command(BaseCommand):
    """Each picture is done or not; whenever this is stopped, it goes on from there."""

    help = (
        "Makes the files of the image library that are missing or stale: after an upgrade, an"
        " import or a restored backup. Can be stopped and run again at any time."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "ids", nargs="*", type=int, help="Only the pictures with these numbers."
        )
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--all", action="store_true", help="Also what is there and not stale.")
        group.add_argument(
            "--check-files",
            action="store_true",
            help="Also look whether the storage still has what the database says.",
        )

    def handle(self, *, ids: list[int], **options: Any) -> None:
        render = rendering.render
        if options["all"]:
            render = rendering.render_anew
        elif options["check_files"]:
            render = rendering.render_lost
        images = Image.objects.filter(pk__in=ids) if ids else Image.objects.all()
        pks = list(images.order_by("pk").values_list("pk", flat=True))
        made = failed = 0
        for number, pk in enumerate(pks, start=1):
            try:
                files = render(pk)
            except KeyboardInterrupt as stop:
                message = f"Stopped at picture {number} of {len(pks)}. Run it again to go on."
                raise CommandError(message, returncode=INTERRUPTED) from stop
            except Exception as error:  # noqa: BLE001 - whatever one picture raises, the others get theirs
                failed += 1
                self.stderr.write(f"{number} of {len(pks)}: image {pk} failed: {error}")
                continue
            if files:
                made += 1
                self.stdout.write(f"{number} of {len(pks)}: image {pk}, {files} files")
        fresh = len(pks) - made - failed
        self.stdout.write(f"{made} made, {fresh} up to date, {failed} failed.")
        if failed:
            message = f"{failed} of {len(pks)} pictures failed; what is said above tells why."
            raise CommandError(message)
