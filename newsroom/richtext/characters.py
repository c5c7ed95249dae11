"""Characters: which ones a body may hold, and how they are decoded and escaped."""

import html as html_text
import re
import unicodedata
from collections.abc import Iterator
from html.entities import html5 as html5_entities

MAX_COMBINING_RUN = 30  # Unicode Standard Annex 15, Stream-Safe Text Format

SPACES = re.compile(r"[ \t\n]+")
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ATTRIBUTE_ENTITY = re.compile(r"&(#[xX]?[0-9a-fA-F]+;?|[A-Za-z0-9]+;?)(=?)")


def printable(text: str) -> str:
    """The text with LF line ends and without NUL, control characters, lone surrogates and byte-order marks."""
    if text.isprintable():  # most bodies are, and it is four times as fast
        return text
    return UNPRINTABLE.sub("", _LINE_ENDS.sub("\n", text))


def composed(text: str) -> str:
    """The text in Unicode NFC.

    Only ever given decoded text or one attribute, never markup: a combining solidus (U+0338)
    behind a `>` composes with it, and the tag would be gone.
    """
    if is_composed(text):
        return text
    return unicodedata.normalize("NFC", "".join(_without_stacks(text)))


def is_composed(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)


def _without_stacks(text: str) -> Iterator[str]:
    """The characters without the 31st and later marks on one letter, which take quadratic time to sort."""
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= MAX_COMBINING_RUN:
            yield character


def decoded(text: str) -> str:
    """Text between tags as the reader sees it."""
    return printable(html_text.unescape(text)) if "&" in text else text


def decoded_attribute(raw: str) -> str:
    """An attribute as the browser reads it: `?a=1&copy=2` is an address, not a copyright sign."""
    return printable(_ATTRIBUTE_ENTITY.sub(_decoded_entity, raw)) if "&" in raw else raw


def _decoded_entity(match: re.Match[str]) -> str:
    name, equals = match.groups()
    if name.startswith("#"):
        return html_text.unescape(f"&{name}") + equals
    if equals and not name.endswith(";"):
        return match.group()
    return html5_entities.get(name, f"&{name}") + equals


def escaped(text: str) -> str:
    """Text between tags, escaped exactly as nh3 does it, so that its pass changes nothing."""
    return (
        text.replace("&", "&amp;")
        .replace("\xa0", "&nbsp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )


def escaped_attribute(value: str) -> str:
    """An attribute to stand in double quotation marks, escaped as nh3 does it."""
    return escaped(value).replace('"', "&quot;")
