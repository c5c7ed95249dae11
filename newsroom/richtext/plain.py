"""Plain text made HTML, and clean HTML made plain text."""

import html as html_text
import re

from newsroom.richtext.characters import SPACES, composed, escaped, printable
from newsroom.richtext.footnotes import without_marks

_BLANK_LINES = re.compile(r"\n[ \t]*\n")
_INLINE_TAG = re.compile(r"</?(?:a|cite|em|s|strong|sub|sup)(?: [^>]*)?>")
_TAG = re.compile(r"<[^>]*>")
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL_END = re.compile(r"</t[dh]>")


def paragraphs(text: str) -> str:
    """Plain text as safe HTML: blank lines part paragraphs, line ends become `<br>`. For biographies."""
    blocks = map(_lines, _BLANK_LINES.split(composed(printable(text))))
    return "".join(f"<p>{'<br>'.join(lines)}</p>" for lines in blocks if lines)


def _lines(block: str) -> list[str]:
    """The lines of a block that are not empty, escaped; no solidus behind a tag, as in a body."""
    lines = (line.strip(" \t").lstrip("\u0338 ") for line in block.split("\n"))
    return [escaped(SPACES.sub(" ", line)) for line in lines if line]


def words_of(html: str) -> str:
    """The words of clean HTML: blocks parted by blank lines, cells by tabs, without footnote marks."""
    text = _INLINE_TAG.sub("", without_marks(html)).replace("<br>", "\n")
    return "\n\n".join(_blocks(_ROW.sub(_row, text)))


def _row(match: re.Match[str]) -> str:
    cells = "\t".join(" ".join(_blocks(cell)) for cell in _CELL_END.split(match[1]))
    return f"<tr>{html_text.escape(cells, quote=False)}</tr>"


def _blocks(html: str) -> list[str]:
    blocks = (html_text.unescape(block).strip() for block in _TAG.split(html))
    return [block for block in blocks if block]
