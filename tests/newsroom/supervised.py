"""A supervisor with stand-ins for gunicorn and the worker: ``python -m tests.newsroom.supervised``.

Takes the Python code of both and the seconds that they may take to stop. Nobody waits before a
program is started again.
"""

import logging
import socket
import sys
from pathlib import Path

from newsroom.logs import JSONLines
from newsroom.management.supervisor import Program, Supervisor

if __name__ == "__main__":
    handler = logging.StreamHandler()
    handler.setFormatter(JSONLines())
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    site, worker, seconds = sys.argv[1:]
    listener = socket.create_server(("127.0.0.1", 0))
    sys.exit(
        Supervisor(
            Program("Gunicorn", [sys.executable, "-c", site], fds=(listener.fileno(),)),
            Program("The worker", [sys.executable, "-c", worker]) if worker else None,
            root=Path.cwd(),
            listener=listener,
            waits=(0, 0, 0, 0, 0),
            stop_seconds=float(seconds),
        ).run()
    )
