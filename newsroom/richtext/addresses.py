"""Addresses: which ones may be linked to, and which ones are embeds of a known provider."""

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl

from newsroom.richtext.characters import is_composed, printable

MAX_HREF_CHARS = 4096

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_UNSAFE = re.compile(r"[\"<>`\s]|[^\x00-\x7f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_INVISIBLE_ENDS = "\u200b\u200c\u200d\u200e\u200f\u2060"
_LINK = re.compile(
    r"""
      https?://(?:[^/?#@:\\%\[\]]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?(?:[/?#][^\\]*)?
    | mailto:[^\\?][^\\]*
    | tel:[+0-9(*\#%][^\\]*
    | /(?![/\\])[^\\]*
    | [?\#][^\\]*
    """,
    re.VERBOSE,
)
_GOOGLE_HOST = re.compile(r"(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?")
_GOOGLE_REDIRECT = re.compile(r"https?://([^/?#]*)/url\?([^#]*)")


def href(value: str) -> str | None:
    """The address to link to, or None: http, https, mailto, tel or site-relative.

    Redirects are unwrapped first and the result is checked like any other address; the other way
    round lets `google.com/url?q=javascript:...` through. No backslash (browsers read it as a slash),
    no user name before the host (`https://bank.example@evil.example`).
    """
    value = _tidy(value)
    while len(value) <= MAX_HREF_CHARS and (target := _redirect_target(value)) is not None:
        value = _tidy(target)
    return value if len(value) <= MAX_HREF_CHARS and _LINK.fullmatch(value) else None


def _tidy(value: str) -> str:
    """The address as browsers read it: no tabs, line ends or outer space, scheme in small letters."""
    value = printable(value).replace("\t", "").replace("\n", "")
    value = value.strip().strip(_INVISIBLE_ENDS).strip()
    value = _UNSAFE.sub(_percent_unless_letter, value)
    if not is_composed(value):
        value = _NOT_ASCII.sub(lambda match: _percent(match.group()), value)
    if scheme := _SCHEME.match(value):
        value = scheme.group().lower() + value[scheme.end() :]
    return value


def _percent_unless_letter(match: re.Match[str]) -> str:
    """Letters of any script stay readable; spaces, quotes, marks and invisible characters do not."""
    character = match.group()
    return character if character.isalnum() else _percent(character)


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _redirect_target(value: str) -> str | None:
    """Where a Google redirect leads (Docs and Gmail put one around every link), None for other addresses."""
    match = _GOOGLE_REDIRECT.match(value)
    if match is None or not _GOOGLE_HOST.fullmatch(match.group(1).lower()):
        return None
    found = dict(reversed(parse_qsl(match.group(2), keep_blank_values=True)))
    return found.get("q", found.get("url"))


@dataclass(frozen=True)
class Embed:
    """A thing elsewhere: `provider` and `key` say what it is, `address` is its one canonical https address."""

    provider: str
    key: str
    address: str


class Provider(NamedTuple):
    """A site whose things may be embedded.

    `pattern` matches a whole address and has one group, the key; it is written so that Python and
    browsers read it alike (ASCII, no named group), for the editor that knows embeds when they are
    pasted. `canonical` is the one address that is stored, with `{}` for the key.
    """

    name: str
    pattern: str
    canonical: str


PROVIDERS = (
    Provider(
        "youtube",
        r"https://(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#\s]*&)?v=|shorts/|live/|embed/)|youtu\.be/)([\w-]{11})(?:[/?&#]\S*)?",
        "https://www.youtube.com/watch?v={}",
    ),
    Provider(
        "vimeo",
        r"https://(?:(?:www\.)?vimeo\.com/|player\.vimeo\.com/video/)([0-9]{5,12})(?:[/?#]\S*)?",
        "https://vimeo.com/{}",
    ),
    Provider(
        "x",
        r"https://(?:www\.|mobile\.)?(?:x|twitter)\.com/(\w{1,15}/status/[0-9]{1,20})(?:[/?#]\S*)?",
        "https://x.com/{}",
    ),
    Provider(
        "datawrapper",
        r"https://(?:datawrapper\.dwcdn\.net/|www\.datawrapper\.de/_/)([A-Za-z0-9]{5})(?:[/?#]\S*)?",
        "https://datawrapper.dwcdn.net/{}/",
    ),
    Provider(
        "bluesky",
        r"https://bsky\.app/profile/([a-z0-9.:-]{3,100}/post/[a-z0-9]{5,20})(?:[/?#]\S*)?",
        "https://bsky.app/profile/{}",
    ),
)


def embed(address: str) -> Embed | None:
    """What an https address of a known provider shows, None for every other address.

    Trackers, sharing marks and player options are not part of the canonical address.
    """
    address = address.strip()
    if len(address) > MAX_HREF_CHARS:
        return None
    for name, pattern, canonical in PROVIDERS:
        if match := re.fullmatch(pattern, address, re.ASCII):
            return Embed(name, match[1], canonical.format(match[1]))
    return None
