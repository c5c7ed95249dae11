"""Does a file carry Content Credentials (C2PA)? Found from its structure; nothing is verified.

C2PA Technical Specification 2.1, appendix A, says where each format keeps its manifest.
"""

import struct
from collections.abc import Iterator

#: The box of ISO base media files (AVIF) that holds a manifest.
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
GIF_BLOCK = b"!\xff\x0bC2PA_GIF"
APP11, START_OF_SCAN = 0xEB, 0xDA


def has_c2pa(data: bytes) -> bool:
    """Whether there is a manifest; False for what is broken before one is reached."""
    if data.startswith(b"\xff\xd8"):
        return any(kind == APP11 and _is_manifest(body) for kind, body in _segments(data))
    if data.startswith(b"\x89PNG"):
        return any(kind == b"caBX" for kind in _png_chunks(data))
    if data.startswith(b"RIFF"):
        return any(kind == b"C2PA" for kind in _riff_chunks(data))
    if data.startswith(b"GIF8"):
        return GIF_BLOCK in data
    return any(kind == b"jumb" or body == C2PA_UUID for kind, body in _boxes(data))


def _is_manifest(segment: bytes) -> bool:
    """A JUMBF box of C2PA in a JPEG (ISO 19566-5, annex D): identifier, two numbers, the box."""
    return segment[:2] == b"JP" and segment[12:16] == b"jumb" and b"c2pa" in segment


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each JPEG segment before the pixels."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != START_OF_SCAN:
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        if length < 2:
            return
        yield data[at + 1], data[at + 4 : at + 2 + length]
        at += 2 + length


def _png_chunks(data: bytes) -> Iterator[bytes]:
    """The kind of each chunk: length, kind, body, sum."""
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        yield kind
        at += 12 + length


def _riff_chunks(data: bytes) -> Iterator[bytes]:
    """The kind of each chunk: kind, length, body made even."""
    at = 12
    while at + 8 <= len(data):
        kind, length = struct.unpack("<4sI", data[at : at + 8])
        yield kind
        at += 8 + length + length % 2


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and first sixteen bytes of each top-level box (ISO 14496-12, 4.2)."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        head = 8
        if size == 1 and at + 16 <= len(data):
            size, head = struct.unpack(">Q", data[at + 8 : at + 16])[0], 16
        yield kind, data[at + head : at + head + 16]
        if size < head:
            # 0: to the end of the file. Else broken.
            return
        at += size
