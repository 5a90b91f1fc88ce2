"""What Lambda writes and counts about invocations: START, END and REPORT lines; metrics."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from cloudarium.core.clock import Clock
from cloudarium.core.telemetry import Series, Telemetry
from cloudarium.functions.environments import Outcome
from cloudarium.services.lambda_.names import Reference

_NAMESPACE = "AWS/Lambda"
_METERS = 10_000  # how many are kept, those of deleted functions too


class Log:
    """An environment's log stream; a callable that takes the function's own lines.

    Without `telemetry` (its role may not write logs) it only keeps the tail.
    """

    def __init__(self, telemetry: Telemetry | None, group: str, stream: str) -> None:
        self._telemetry = telemetry
        self._group = group
        self._stream = stream
        self._lines: list[str] = []

    def __call__(self, line: str) -> None:
        self._lines.append(line)
        if self._telemetry:
            self._telemetry.log(self._group, self._stream, line + "\n")

    def begin(self) -> None:
        """An invocation's log starts here."""
        self._lines = []

    def start(self, request_id: str, version: str) -> None:
        """The handler is about to be called."""
        self(f"START RequestId: {request_id} Version: {version}")

    def end(self, request_id: str, outcome: Outcome, memory_size: int, now: float) -> bytes:
        """The invocation has ended at `now` (epoch seconds); its log."""
        if outcome.status == "timeout":
            moment = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
            seconds = outcome.duration_ms / 1000
            stamp = moment.replace("+00:00", "Z")
            self(f"{stamp} {request_id} Task timed out after {seconds:.2f} seconds\n")
        elif (outcome.error_type or "").startswith("Runtime.ExitError"):
            text = outcome.payload.decode().partition("Error: ")[2].rstrip('"}')
            self(f"RequestId: {request_id} Error: {text}\nRuntime.ExitError")
        self(f"END RequestId: {request_id}")
        self(_report(request_id, outcome, memory_size))
        return "".join(f"{line}\n" for line in self._lines).encode()


def _report(request_id: str, outcome: Outcome, memory_size: int) -> str:
    init = outcome.init_ms or 0.0
    parts = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {outcome.duration_ms:.2f} ms",
        f"Billed Duration: {max(math.ceil(outcome.duration_ms + init), 1)} ms",
        f"Memory Size: {memory_size} MB",
        f"Max Memory Used: {outcome.memory_megabytes} MB",
    ]
    if outcome.init_ms is not None:
        parts.append(f"Init Duration: {outcome.init_ms:.2f} ms")
    if outcome.status == "timeout":
        parts.append("Status: timeout")
    elif (outcome.error_type or "").startswith("Runtime."):  # not what the handler raised
        parts.append(f"Status: error\tError Type: {outcome.error_type}")
    return "\t".join(parts) + "\t"


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
        self._series: dict[str, list[Series]] = {}
        name, qualifier = reference.name, reference.qualifier
        resource = f"{name}:{qualifier}" if qualifier else name
        self._dimensions: list[dict[str, str]] = [
            {},
            {"FunctionName": name},
            {"FunctionName": name, "Resource": resource},
        ]
        if qualifier and qualifier != version:
            self._dimensions.append(
                {"FunctionName": name, "Resource": resource, "ExecutedVersion": version}
            )

    def _put(self, name: str, value: float, unit: str = "Count") -> None:
        series = self._series.get(name)
        if series is None:
            series = self._series[name] = [
                self._telemetry.series(_NAMESPACE, name, unit, dimensions)
                for dimensions in self._dimensions
            ]
        now = self._clock.now()
        for each in series:
            each.add(value, now)

    def started(self, concurrency: int) -> None:
        """An execution starts, the function's `concurrency`-th at this moment."""
        self._put("ConcurrentExecutions", concurrency)

    def provisioned(self, is_provisioned: bool, busy: int, requested: int) -> None:
        """An execution of a version with provisioned concurrency starts, in it or beside it."""
        if is_provisioned:
            self._put("ProvisionedConcurrencyInvocations", 1)
        else:
            self._put("ProvisionedConcurrencySpilloverInvocations", 1)
        self._put("ProvisionedConcurrentExecutions", busy)
        self._put("ProvisionedConcurrencyUtilization", busy / requested)

    def throttled(self) -> None:
        """The invocation was refused."""
        self._put("Throttles", 1)

    def ended(self, outcome: Outcome) -> None:
        """The invocation has run."""
        self._put("Invocations", 1)
        self._put("Errors", 1 if outcome.error_type else 0)
        self._put("Throttles", 0)
        self._put("Duration", round(outcome.duration_ms, 2), "Milliseconds")


def count(telemetry: Telemetry, reference: Reference, name: str, value: float, unit: str) -> None:
    """Count something about a function's asynchronous events."""
    telemetry.metric(_NAMESPACE, name, value, unit, {"FunctionName": reference.name})
