"""Build the search index anew, for when it was lost, is new or a name in it changed."""

from typing import Any

from django.core.management.base import BaseCommand

from articles import search


class Command(BaseCommand):
    help = "Writes every published and scheduled story into the search index anew."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        for done in search.rebuild():
            self.stdout.write(f"{done:,} stories", ending="\r")
            self.stdout.flush()
        self.stdout.write(f"The search index holds {done:,} stories.")
