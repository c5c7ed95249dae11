"""What a photographer or a program wrote into the file: credit, author, licence, caption, how it was
made. Read once, never served as it is."""

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
    "copyright": (2, 116),
}
#: The same in XMP (IPTC Photo Metadata Standard 2023.1), which holds the alternative text as well.
XMP = {
    "credit": "photoshop:Credit",
    "author": "dc:creator",
    "source": "photoshop:Source",
    "caption": "dc:description",
    "alt": "Iptc4xmpCore:AltTextAccessibility",
    "digital_source": "Iptc4xmpExt:DigitalSourceType",
    "copyright": "dc:rights",
    "terms": "xmpRights:UsageTerms",
    "licence_url": "xmpRights:WebStatement",
}
#: Where a picture says under which licence it may be used, the most particular place first.
LICENCE_PLACES = ("licence_url", "terms", "copyright")
#: How Creative Commons itself names a licence (CC REL): an address in an attribute of its own.
CC_LICENCE = re.compile(r"<cc:license\s[^<>]{0,200}?rdf:resource=\"([^\"<]{1,500})\"")
ADDRESS = re.compile(r"https?://[^\s<>\"()]{4,400}")
#: The address of each code begins so, with http or https; only the code is kept.
DIGITAL_SOURCE = re.compile(
    r"https?://cv\.iptc\.org/newscodes/digitalsourcetype/([A-Za-z]{1,60})/?"
)
EXIF_ARTIST, EXIF_COPYRIGHT = 0x013B, 0x8298
MAX_CHARACTERS = {
    "credit": 200,
    "author": 200,
    "source": 200,
    "caption": 2_000,
    "alt": 500,
    "licence_url": 500,
    "digital_source": 60,
}
#: A packet is a few kilobytes; more is not worth searching.
MAX_XMP_BYTES = 200_000


def words(data: bytes) -> dict[str, str]:
    """The picture's own words by the names of our fields; those it lacks are absent.

    ``licence_url`` is the address of its licence, wherever it stands; ``digital_source`` a code of
    IPTC's NewsCodes. XMP wins over IPTC and IPTC over EXIF: it is what today's programs write. Broken metadata gives
    no words and no error.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            found = _quietly(_from_exif, picture)
            found |= _quietly(_from_iptc, picture)
            found |= _quietly(_from_xmp, picture)
    except (UnidentifiedImageError, OSError, ValueError):
        return {}
    found["licence_url"] = _licence(found)
    found["digital_source"] = _code(found.get("digital_source", ""))
    tidy = {name: _tidy(found.get(name, ""), limit) for name, limit in MAX_CHARACTERS.items()}
    return {name: text for name, text in tidy.items() if text}


def _licence(found: dict[str, str]) -> str:
    """The first address where a licence is stated: the terms may be a sentence around it."""
    said = " ".join(found.get(place, "") for place in LICENCE_PLACES)
    match = ADDRESS.search(said)
    return match[0].rstrip(".,;") if match else ""


def _code(address: str) -> str:
    match = DIGITAL_SOURCE.fullmatch(address.strip())
    return match[1] if match else ""


def _quietly(read: Callable[[Image.Image], dict[str, str]], picture: Image.Image) -> dict[str, str]:
    """Hostile or broken bytes are read here with struct and slices; they cost us the words only."""
    try:
        return read(picture)
    except (SyntaxError, ValueError, TypeError, LookupError, OSError, struct.error):
        return {}


def _from_exif(picture: Image.Image) -> dict[str, str]:
    exif = picture.getexif()
    found = {"author": exif.get(EXIF_ARTIST), "copyright": exif.get(EXIF_COPYRIGHT)}
    return {name: text for name, text in found.items() if isinstance(text, str)}


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
    data = (packet.encode() if isinstance(packet, str) else packet)[:MAX_XMP_BYTES]
    text = data.decode(errors="replace")
    found = {name: _property(text, tag) for name, tag in XMP.items()}
    if match := CC_LICENCE.search(text):
        found["licence_url"] = html.unescape(match[1])
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
