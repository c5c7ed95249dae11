"""`manage.py collectstatic`: Django's, and the site's style sheets joined into one.

The sheet is written in one file per concern, in ``static/site/css/``. Readers get them as one file,
``site/css/site.css``, which the storage then hashes and compresses like any other. Each file names
its layer, so the order of the joining decides nothing but that ``_layers.css`` comes first.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.management.commands import collectstatic
from django.core.files.storage import FileSystemStorage

#: Where the parts are, and the one that readers get; beside each other, so that ``url()`` holds.
PARTS = "site/css"
SHEET = f"{PARTS}/site.css"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def join(texts: Iterable[str]) -> str:
    """The sheets as one, without comments, indents and empty lines."""
    lines = COMMENT.sub("", "\n".join(texts)).splitlines()
    return "".join(f"{line.strip()}\n" for line in lines if line.strip())


def parts() -> list[Path]:
    """The files to join, by name. An outlet's own folder in STATICFILES_DIRS may replace each."""
    found: dict[str, Path] = {}
    for folder in finders.find(PARTS, find_all=True):
        for path in Path(folder).glob("*.css"):
            found.setdefault(path.name, path)
    return [found[name] for name in sorted(found)]


class JoinedSheet(BaseFinder):
    """Finds one file, which it makes when it is asked for the list."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        self.folder = TemporaryDirectory(prefix="joined-sheet-")
        sheet = Path(self.folder.name) / SHEET
        sheet.parent.mkdir(parents=True)
        sheet.write_text(join(path.read_text() for path in parts()))
        yield SHEET, FileSystemStorage(self.folder.name)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's
        """Nothing: whoever looks for a file on the disk means a part."""
        return [] if find_all else None


class Command(collectstatic.Command):
    def set_options(self, **options: Any) -> None:
        """Django's; the parts stay where they are, for nobody asks for them."""
        super().set_options(**options)
        self.ignore_patterns.append(f"{PARTS}/*.css")

    def collect(self) -> dict[str, list[str]]:
        """Django's, which asks our finder, too; elsewhere it would make a file at each request."""
        usual = settings.STATICFILES_FINDERS
        settings.STATICFILES_FINDERS = [*usual, f"{__name__}.{JoinedSheet.__name__}"]
        try:
            return super().collect()
        finally:
            settings.STATICFILES_FINDERS = usual
