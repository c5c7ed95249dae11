"""The words that travel inside every file that readers get: whose picture it is, on which terms,
and how it came about. Written anew from our row as XMP (ISO 16684-1), so nothing else gets in."""

import re
import struct
from collections.abc import Mapping
from xml.sax.saxutils import escape

#: Properties of the IPTC Photo Metadata Standard by the names of our words, each with how it is
#: written: as an attribute, a list of people, or a text in the default language.
PROPERTIES = {
    "author": ("dc:creator", "Seq"),
    "terms": ("xmpRights:UsageTerms", "Alt"),
    "credit": ("photoshop:Credit", ""),
    "source": ("photoshop:Source", ""),
    "licence_url": ("xmpRights:WebStatement", ""),
    "digital_source": ("Iptc4xmpExt:DigitalSourceType", ""),
}
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
#: What XML 1.0 has no room for (2.2, Char).
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: What stands before a packet in a JPEG (XMP, part 3, 1.1.3), and the flag for one in a WebP
#: (RFC 9649, 2.7).
JPEG_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
WEBP_XMP = 0x04


def packet(words: Mapping[str, str]) -> bytes:
    """The words by their names in ``PROPERTIES`` as an XMP packet; empty when all are empty."""
    said = {name: _text(words.get(name, "")) for name in PROPERTIES}
    said = {name: text for name, text in said.items() if text}
    if not said:
        return b""
    tags = [PROPERTIES[name][0] for name in said]
    spaces = dict.fromkeys(tag.split(":")[0] for tag in tags)
    attributes = [f'xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in spaces]
    elements = []
    for name, text in said.items():
        tag, container = PROPERTIES[name]
        if container:
            language = ' xml:lang="x-default"' if container == "Alt" else ""
            item = f"<rdf:li{language}>{text}</rdf:li>"
            elements.append(f"<{tag}><rdf:{container}>{item}</rdf:{container}></{tag}>")
        else:
            attributes.append(f'{tag}="{text}"')
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {" ".join(attributes)}>{"".join(elements)}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def inside(format: str, data: bytes, xmp: bytes) -> bytes:
    """The JPEG or WebP file with the packet in it, its pixels untouched.

    For files that were encoded before anybody knew the words. They are ours and hold no packet.
    """
    if not xmp:
        return data
    return _in_jpeg(data, xmp) if format == "jpeg" else _in_webp(data, xmp)


def _text(words: str) -> str:
    return escape(UNPRINTABLE.sub(" ", words).strip(), {'"': "&quot;"})


def _in_jpeg(data: bytes, xmp: bytes) -> bytes:
    """Behind the JFIF segment with which each file of ours begins."""
    at = 4 + struct.unpack(">H", data[4:6])[0]
    segment = JPEG_HEADER + xmp
    return data[:at] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[at:]


def _in_webp(data: bytes, xmp: bytes) -> bytes:
    """The chunk goes to the end; one more at the beginning says that it is there."""
    chunks = data[12:]
    if chunks[:4] == b"VP8X":
        flags, rest = chunks[8], chunks[18:]
        canvas = chunks[12:18]
    else:
        # Simple files are lossy and opaque: 14 bits each of width and height (RFC 6386, 9.1).
        flags, rest = 0, chunks
        width, height = struct.unpack("<HH", chunks[14:18])
        canvas = _24_bits((width & 0x3FFF) - 1) + _24_bits((height & 0x3FFF) - 1)
    extended = b"VP8X" + struct.pack("<IB3x", 10, flags | WEBP_XMP) + canvas
    body = b"WEBP" + extended + rest + b"XMP " + struct.pack("<I", len(xmp)) + xmp
    body += b"\0" * (len(xmp) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _24_bits(number: int) -> bytes:
    return struct.pack("<I", number)[:3]
