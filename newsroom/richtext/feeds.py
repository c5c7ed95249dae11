"""A body for readers who are not on the site: every address in it made absolute."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from newsroom.richtext.characters import escaped_attribute
from newsroom.richtext.tokens import ATTRIBUTE, GIVEN

_TAG = re.compile(rf"(<[a-z][^ \t\n/>]*+)({GIVEN})>", re.IGNORECASE)
_CANDIDATE = re.compile(r"([ \t\n,]*)([^ \t\n,](?:[^ \t\n]*[^ \t\n,])?)([^,]*)")

Bases = Mapping[str, str]  # how an address begins -> what is missing before it


def absolute(html: str, *, base_url: str) -> str:
    """Expanded HTML with the addresses in href, src and srcset made absolute, for feeds.

    `base_url` is the address of the article: `#note-1` leads to its page, `/x` to its site. Raises
    ValueError when it is not an absolute http or https address.
    """
    bases = _bases(base_url)
    return _TAG.sub(lambda match: f"{match[1]}{_attributes(match[2], bases)}>", html)


def _bases(base_url: str) -> Bases:
    base = urlsplit(base_url)
    if base.scheme not in ("http", "https") or not base.netloc:
        raise ValueError(f"Links in a feed need the full address of the article, not {base_url!r}.")
    site = f"{base.scheme}://{base.netloc}"
    page = f"{site}{base.path}"
    bases = {
        "//": f"{base.scheme}:",
        "/": site,
        "?": page,
        "#": f"{page}?{base.query}" if base.query else page,
    }
    return {start: escaped_attribute(missing) for start, missing in bases.items()}


def _attributes(given: str, bases: Bases) -> str:
    def replaced(match: re.Match[str]) -> str:
        name, double, single, bare = match.groups()
        value = (double or single or bare or "").replace('"', "&quot;")
        if name.lower() in ("href", "src"):
            return f'{name}="{_address(value, bases)}"'
        if name.lower() == "srcset":
            return f'{name}="{_candidates(value, bases)}"'
        return match.group()

    return ATTRIBUTE.sub(replaced, given) if "=" in given else given


def _candidates(value: str, bases: Bases) -> str:
    return _CANDIDATE.sub(lambda match: match[1] + _address(match[2], bases) + match[3], value)


def _address(value: str, bases: Bases) -> str:
    return bases.get(value[:2], bases.get(value[:1], "")) + value
