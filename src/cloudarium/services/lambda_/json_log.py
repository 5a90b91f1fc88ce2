"""Logs in JSON: the platform's own lines as events, and both kinds of lines by their levels.

"Configuring JSON and plain text log formats" and "Log-level filtering" in the developer guide.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.clock import Clock
from cloudarium.core.telemetry import Telemetry
from cloudarium.functions import platform_events
from cloudarium.functions.launch import Launch
from cloudarium.functions.outcomes import Outcome
from cloudarium.functions.runtime_api import Invocation
from cloudarium.services.lambda_.reports import Lines, Log

# Python's own names of levels are understood too.
_RANKS = {
    "TRACE": 0,
    "DEBUG": 1,
    "INFO": 2,
    "WARN": 3,
    "WARNING": 3,
    "ERROR": 4,
    "FATAL": 5,
    "CRITICAL": 5,
}


class JsonLog(Log):
    """A log stream of a function whose LogFormat is JSON."""

    def __init__(
        self,
        telemetry: Telemetry | None,
        place: tuple[str, str],
        config: dict[str, str],
        clock: Clock,
    ) -> None:
        """`place` is its group and stream, `config` the function's LoggingConfig."""
        super().__init__(telemetry, *place)
        self._application = _RANKS[config["ApplicationLogLevel"]]
        self._system = _RANKS[config["SystemLogLevel"]]
        self._clock = clock
        self._kind = ""
        self._function = ""

    def __call__(self, line: str) -> None:
        if not line.startswith("{") or _rank(line) >= self._application:
            super().__call__(line)

    def init_start(self, launch: Launch) -> None:
        """An environment's initialization begins."""
        record = platform_events.init_start(launch)
        self._kind, self._function = record["initializationType"], launch.function
        self._write("INFO", "platform.initStart", record)

    def init_report(self, phase: str, outcome: Outcome) -> None:
        """It has ended."""
        good = outcome.status == "success"
        done = platform_events.init_runtime_done(self._kind, phase, outcome)
        self._write("DEBUG" if good else "WARN", "platform.initRuntimeDone", done)
        report = platform_events.init_report(self._kind, phase, outcome)
        usual = "DEBUG" if self._kind == "on-demand" else "INFO"
        self._write(usual if good else "WARN", "platform.initReport", report)

    def event(self, kind: str, record: platform_events.Record, text: str) -> None:
        """Something else the platform tells."""
        self._write("INFO", kind, record)

    def start(self, invocation: Invocation, version: str) -> None:
        """The handler is about to be called."""
        record = platform_events.start(invocation, self._function, version)
        self._write("INFO", "platform.start", record)

    def end(self, invocation: Invocation, outcome: Outcome, memory_size: int, now: float) -> Lines:
        """The invocation has ended; its log."""
        good = outcome.status == "success"
        done = platform_events.runtime_done(invocation, outcome)
        self._write("DEBUG" if good else "WARN", "platform.runtimeDone", done)
        report = platform_events.report(invocation, outcome, memory_size)
        self._write("INFO" if good else "WARN", "platform.report", report)
        return self.lines()

    def _write(self, level: str, kind: str, record: platform_events.Record) -> None:
        if _RANKS[level] >= self._system:
            event = {"time": stamp(self._clock.now()), "type": kind, "record": record}
            super().__call__(json.dumps(event, separators=(",", ":"), ensure_ascii=False))


def stamp(at: float) -> str:
    """A time (epoch seconds) as events have it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _rank(line: str) -> int:
    """The level of a line in JSON; one without a level counts as INFO."""
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError):
        return _RANKS["FATAL"]
    level = found.get("level") if isinstance(found, dict) else None
    return _RANKS.get(str(level).upper(), _RANKS["INFO"])
