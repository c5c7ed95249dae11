"""The log: one JSON object a line, so that nothing that is logged can make a line of its own."""

import json
import logging
import re
from datetime import UTC, datetime

#: Addresses that are keys: of a password reset it opens the account for whoever reads it, of a share
#: link a story that is not out.
_KEYS = re.compile(r"(/password/reset/key/|/shared/)[^/\s]+")


class JSONLines(logging.Formatter):
    """``{"at", "level", "logger", "message"}`` and with an exception its ``"traceback"``.

    What is logged with ``extra={"fields": {...}}`` stands beside them.
    """

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _KEYS.sub(r"\1…", record.getMessage()),
        }
        entry |= getattr(record, "fields", {})
        if record.exc_info:
            entry["traceback"] = _KEYS.sub(r"\1…", self.formatException(record.exc_info))
        # ASCII only: no terminal or log reader takes an exotic line end for one.
        return json.dumps(entry)
