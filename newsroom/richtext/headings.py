"""Subheads and the ids by which they are linked."""

import html as html_text
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from newsroom.richtext.cleaning import still_clean
from newsroom.richtext.footnotes import without_marks

MAX_ID_CHARS = 60
# Ids of page furniture that a subhead must not take: the skip link and the search form depend on them.
RESERVED_IDS = frozenset({"content", "footer", "header", "main", "menu", "nav", "search", "top"})

_SUBHEAD = re.compile(r"<h([23])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Subhead:
    """A subhead to link to: its id on the page, its level (2 or 3) and its words."""

    id: str
    level: int
    text: str


def subheads(html: str) -> tuple[Subhead, ...]:
    """The subheads of a body with the ids that `expand` gives them. Raises TooLong like `clean`."""
    return tuple(subheads_in(still_clean(html)))


def subheads_in(body: str) -> Iterator[Subhead]:
    """The subheads of a body that is known to be clean."""
    taken = set(RESERVED_IDS)
    for level, inner in _SUBHEAD.findall(body):
        words = _TAG.sub("", without_marks(inner).replace("<br>", " "))
        text = html_text.unescape(words).strip()
        anchor = _free(_anchor(text), taken)
        taken.add(anchor)
        yield Subhead(id=anchor, level=int(level), text=text)


def _anchor(text: str) -> str:
    """An id made of the words of a subhead: "It’s not over" gives `its-not-over`."""
    letters = unicodedata.normalize("NFKD", text.lower())
    kept = "".join(c for c in letters if not unicodedata.combining(c) and c not in "'’")
    anchor = _NOT_WORDS.sub("-", kept).strip("-")
    if len(anchor) > MAX_ID_CHARS:
        anchor = anchor[:MAX_ID_CHARS].rpartition("-")[0] or anchor[:MAX_ID_CHARS]
    return f"section-{anchor}".rstrip("-") if not anchor or anchor.startswith("note-") else anchor


def _free(anchor: str, taken: set[str]) -> str:
    free, number = anchor, 2
    while free in taken:
        free, number = f"{anchor}-{number}", number + 1
    return free
