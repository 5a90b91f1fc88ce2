"""What Lambda writes and counts about invocations: START, END and REPORT lines; metrics."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cloudarium.core import tracing
from cloudarium.core.clock import Clock
from cloudarium.core.tally import Tally
from cloudarium.core.telemetry import Telemetry
from cloudarium.functions.launch import Launch
from cloudarium.functions.outcomes import Outcome
from cloudarium.functions.runtime_api import Invocation
from cloudarium.services.lambda_ import limits
from cloudarium.services.lambda_.names import Reference

_NAMESPACE = "AWS/Lambda"
_METERS = 10_000  # how many are kept, those of deleted functions too

Lines = tuple[str, ...]


class Log:
    """An environment's log stream; a callable that takes the function's own lines.

    Without `telemetry` (its role may not write logs) it only keeps the tail.
    """

    def __init__(self, telemetry: Telemetry | None, group: str, stream: str) -> None:
        self._telemetry = telemetry
        self._group = group
        self._stream = stream
        self._tail: deque[str] = deque()
        self._tail_size = 0

    def has_room(self, go_on: Callable[[], None]) -> bool:
        """Whether it takes more lines now; if not, it calls `go_on` when it does."""
        return self._telemetry is None or self._telemetry.has_room(go_on)

    def __call__(self, line: str) -> None:
        self._tail.append(line)
        self._tail_size += len(line) + 1
        while self._tail_size - len(self._tail[0]) > limits.LOG_TAIL_BYTES:
            self._tail_size -= len(self._tail.popleft()) + 1
        if self._telemetry:
            self._telemetry.log(self._group, self._stream, line + "\n")

    def init_start(self, launch: Launch) -> None:
        """An environment's initialization begins."""
        runtime, arn = launch.runtime_version
        self(f"INIT_START Runtime Version: {runtime}\tRuntime Version ARN: {arn}")

    def init_report(self, phase: str, outcome: Outcome) -> None:
        """It has ended, in the Init phase or at the invocation; only a failure is told."""
        if outcome.status == "success":
            return
        parts = [
            f"INIT_REPORT Init Duration: {outcome.init_ms or 0:.2f} ms",
            f"Phase: {phase}",
            f"Status: {outcome.status}",
        ]
        if outcome.status == "error":
            parts.append(f"Error Type: {outcome.reported_type}")
        self("\t".join(parts))

    def event(self, kind: str, record: dict[str, Any], text: str) -> None:
        """Something else the platform tells."""
        self(text)

    def begin(self) -> None:
        """An invocation's log starts here."""
        self._tail.clear()
        self._tail_size = 0

    def start(self, invocation: Invocation, version: str) -> None:
        """The handler is about to be called."""
        self(f"START RequestId: {invocation.request_id} Version: {version}")

    def end(self, invocation: Invocation, outcome: Outcome, memory_size: int, now: float) -> Lines:
        """The invocation has ended at `now` (epoch seconds); the end of its log."""
        request_id = invocation.request_id
        if outcome.status == "timeout":
            moment = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
            seconds = outcome.duration_ms / 1000
            stamp = moment.replace("+00:00", "Z")
            self(f"{stamp} {request_id} Task timed out after {seconds:.2f} seconds\n")
        elif outcome.exit_reason:
            kind = outcome.error_type or ""
            kind = kind if kind.startswith("Extension.") else "Runtime.ExitError"
            self(f"RequestId: {request_id} Error: {outcome.exit_reason}\n{kind}")
        self(f"END RequestId: {request_id}")
        self(_report(request_id, outcome, memory_size) + _trace(invocation))
        return self.lines()

    def lines(self) -> Lines:
        """The end of what was written since `begin`."""
        return tuple(self._tail)


def tail(lines: Lines) -> bytes:
    """The end of a log, as much of it as is shown."""
    return "".join(f"{line}\n" for line in lines).encode()[-limits.LOG_TAIL_BYTES :]


def _report(request_id: str, outcome: Outcome, memory_size: int) -> str:
    billed = max(math.ceil(outcome.duration_ms + (outcome.init_ms or 0.0)), 1)
    text = (
        f"REPORT RequestId: {request_id}\tDuration: {outcome.duration_ms:.2f} ms\t"
        f"Billed Duration: {billed} ms\tMemory Size: {memory_size} MB\t"
        f"Max Memory Used: {outcome.memory_megabytes} MB\t"
    )
    if outcome.init_ms is not None:
        text += f"Init Duration: {outcome.init_ms:.2f} ms\t"
    if outcome.status == "timeout":
        text += "Status: timeout\t"
    elif outcome.status == "error":  # not what the handler raised
        text += f"Status: error\tError Type: {outcome.reported_type}\t"
    return text


