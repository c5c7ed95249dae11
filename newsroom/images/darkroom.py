"""Pictures are opened and encoded in a process of their own, so that none takes more memory or time
than stated here, whichever bug of a decoder it finds. What dies there is a sentence here.

``develop`` is called by the site and the worker; ``main`` is the child, which knows no Django and no
secret: ``python -m newsroom.images.darkroom``.
"""

import json
import logging
import os
import resource
import struct
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from newsroom.images import embedded, processing, provenance
from newsroom.images.processing import TOO_DEAR, Facts, Refused, Rendition
from newsroom.images.recipes import Group

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]
#: All that a child gets of our environment: where Python and its libraries lie.
ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR")

NO_PROCESS = (
    "The site is too busy to open a picture right now, and nothing was kept. Try again in a minute."
)


@dataclass(frozen=True)
class Limits:
    """What one picture may take: address space, processor time, time on the clock."""

    memory_bytes: int
    cpu_seconds: int
    wall_seconds: int
    #: How far the process stands back behind others, readers first; at 10 a busy machine would
    #: never come to it.
    nice: int = 0


#: 25 megapixels of WebP need 400 MB, 50 of PNG with transparency 450; docs/performance.md.
MEMORY_BYTES = 640 * MEGABYTE
#: While somebody waits. A photograph of 24 megapixels takes 1.5 s.
AT_ONCE = Limits(MEMORY_BYTES, cpu_seconds=20, wall_seconds=25)
#: By the worker. A delivery does up to three of these (WebP, JPEG, AVIF) within its two minutes.
LATER = Limits(MEMORY_BYTES, cpu_seconds=20, wall_seconds=25, nice=3)
LATER_AVIF = Limits(MEMORY_BYTES, cpu_seconds=50, wall_seconds=60, nice=3)


@dataclass(frozen=True)
class Developed:
    """What became of a file: what it is, the words and claims in it, the files made of it."""

    facts: Facts
    words: dict[str, str]
    has_c2pa: bool
    renditions: list[Rendition]
    #: The most memory that the child held at a time.
    peak_bytes: int


def develop(
    data: bytes,
    groups: Collection[Group],
    *,
    focal: tuple[float, float] = (0.5, 0.5),
    xmp: bytes = b"",
    limits: Limits = AT_ONCE,
) -> Developed:
    """As ``processing.develop``, in a child within the limits; ``Refused`` when it exceeds them."""
    job = {"groups": list(groups), "focal": focal, "xmp": xmp.decode(), "limits": asdict(limits)}
    done = _run(_packed(job) + data, limits)
    if done.returncode:
        # Negative: the signal that ended it. Else Python's own words about a fault of ours.
        trace = done.stderr.decode(errors="replace")[-2_000:]
        logger.error("A picture ended its process (%s). %s", done.returncode, trace)
        raise Refused(TOO_DEAR)
    return _read(done.stdout)


def _run(sent: bytes, limits: Limits) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(
            [sys.executable, "-m", "newsroom.images.darkroom"],
            input=sent,
            capture_output=True,
            check=False,
            cwd=ROOT,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            timeout=limits.wall_seconds,
        )
    except subprocess.TimeoutExpired as error:
        logger.warning("A picture took longer than %s s.", limits.wall_seconds)
        raise Refused(TOO_DEAR) from error
    except OSError as error:
        logger.exception("No process could be started for a picture.")
        raise Refused(NO_PROCESS) from error


def _read(answer: bytes) -> Developed:
    head, blobs = _unpacked(answer)
    if refusal := head.get("refused"):
        raise Refused(refusal)
    return Developed(
        Facts(**head["facts"]),
        head["words"],
        head["has_c2pa"],
        list(_renditions(head["renditions"], blobs)),
        head["peak_bytes"],
    )


def _renditions(rows: list[Any], blobs: bytes) -> Iterator[Rendition]:
    at = 0
    for cut, format, width, height, length in rows:
        yield Rendition(cut, format, width, height, blobs[at : at + length])
        at += length


# --- Both sides: four bytes of length, JSON, then bytes as they are --------------------------------


def _packed(facts: dict[str, Any]) -> bytes:
    text = json.dumps(facts).encode()
    return struct.pack(">I", len(text)) + text


def _unpacked(message: bytes) -> tuple[dict[str, Any], bytes]:
    length = struct.unpack(">I", message[:4])[0]
    return json.loads(message[4 : 4 + length]), message[4 + length :]


# --- The child -------------------------------------------------------------------------------------


def main(source: BinaryIO, target: BinaryIO) -> None:
    job, data = _unpacked(source.read())
    _bind(Limits(**job["limits"]))
    try:
        answer = _answer(job, data)
    except Refused as refusal:
        answer = _packed({"refused": str(refusal)})
    except MemoryError:
        answer = _packed({"refused": TOO_DEAR})
    target.write(answer)


def _bind(limits: Limits) -> None:
    """From here on the kernel holds us to the limits; no file can be written either."""
    os.nice(limits.nice)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, limits.memory_bytes)


def _limit(kind: int, value: int) -> None:
    try:
        resource.setrlimit(kind, (value, value))
    except ValueError:
        # macOS knows no limit on address space. Time is bounded there, memory is not.
        if sys.platform == "linux":
            raise


def _answer(job: dict[str, Any], data: bytes) -> bytes:
    groups = [(cut, format) for cut, format in job["groups"]]
    facts, renditions = processing.develop(
        data, groups, focal=tuple(job["focal"]), xmp=job["xmp"].encode()
    )
    head = {
        "facts": asdict(facts),
        "words": embedded.words(data),
        "has_c2pa": provenance.has_c2pa(data),
        "renditions": [
            (one.cut, one.format, one.width, one.height, len(one.data)) for one in renditions
        ],
        "peak_bytes": _peak_bytes(),
    }
    return b"".join([_packed(head), *(one.data for one in renditions)])


def _peak_bytes() -> int:
    """Since this program began: on Linux getrusage(2) also counts what the process held before, as
    a copy of its parent, so proc(5) is asked. macOS counts bytes."""
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kilobytes.split()[1]) * 1024


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
