"""How invocations end, and what Lambda says about those that end badly."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

# 128 + signal, with Go's words for it, which are those that AWS shows.
_SIGNALS = {
    134: "aborted",
    137: "killed",
    139: "segmentation fault",
    142: "alarm clock",
    143: "terminated",
}
# The types of errors that Lambda itself speaks of: its runtime interface emulator, `fatalerror`.
_KNOWN = re.compile(r"(Runtime|Function|Extension)\.[A-Z][a-zA-Z]+")


class Outcome(NamedTuple):
    """How an invocation ended.

    error_type: None if the handler answered. status: "success" (the runtime has served it, be it
    by telling an error), "error" or "timeout". init_ms: of the Init phase, if this invocation's
    environment was new. cause: the type of the error in REPORT, where it is another there.
    exit_reason: how the runtime or an extension ended, if one did. trace_cause: what the runtime
    told X-Ray of an error, in JSON. retried_ms: what of the duration was an initialization.
    """

    payload: bytes
    duration_ms: float
    error_type: str | None = None
    status: str = "success"
    init_ms: float | None = None
    memory_megabytes: int = 0
    cause: str = ""
    exit_reason: str = ""
    trace_cause: str = ""
    retried_ms: float = 0.0

    @property
    def reported_type(self) -> str:
        """What REPORT calls the error."""
        kind = self.cause or self.error_type or ""
        if _KNOWN.search(kind):
            return kind
        return "Function.Unknown" if kind.startswith("Function.") else "Runtime.Unknown"


def error_payload(error_type: str, message: str) -> bytes:
    """The payload of an error that Lambda itself reports."""
    return json.dumps(
        {"errorType": error_type, "errorMessage": message}, separators=(",", ":")
    ).encode()


def timed_out(request_id: str, seconds: int, init_ms: float | None, memory: int) -> Outcome:
    """The outcome of an invocation, or its initialization, that took too long."""
    message = f"RequestId: {request_id} Error: Task timed out after {seconds}.00 seconds"
    kind = "Sandbox.Timedout"
    payload = error_payload(kind, message)
    return Outcome(payload, seconds * 1000.0, kind, "timeout", init_ms, memory)


def exited(
    request_id: str, status: int, duration: float, init_ms: float | None, memory: int
) -> Outcome:
    """The outcome when the runtime has ended by itself, with this exit status (as a shell's)."""
    reason = "Runtime exited without providing a reason"
    if status in _SIGNALS:
        reason = f"Runtime exited with error: signal: {_SIGNALS[status]}"
    elif status:
        reason = f"Runtime exited with error: exit status {status}"
    kind = "Runtime.ExitError"
    payload = error_payload(kind, f"RequestId: {request_id} Error: {reason}")
    return Outcome(payload, duration, kind, "error", init_ms, memory, exit_reason=reason)


def out_of_memory(
    request_id: str, duration: float, init_ms: float | None, memory_size: int
) -> Outcome:
    """The outcome when the environment was killed because it had more than its memory (MB)."""
    outcome = exited(request_id, 137, duration, init_ms, memory_size)
    return outcome._replace(cause="Runtime.OutOfMemory")
