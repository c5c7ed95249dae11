"""What is read out of a body: its words, how long they take, how they begin, and what it refers to."""

import html as html_text
import re
import unicodedata
from dataclasses import dataclass

from newsroom.richtext.cleaning import still_clean
from newsroom.richtext.plain import words_of

WORDS_PER_MINUTE = 230


def plain_text(html: str) -> str:
    """The words of a body, captions and footnotes included; blocks parted by blank lines, cells by tabs.

    Footnote marks are not words. Raises TooLong like `clean`.
    """
    return words_of(still_clean(html))


def word_count(text: str) -> int:
    """Words of plain text: what spaces and long dashes part, if a letter or digit is in it."""
    return sum(any(map(str.isalnum, word)) for word in text.replace("—", " ").split())


def reading_minutes(words: int) -> int:
    """Whole minutes to read so many words, at least 1.

    230 words a minute, a little under the 238 that adults read silently in English non-fiction on
    average: Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109 (2019).
    """
    return max(1, (words + WORDS_PER_MINUTE // 2) // WORDS_PER_MINUTE)


def excerpt(text: str, max_chars: int) -> str:
    """The beginning of a text on one line, at most `max_chars` long, cut after a word and ended by an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= max_chars:
        return text
    if max_chars < 1:
        return ""
    room = text[:max_chars]
    cut = room.rfind(" ")
    begun = room[:cut] if cut > 0 else _whole_letters(text, max_chars - 1)
    return begun.rstrip(" ,;:.–—-(“‘\"'") + "…"


def _whole_letters(text: str, length: int) -> str:
    """At most `length` characters, with no letter parted from its marks."""
    while length and unicodedata.combining(text[length]):
        length -= 1
    return text[:length]


# References: pictures, embeds, graphics and related articles

# What follows the `<`; `reference` reads a match of it.
REFERENCE = (
    r'figure data-(?P<kind>image|graphic|embed)="(?P<value>[^"]*)"(?: data-size="(?P<size>[a-z]+)")?>'
    r"(?P<figure>.*?)</figure>"
    r'|aside data-article="(?P<article>[0-9]+)">(?P<aside>.*?)</aside>'
)
_REFERENCES = re.compile(rf"<(?:{REFERENCE})", re.DOTALL)


@dataclass(frozen=True)
class Reference:
    """One reference to expand: `value` is an id or an address, `inner` the clean HTML in it (caption or text)."""

    kind: str
    value: str
    size: str
    inner: str


@dataclass(frozen=True)
class References:
    """What a body refers to, in its order and without repeats: ids, and addresses of embeds."""

    images: tuple[int, ...]
    articles: tuple[int, ...]
    graphics: tuple[int, ...]
    embeds: tuple[str, ...]


def references(html: str) -> References:
    """Everything a body refers to. Raises TooLong like `clean`."""
    found: dict[str, dict[str, None]] = {"image": {}, "article": {}, "graphic": {}, "embed": {}}
    for match in _REFERENCES.finditer(still_clean(html)):
        one = reference(match)
        found[one.kind][one.value] = None
    return References(
        images=tuple(map(int, found["image"])),
        articles=tuple(map(int, found["article"])),
        graphics=tuple(map(int, found["graphic"])),
        embeds=tuple(found["embed"]),
    )


def reference(match: re.Match[str]) -> Reference:
    if match["article"]:
        return Reference("article", match["article"], "inline", match["aside"])
    value = html_text.unescape(match["value"])
    return Reference(match["kind"], value, match["size"] or "inline", match["figure"])
