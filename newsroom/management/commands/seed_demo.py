"""`manage.py seed_demo`: the demo outlet in an empty database."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from articles.models import Article
from newsroom.accounts.models import User
from newsroom.audit import log
from newsroom.audit.models import Entry
from newsroom.management.demo import content, loader
from sections.models import Section

MARK = "seed demo"


class Command(BaseCommand):
    help = (
        "Fill an empty database with a fictional outlet: stories in every state, authors, drawn"
        " pictures and four users. Refuses a database with other content and a site on https."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.SECURE:
            message = (
                f"{settings.SITE_URL} is a real site: the demo is for a laptop. Nothing was done."
            )
            raise CommandError(message)
        if not Entry.objects.filter(verb=MARK).exists():
            self._seed()
        self._say()

    def _seed(self) -> None:
        if any(model.objects.exists() for model in (Article, Section, User)):
            message = (
                "This database has content of its own, so the demo stays out of it. Use another one:"
                " set DATABASE_URL, or VAR_DIR to an empty folder. Nothing was done."
            )
            raise CommandError(message)
        self.stdout.write("Drawing the pictures and setting the pages, half a minute or so …")
        self.stdout.flush()
        outlet = content.load()
        pictures = loader.prepare_pictures()
        loader.fill(outlet, pictures, password=self._password(), now=timezone.now())
        log.record(MARK, "demo", by=None, name=outlet.publication.name)

    def _password(self) -> str:
        """From DEMO_PASSWORD, else made once and kept beside the database."""
        kept = settings.VAR_DIR / "demo_password"
        password = os.environ.get("DEMO_PASSWORD") or secrets.token_urlsafe(9)
        kept.touch(mode=0o600)
        kept.write_text(password)
        return password

    def _say(self) -> None:
        kept = settings.VAR_DIR / "demo_password"
        password = kept.read_text() if kept.exists() else "as you set it"
        self.stdout.write(
            f"\n  The paper   {settings.SITE_URL}/\n"
            f"  The desk    {settings.SITE_URL}/admin/\n"
            f"  Its feed    {settings.SITE_URL}/feed.xml\n\n"
            f"  Log in as   {', '.join(loader.ROLES)}\n"
            f"  Password    {password}\n\n"
            "  Ctrl+C stops it.\n"
        )
        self.stdout.flush()
