"""The function's log: events of one or more lines, in text or JSON.

A newline inside one event is written as the record separator (0x1e): the server turns it back, so
that an event stays one event.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from typing import Any

_SEPARATOR = "\x1e"


def is_json() -> bool:
    """Whether the function's LogFormat is JSON."""
    return os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"


class JsonFormatter(logging.Formatter):
    """A record as one JSON object, with what `extra` adds to it."""

    _known = frozenset((*vars(logging.makeLogRecord({})), "message", "asctime", "aws_request_id"))

    def format(self, record: logging.LogRecord) -> str:
        """The object's text, without line ends."""
        line: dict[str, Any] = {
            "timestamp": stamp(record.created),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        request_id = vars(record).get("aws_request_id")
        if record.exc_info and record.exc_info[0]:
            kind, error, trace = record.exc_info
            line["stackTrace"] = traceback.format_tb(trace)
            line["errorType"], line["errorMessage"] = kind.__name__, str(error)
            location = f"{record.pathname}:{record.funcName}:{record.lineno}"
            line |= {"requestId": request_id, "location": location}
        line["requestId"] = request_id
        extra = vars(record).items()
        more = {name: value for name, value in extra if name not in self._known | line.keys()}
        return json.dumps({**line, **more}, ensure_ascii=False, default=str)


def stamp(at: float) -> str:
    """A time (epoch seconds) as JSON lines have it."""
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
    return f"{seconds}.{int(at % 1 * 1000):03}Z"


class LogHandler(logging.Handler):
    """The root logger's handler: AWS's format, one event per record."""

    request_id = ""

    def __init__(self) -> None:
        super().__init__()
        if is_json():
            self.setFormatter(JsonFormatter())
            return
        formatter = logging.Formatter(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s",
            "%Y-%m-%dT%H:%M:%S",
        )
        formatter.converter = time.gmtime
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        record.aws_request_id = self.request_id
        write_event(self.format(record))


def write_event(text: str) -> None:
    """Write one log event, whatever its number of lines."""
    sys.stdout.write(text.replace("\n", _SEPARATOR) + "\n")
    sys.stdout.flush()
