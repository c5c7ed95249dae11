"""Footnotes: marks in the text, one list of notes at its end, and the links between them."""

import re

MARK = re.compile(r'<sup data-note="(?P<note>[0-9]+)">[0-9]+</sup>')
# Behind the start tag of a mark. A `sup` with more in it is words, whatever its attribute says.
REST_OF_MARK = re.compile(r"[ \t\n]*[0-9]{0,10}[ \t\n]*</sup[ \t\n]*>", re.IGNORECASE)

_NOTES = '<ol data-notes="">'
_LIST_PART = re.compile(r"<(?:ol|ul)[ >]|</(?:ol|ul)>|<li>|(?:</p>)?</li>")


def without_marks(html: str) -> str:
    return MARK.sub("", html)


class Footnotes:
    """The notes of one clean body: `body` has them linked, `linked` does it for the marks that lead there."""

    def __init__(self, body: str) -> None:
        self._marked = set(MARK.findall(body))
        self._seen: dict[str, int] = {}  # note number -> how many of its marks have been linked
        self._count = 0
        self.body = self._with_notes(body)

    def linked(self, html: str) -> str:
        """The HTML with its marks linked; marks are counted, so each may be linked only once."""
        return MARK.sub(lambda match: self.link(match[1]), html)

    def link(self, number: str) -> str:
        if not 1 <= int(number) <= self._count:
            return f"<sup>{number}</sup>"
        self._seen[number] = nth = self._seen.get(number, 0) + 1
        anchor = f"note-ref-{number}" if nth == 1 else f"note-ref-{number}-{nth}"
        return f'<sup id="{anchor}"><a href="#note-{number}">{number}</a></sup>'

    def _with_notes(self, body: str) -> str:
        """The body with ids and back links in its list of notes, not in lists inside a note."""
        start = body.find(_NOTES)
        if start < 0:
            return body
        parts, position, depth = [], 0, 0
        for match in _LIST_PART.finditer(body, start):
            part = match.group()
            depth += part.startswith(("<ol", "<ul")) - part.startswith(("</ol", "</ul"))
            if depth == 0:
                break
            if depth == 1 and part.endswith("li>"):
                parts += [body[position : match.start()], self._edge(part)]
                position = match.end()
        return "".join([*parts, body[position:]])

    def _edge(self, part: str) -> str:
        """Where a note begins or ends, with its id or, if a mark leads to it, the way back."""
        if part == "<li>":
            self._count += 1
            return f'<li id="note-{self._count}">'
        if str(self._count) not in self._marked:
            return part
        label = f"Back to the text, note {self._count}"
        return f' <a href="#note-ref-{self._count}" aria-label="{label}">↩\ufe0e</a>{part}'
