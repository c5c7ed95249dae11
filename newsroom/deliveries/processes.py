"""Which process this is, and whether another one on this machine still lives."""

import os
from pathlib import Path

PROC = Path("/proc")


def identity(pid: int | None = None) -> str:
    """Tells a process from every other, on this machine and elsewhere, now and later.

    Machine start, namespace of process ids, id and start of the process (proc(5)), parted by
    slashes; numbers of processes are given out again, these four together are not. Empty when
    there is no such process, or on a system without ``/proc``.
    """
    pid = pid or os.getpid()
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        namespace = (PROC / "self/ns/pid").readlink()
        # The name in field 2 may hold anything, also spaces and brackets: counted from its end.
        started = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
    return f"{boot}/{namespace}/{pid}/{started}"


def has_died(process: str) -> bool:
    """Whether the process of this identity is known to be gone.

    False when it lives, and when it cannot be seen from here: another machine or container.
    """
    where, _, rest = process.rpartition("/")
    where, _, pid = where.rpartition("/")
    mine = identity().rsplit("/", 2)[0]
    if not where or where != mine:
        return False
    return identity(int(pid)) != f"{where}/{pid}/{rest}"
