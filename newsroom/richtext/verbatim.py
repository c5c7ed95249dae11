"""Lines that are canonical already: recognized in one look, and taken over as they stand.

Most of what is cleaned was written by the desk and cleaned before; to take them apart and
to write them again costs five times as much. What is not recognized here is only slower. What is
recognized wrongly is not unsafe: nh3 still reads it.
"""

import re

from newsroom.richtext.allowed import attributes
from newsroom.richtext.characters import is_composed
from newsroom.richtext.tokens import Tokens, attributes_given

# Words as `escaped` writes them. A solidus (U+0338) could eat the `>` before it.
_TEXT = r"(?:[^<>&\t\n\xa0\u0338]++|&(?:amp|lt|gt|nbsp);)"
_MARKS = "|".join(
    rf"<{tag}{given}>(?!\s|&nbsp;){_TEXT}++(?<![ ])</{tag}>"
    for tag, given in (
        ("a", "[ ][^<>]++"),
        *((tag, "") for tag in ("strong", "em", "s", "sub", "sup", "cite")),
    )
)
# Marks stand alone: no mark in a mark, and none directly behind another, which might be joined to it.
# No group may capture inside the possessive part: Python 3.11 fails at that (SystemError).
_LINE = re.compile(
    rf"""
    (?!\s|&nbsp;|<br>)
    (?: {_TEXT}
      | (?:{_MARKS})(?=[^<]|</|<br>|<sup[ ])
      | <sup[ ]data-note="[1-9][0-9]{{0,9}}">[0-9]+</sup>
      | (?<![ ])<br>(?![ ]|</)
    )++
    (?<![ ])</(?P<name>p|h2|h3|li|figcaption|td|th)>
    """,
    re.VERBOSE,
)
_LINK = re.compile(r"<a( [^>]*)>")
_NOTE = re.compile(r'<sup data-note="([0-9]+)">([0-9]+)')


def take_verbatim(tokens: Tokens, name: str) -> str | None:
    """The rest of an element whose start tag was read last, if it is one canonical line; None if it must be read by token."""
    match = tokens.peek(_LINE)
    if match is None or match["name"] != name:
        return None
    line = match.group().removesuffix(f"</{name}>")
    if not _is_canonical(line):
        return None
    tokens.skip(match)
    return line


def _is_canonical(line: str) -> bool:
    return (
        "  " not in line
        and is_composed(line)
        and all(number == shown for number, shown in _NOTE.findall(line))
        and all(attributes("a", attributes_given(given)) == given for given in _LINK.findall(line))
    )
