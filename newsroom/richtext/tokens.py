"""The tokenizer: a source, cut into tags and words as section 13.2.5 of the HTML standard cuts them.

Every repetition is possessive, so that no text costs more than one look.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from newsroom.richtext.characters import decoded_attribute

# Their contents are code, or words that nobody read as text on the page they come from.
RAW = ("script", "style", "iframe", "noembed", "noframes", "noscript", "textarea", "title", "xmp")
DROPPED = (
    *("applet", "audio", "button", "canvas", "datalist", "frameset", "map", "math", "object"),
    *("portal", "select", "svg", "template", "video"),
)

GIVEN = (
    r"(?:[ \t\n/]++|[^ \t\n/>][^ \t\n/>=]*+"
    r"(?:[ \t\n]*+=[ \t\n]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n>\"'][^ \t\n>]*+)?)?)*+"
)
ATTRIBUTE = re.compile(
    r"([^ \t\n/>][^ \t\n/>=]*+)(?:[ \t\n]*+=[ \t\n]*+(?:\"([^\"]*+)\"|'([^']*+)'|([^ \t\n>\"'][^ \t\n>]*+)))?"
)
_TOKEN = re.compile(
    rf"""
      (?P<words>[^<]++)
    | <!--(?:-?>|.*?(?:--!?>|\Z))
    | <(?P<raw>{"|".join(RAW)})(?=[ \t\n/>]){GIVEN}>.*?(?:</(?P=raw)(?=[ \t\n/>])[^>]*+>?|\Z)
    | <(?P<end>/?)(?P<name>[a-z][^ \t\n/>]*+)(?P<given>{GIVEN})>
    | <[!?/][^>]*+>            # doctype, CDATA, processing instruction, </3>
    | (?P<rest><[a-z!?/].*|<)  # a tag that never ends (browsers drop all the rest, but it may be half a story); 1 < 2
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_DROPPED_TAG = re.compile(rf"<(/?)({'|'.join(DROPPED)})(?=[ \t\n/>]){GIVEN}(?:>|\Z)", re.IGNORECASE)


def attributes_given(given: str) -> dict[str, str]:
    """Names in small letters and decoded values; the first of two equal names counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(given) if given else ():
        found.setdefault(name.lower(), decoded_attribute(double or single or bare))
    return found


class Tokens:
    """The tags and words of a source from left to right, without comments and code.

    A token is a match: of a tag when its last group is `given` (with `end` and `name`), of words
    when it is `words` or `rest`; whatever else there is has another last group or none.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._start = 0  # of the last token
        self._position = 0
        self._dropped_until = 0

    def __iter__(self) -> Iterator[re.Match[str]]:
        while token := _TOKEN.match(self._source, self._position):
            self._start, self._position = token.span()
            if self._start >= self._dropped_until:
                yield token

    def drop(self) -> None:
        """Leaves out the element of DROPPED that the last token began; if it never ends, its words stay."""
        self._dropped_until = self._ends_of_dropped.get(self._start, 0)

    def peek(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands right behind the last token."""
        return pattern.match(self._source, self._position)

    def skip(self, match: re.Match[str]) -> None:
        """Leaves out what `peek` found."""
        self._position = match.end()

    @cached_property
    def _ends_of_dropped(self) -> dict[int, int]:
        """Where each element of DROPPED begins and ends, without those that never end."""
        ends: dict[int, int] = {}
        begun: dict[str, list[int]] = {}
        for match in _DROPPED_TAG.finditer(self._source):
            starts = begun.setdefault(match.group(2).lower(), [])
            if not match.group(1):
                if not match.group().endswith("/>"):
                    starts.append(match.start())
            elif starts:
                ends[starts.pop()] = match.end()
        return ends
