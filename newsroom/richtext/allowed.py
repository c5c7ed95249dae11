"""The one allow-list: tags, their attributes, the values these may have, and how much of it all.

Whoever adds to it adds to the editor, too (`articles/admin/editor.py`, `static/desk/editor/`).
"""

from collections.abc import Callable, Iterable, Mapping

from newsroom.richtext.addresses import embed, href
from newsroom.richtext.characters import SPACES, composed, escaped_attribute

MAX_BODY_BYTES = 1_000_000
MAX_TITLE_CHARS = 300
MAX_ID_DIGITS = 10

SIZES = ("inline", "wide", "full", "small")
SCOPES = ("row", "col", "rowgroup", "colgroup")
# A paid link must stay marked. Editors add noopener, noreferrer and nofollow unasked; without a
# target attribute the first two do nothing, and the third would disown every source we quote.
RELS = ("sponsored", "ugc")


class TooLong(ValueError):
    """The text is over MAX_BODY_BYTES, or would be once it is clean."""

    def __init__(self, size_bytes: int) -> None:
        super().__init__(
            f"This text has {size_bytes:,} bytes; at most {MAX_BODY_BYTES:,} fit in one article. "
            "Shorten it or split it into several articles."
        )


def refuse_too_long(text: str) -> None:
    if len(text) * 4 <= MAX_BODY_BYTES:
        return
    if (size_bytes := len(text.encode(errors="surrogatepass"))) > MAX_BODY_BYTES:
        raise TooLong(size_bytes)


# Values: each function gives the canonical one, None for a value that has none.

Value = Callable[[str], str | None]


def number(value: str) -> str | None:
    """An id or a note number; `int` alone takes signs, underscores and the digits of other scripts."""
    if len(value) <= MAX_ID_DIGITS and value.isascii() and value.isdigit():
        return str(int(value))
    return None


def _count(most: int) -> Value:
    """A number from 2 to `most`; 1 is what the attribute means when it is absent."""

    def canonical(value: str) -> str | None:
        known = number(value)
        return known if known is not None and 2 <= int(known) <= most else None

    return canonical


def _one_of(known: Iterable[str]) -> Value:
    return lambda value: lower if (lower := value.lower()) in known else None


def _flag(_value: str) -> str:
    return ""


def _title(value: str) -> str | None:
    return SPACES.sub(" ", composed(value)).strip()[:MAX_TITLE_CHARS].strip() or None


def _rel(value: str) -> str | None:
    given = value.lower().split()
    return " ".join(word for word in RELS if word in given) or None


def _embed(value: str) -> str | None:
    known = embed(value)
    return known.address if known else None


_CELL: dict[str, Value] = {"rowspan": _count(100), "colspan": _count(100)}

# Attributes stand in the order in which they are written.
ALLOWED: dict[str, dict[str, Value]] = {
    "p": {},
    "h2": {},
    "h3": {},
    "strong": {},
    "em": {},
    "s": {},
    "sub": {},
    "sup": {"data-note": number},
    "cite": {},
    "a": {"href": href, "title": _title, "rel": _rel},
    "br": {},
    "hr": {},
    "ul": {},
    "ol": {"start": _count(9999), "data-notes": _flag},
    "li": {},
    "blockquote": {},
    "aside": {"data-article": number, "data-quote": _flag},
    "figure": {
        "data-image": number,
        "data-graphic": number,
        "data-embed": _embed,
        "data-size": _one_of(SIZES),
    },
    "figcaption": {},
    "table": {},
    "thead": {},
    "tbody": {},
    "tr": {},
    "th": {"scope": _one_of(SCOPES), **_CELL},
    "td": _CELL,
}
# What these tags are for: the first of the attributes that has a value. Without one they say nothing.
_PURPOSE = {
    "a": ("href",),
    "aside": ("data-article", "data-quote"),
    "figure": ("data-image", "data-graphic", "data-embed"),
}


def attributes(tag: str, given: Mapping[str, str]) -> str:
    """The canonical attributes of a tag, as they are written, with a leading space.

    Empty for a link, an aside or a figure that has no purpose.
    """
    found = {
        name: value
        for name, canonical in ALLOWED[tag].items()
        if name in given and (value := canonical(given[name])) is not None
    }
    if tag in _PURPOSE:
        purposes = [name for name in _PURPOSE[tag] if name in found]
        if not purposes:
            return ""
        for superfluous in purposes[1:]:
            del found[superfluous]
    return written(found)


def written(values: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escaped_attribute(value)}"' for name, value in values.items())


def is_canonical(tag: str, attribute: str, value: str) -> bool:
    """Whether a value is what `attributes` would write, so that a filter that says no never needs to rewrite."""
    canonical = ALLOWED.get(tag, {}).get(attribute)
    return canonical is not None and canonical(value) == value
