"""Text with markers as HTML: escaped first, marked then."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from articles.search.words import END_MARK, MARK

#: About three lines of a result.
SNIPPET_CHARS = 220
#: How much of a snippet stands before its first marked word.
LEAD_IN_CHARS = 60
#: Places that are looked at for the best snippet; a long story may have thousands.
MAX_PLACES = 200

_MARKERS = re.compile(f"[{MARK}{END_MARK}]")
_SPACES = re.compile(r"\s+")


def html(marked: str) -> SafeString:
    """The text escaped, its marked words in ``<mark>``."""
    escaped = escape(marked).replace(MARK, "<mark>").replace(END_MARK, "</mark>")
    return mark_safe(escaped)  # noqa: S308 - escaped above; the markers stand in pairs


def snippet(standfirst: str, body: str) -> str:
    """The marked text to show under a headline: where the words are, else how the story begins."""
    if MARK in standfirst or MARK not in body:
        return standfirst or excerpt(body, 0)
    return excerpt(body, _best_place(body))


def _best_place(marked: str) -> int:
    """Where the stretch with the most marks begins."""
    places = [match.start() for match in re.finditer(MARK, marked)][:MAX_PLACES]
    return max(places, key=lambda at: sum(at <= other < at + SNIPPET_CHARS for other in places))


def excerpt(marked: str, place: int) -> str:
    """Whole words around a place, with an ellipsis where text is left out."""
    start = max(0, place - LEAD_IN_CHARS)
    if start:
        gap = _SPACES.search(marked, start, place)
        start = gap.end() if gap else place
    end = min(len(marked), start + SNIPPET_CHARS)
    if end < len(marked):
        gap_at = max(marked.rfind(" ", start, end), marked.rfind("\n", start, end))
        end = gap_at if gap_at > place else end
    cut = _balanced(marked[start:end])
    return (
        ("… " if start else "")
        + _SPACES.sub(" ", cut).strip()
        + (" …" if end < len(marked) else "")
    )


def _balanced(cut: str) -> str:
    """The cut with a mark around what it cut a mark in."""
    markers = _MARKERS.findall(cut)
    if markers[:1] == [END_MARK]:
        cut = MARK + cut
    return cut + END_MARK if markers[-1:] == [MARK] else cut


def transfer(folded: str, original: str) -> str:
    """The original with the marks of its folded twin; unmarked when the two do not fit together.

    Without its marks the twin is as long as the original, unless PostgreSQL left out a "word" of
    more than 2,046 bytes.
    """
    pieces = _MARKERS.split(folded)
    if sum(map(len, pieces)) != len(original):
        return original
    marks = iter(_MARKERS.findall(folded))
    at, parts = 0, []
    for piece in pieces:
        parts += [original[at : at + len(piece)], next(marks, "")]
        at += len(piece)
    return "".join(parts)