def _trace(invocation: Invocation) -> str:
    """What REPORT tells of a trace: the segment is the one that the function's own are under."""
    header = tracing.read(invocation.trace_id) if invocation.span else None
    if header is None:
        return ""
    return f"\nXRAY TraceId: {header.root}\tSegmentId: {header.parent}\tSampled: true\t"


class Meters:
    """What counts the invocations of each function, alias and version."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[tuple[Reference, str], Metrics] = {}

    def of(self, telemetry: Telemetry, reference: Reference, version: str) -> Metrics:
        """What counts invocations of `reference` served by `version`."""
        found = self._kept.get((reference, version))
        if found is None:
            if len(self._kept) >= _METERS:
                self._kept.clear()
            found = self._kept[reference, version] = Metrics(
                telemetry, self._clock, reference, version
            )
        return found


class Metrics:
    """Counts invocations, by the dimensions of "Working with Lambda function metrics"."""

    def __init__(
        self, telemetry: Telemetry, clock: Clock, reference: Reference, version: str
    ) -> None:
        self._telemetry = telemetry
        self._clock = clock
        self._dimensions = _dimensions(reference, version)
        concurrency = (("ConcurrentExecutions", "Count"),)
        self._started = Tally(telemetry, _NAMESPACE, concurrency, self._dimensions[1:])
        self._account = Tally(telemetry, _NAMESPACE, concurrency, self._dimensions[:1])
        self._ended = self._tally("Invocations", "Errors", "Throttles", Duration="Milliseconds")

    def _tally(self, *counts: str, **others: str) -> Tally:
        metrics = [*((name, "Count") for name in counts), *others.items()]
        return Tally(self._telemetry, _NAMESPACE, metrics, self._dimensions)

    def started(self, concurrency: int, account: int) -> None:
        """An execution starts: the function's and the account's how-many-th at this moment."""
        now = self._clock.now()
        self._started.add(now, (concurrency,))
        self._account.add(now, (account,))

    def provisioned(self, is_provisioned: bool, busy: int, requested: int) -> None:
        """An execution of a version with provisioned concurrency starts, in it or beside it."""
        kind = "Invocations" if is_provisioned else "SpilloverInvocations"
        tally = self._tally(
            f"ProvisionedConcurrency{kind}",
            "ProvisionedConcurrentExecutions",
            "ProvisionedConcurrencyUtilization",
        )
        tally.add(self._clock.now(), (1, busy, busy / requested))

    def throttled(self) -> None:
        """The invocation was refused."""
        self._tally("Throttles").add(self._clock.now(), (1,))

    def dropped(self) -> None:
        """The invocation was stopped as part of a recursive loop."""
        self._tally("RecursiveInvocationsDropped").add(self._clock.now(), (1,))

    def ended(self, outcome: Outcome) -> None:
        """The invocation has run."""
        is_error = 1 if outcome.error_type else 0
        duration = round(outcome.duration_ms, 2)
        self._ended.add(self._clock.now(), (1, is_error, 0, duration))


def _dimensions(reference: Reference, version: str) -> list[dict[str, str]]:
    name, qualifier = reference.name, reference.qualifier
    resource = f"{name}:{qualifier}" if qualifier else name
    found: list[dict[str, str]] = [
        {},
        {"FunctionName": name},
        {"FunctionName": name, "Resource": resource},
    ]
    if qualifier and qualifier != version:
        found.append({"FunctionName": name, "Resource": resource, "ExecutedVersion": version})
    return found


def count(telemetry: Telemetry, reference: Reference, name: str, value: float, unit: str) -> None:
    """Count something about a function beside its invocations: for all, for it, for its alias."""
    function, qualifier = reference.name, reference.qualifier
    resource = f"{function}:{qualifier}" if qualifier else function
    telemetry.metric(_NAMESPACE, name, value, unit, {})
    telemetry.metric(_NAMESPACE, name, value, unit, {"FunctionName": function})
    dimensions = {"FunctionName": function, "Resource": resource}
    telemetry.metric(_NAMESPACE, name, value, unit, dimensions)
