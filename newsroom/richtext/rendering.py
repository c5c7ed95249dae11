"""A body, made ready for its page."""

import re
from collections.abc import Callable
from dataclasses import replace

from newsroom.richtext.cleaning import still_clean
from newsroom.richtext.footnotes import MARK, Footnotes
from newsroom.richtext.headings import subheads_in
from newsroom.richtext.reading import REFERENCE, Reference, reference

_EXPANDED = re.compile(
    rf"<(?:{REFERENCE}|(?P<subhead>h[23])>|(?P<table>/?table)>)|{MARK.pattern}", re.DOTALL
)


def expand(html: str, *, figure: Callable[[Reference], str]) -> str:
    """A body ready for the page: references replaced by what `figure` returns, subheads, notes and tables linked.

    The body goes through nh3 again first, and through `clean` when nh3 has anything to say, whatever the
    database holds; what `figure` returns is trusted. `inner` of a Reference has its footnote marks linked
    already. Costs about 1 ms for 12 kB plus what `figure` costs. Raises TooLong like `clean`.
    """
    return _Page(still_clean(html), figure).html()


class _Page:
    """One pass over a clean body."""

    def __init__(self, body: str, figure: Callable[[Reference], str]) -> None:
        self._figure = figure
        self._anchors = (subhead.id for subhead in subheads_in(body))
        self._footnotes = Footnotes(body)
        self._tables = 0

    def html(self) -> str:
        return _EXPANDED.sub(self._replaced, self._footnotes.body)

    def _replaced(self, match: re.Match[str]) -> str:
        if match["note"]:
            return self._footnotes.link(match["note"])
        if match["subhead"]:
            return f'<{match["subhead"]} id="{next(self._anchors)}">'
        if match["table"]:
            return self._table(match["table"])
        found = reference(match)
        return self._figure(replace(found, inner=self._footnotes.linked(found.inner)))

    def _table(self, tag: str) -> str:
        """Regions need different names, so the second table of a body is called "Table 2"."""
        if tag == "/table":
            return "</table></div>"
        self._tables += 1
        label = "Table" if self._tables == 1 else f"Table {self._tables}"
        return f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}"><table>'
