"""What a photographer wrote into the file: credit, author, caption. Read once, never served."""

import html
import io
import re
import struct
from collections.abc import Callable

from PIL import Image, IptcImagePlugin, UnidentifiedImageError

from newsroom.images.processing import FORMATS

#: IPTC IIM 4.2, record 2: the data sets that agencies fill in.
IPTC = {
    "credit": (2, 110),
    "author": (2, 80),
    "source": (2, 115),
    "caption": (2, 120),
}
#: The same in XMP (IPTC Photo Metadata Standard 2023.1), which holds the alternative text as well.
XMP = {
    "credit": "photoshop:Credit",
    "author": "dc:creator",
    "source": "photoshop:Source",
    "caption": "dc:description",
    "alt": "Iptc4xmpCore:AltTextAccessibility",
}
EXIF_ARTIST = 0x013B
MAX_CHARACTERS = {"credit": 200, "author": 200, "source": 200, "caption": 2_000, "alt": 500}
#: A packet is a few kilobytes; more is not worth searching.
MAX_XMP_BYTES = 200_000


def words(data: bytes) -> dict[str, str]:
    """The picture's own words by the names of our fields; those it lacks are absent.

    XMP wins over IPTC and IPTC over EXIF: it is what today's programs write. Broken metadata gives
    no words and no error.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            found = _quietly(_from_exif, picture)
            found |= _quietly(_from_iptc, picture)
            found |= _quietly(_from_xmp, picture)
    except (UnidentifiedImageError, OSError, ValueError):
        return {}
    tidy = {name: _tidy(text, MAX_CHARACTERS[name]) for name, text in found.items()}
    return {name: text for name, text in tidy.items() if text}


def _quietly(read: Callable[[Image.Image], dict[str, str]], picture: Image.Image) -> dict[str, str]:
    """Hostile or broken bytes are read here with struct and slices; they cost us the words only."""
    try:
        return read(picture)
    except (SyntaxError, ValueError, TypeError, LookupError, OSError, struct.error):
        return {}


def _from_exif(picture: Image.Image) -> dict[str, str]:
    artist = picture.getexif().get(EXIF_ARTIST)
    return {"author": artist} if isinstance(artist, str) else {}


def _from_iptc(picture: Image.Image) -> dict[str, str]:
    record = IptcImagePlugin.getiptcinfo(picture) or {}  # type: ignore[arg-type]
    found = {}
    for name, key in IPTC.items():
        values = record.get(key, [])
        texts = [_decoded(one) for one in (values if isinstance(values, list) else [values])]
        if texts:
            found[name] = ", ".join(texts)
    return found


def _decoded(value: bytes) -> str:
    """Most write UTF-8, whether they declare it or not; the rest is Latin-1 in practice."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _from_xmp(picture: Image.Image) -> dict[str, str]:
    """By patterns instead of an XML parser: a packet may declare entities to blow one up."""
    packet = picture.info.get("xmp", b"")
    text = (packet.encode() if isinstance(packet, str) else packet)[:MAX_XMP_BYTES]
    found = {name: _property(text.decode(errors="replace"), tag) for name, tag in XMP.items()}
    return {name: value for name, value in found.items() if value}


def _property(packet: str, tag: str) -> str:
    """A property as attribute, as element, or as a list of which all items are taken."""
    if match := re.search(rf'\s{tag}="([^"<]*)"', packet):
        return html.unescape(match[1])
    start = packet.find(f"<{tag}>")
    end = packet.find(f"</{tag}>", start)
    if start < 0 or end < 0:
        return ""
    inside = packet[start + len(tag) + 2 : end]
    # No "<" inside the tag: thousands of half-open ones would be searched to the end, each.
    items = re.findall(r"<rdf:li[^<>]*>([^<]*)</rdf:li>", inside) or [inside]
    # The same caption in several languages is one caption.
    kept = items[:1] if "rdf:Alt" in inside else items
    return ", ".join(html.unescape(item) for item in kept if "<" not in item)


def _tidy(text: str, max_characters: int) -> str:
    """One line of printable text: no NUL, which PostgreSQL refuses, and no control characters."""
    printable = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(printable.split())[:max_characters].strip()
