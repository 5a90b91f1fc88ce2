"""The `cause` of a failed invocation's segment, of the error that its function reported.

Runtimes may tell it themselves; what is read of that is what Lambda's runtime interface emulator
reads (`rapi/model`).
"""

from __future__ import annotations

import re
from typing import Any

from cloudarium.core import tracing
from cloudarium.core.documents import json_object
from cloudarium.core.ids import Ids
from cloudarium.functions.outcomes import Outcome

_FRAMES = (
    re.compile(r'\s*File "(?P<path>[^"]+)", line (?P<line>\d+), in (?P<label>.+)'),
    re.compile(r"\s*at (?:(?P<label>.+) \()?(?P<path>[^()\s]+):(?P<line>\d+):\d+\)?"),
)
_MOST_FRAMES = 50
_MOST_CHARACTERS = 2_048


def cause(outcome: Outcome, ids: Ids) -> dict[str, Any]:
    """Return the cause: what the runtime told, else the exception that the answer tells of."""
    told = json_object(outcome.trace_cause.encode()) if outcome.trace_cause else None
    return _told(told, ids) if told else _read(outcome.payload, ids)


def _told(report: dict[str, Any], ids: Ids) -> dict[str, Any]:
    found = _members(report, "working_directory", "paths", "message")
    exceptions = report.get("exceptions")
    if isinstance(exceptions, list):
        found["exceptions"] = [
            {
                "id": tracing.new_id(ids),
                "remote": False,
                **_members(each, "message", "type", "stack"),
            }
            for each in exceptions
            if isinstance(each, dict)
        ]
    return found


def _members(report: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: report[name] for name in names if name in report}


def _read(payload: bytes, ids: Ids) -> dict[str, Any]:
    """The exception with its stack, as Python and Node.js write theirs."""
    report = json_object(payload) or {}
    exception: dict[str, Any] = {
        "id": tracing.new_id(ids),
        "remote": False,
        "message": str(report.get("errorMessage") or "")[:_MOST_CHARACTERS],
        "type": str(report.get("errorType") or "")[:_MOST_CHARACTERS],
    }
    lines = report.get("stackTrace") or report.get("trace")
    if isinstance(lines, list):
        frames = [_frame(str(line)) for line in lines[:_MOST_FRAMES]]
        exception["stack"] = [frame for frame in frames if frame]
    return {"working_directory": "/var/task", "exceptions": [exception]}


def _frame(line: str) -> dict[str, Any] | None:
    for pattern in _FRAMES:
        found = pattern.match(line.partition("\n")[0])
        if found:
            frame = {"path": found["path"], "line": int(found["line"])}
            return {**frame, "label": found["label"]} if found["label"] else frame
    return None
