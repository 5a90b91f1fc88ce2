"""The documents of Lambda's segments.

Fields as in the traces that the X-Ray Developer Guide shows, "Getting data from AWS X-Ray".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core import tracing
from cloudarium.core.ids import Ids
from cloudarium.core.tracing import TraceHeader
from cloudarium.functions.outcomes import Outcome
from cloudarium.services.lambda_.functions import Version
from cloudarium.services.lambda_.names import Reference
from cloudarium.services.lambda_.xray import causes

Document = dict[str, Any]

FAULT: dict[str, object] = {"fault": True}
THROTTLED: dict[str, object] = {"error": True, "throttle": True}


@dataclass(frozen=True)
class Span:
    """From when to when, epoch seconds."""

    start: float
    end: float

    def times(self) -> dict[str, float]:
        """As a document has them."""
        return {"start_time": round(self.start, 6), "end_time": round(self.end, 6)}


def text(document: Document) -> str:
    """A document's JSON."""
    return orjson.dumps(document).decode()


def answered(status: int) -> dict[str, object]:
    """What a document says of Lambda's answer."""
    return {"http": {"response": {"status": status}}}


def service_id(request_id: str) -> str:
    """The id of Lambda's own segment of an asynchronous invocation, the same in all attempts."""
    return hashlib.sha256(request_id.encode()).hexdigest()[:16]


def service(trace: TraceHeader, identity: str, invoked: Reference, request_id: str) -> Document:
    """Lambda's own segment (AWS::Lambda), without times and answer."""
    document: Document = {
        "id": identity,
        "name": invoked.name,
        "trace_id": trace.root,
        "aws": {"request_id": request_id, "account_id": invoked.account},
        "origin": "AWS::Lambda",
        "resource_arn": invoked.arn,
    }
    if trace.parent:
        document["parent_id"] = trace.parent
    return document


def function(
    version: Version, span: Span, outcome: Outcome, invocation_id: str, ids: Ids
) -> Document:
    """The function's segment (AWS::Lambda::Function), without id, trace and parent.

    `span` is all of the invocation; what the outcome tells took its last part.
    """
    reference = version.reference
    start = max(span.end - outcome.duration_ms / 1000, span.start)
    end = start + outcome.duration_ms / 1000
    whole = Span(start, max(end, span.end))
    failed = {**FAULT, "cause": causes.cause(outcome, ids)} if outcome.error_type else {}
    return {
        "name": reference.name,
        **whole.times(),
        "aws": {
            "account_id": reference.account,
            "function_arn": reference.function_arn,
            "cloudwatch_logs": [{"log_group": version.configuration["LoggingConfig"]["LogGroup"]}],
            "resource_names": [reference.name],
        },
        "origin": "AWS::Lambda::Function",
        **failed,
        "subsegments": [
            {
                "id": identity,
                "name": name,
                **times.times(),
                "aws": {"function_arn": reference.function_arn},
                **(failed if name == "Invocation" else {}),
            }
            for identity, name, times in _parts(whole, end, outcome, invocation_id, ids)
        ],
    }


def _parts(
    whole: Span, end: float, outcome: Outcome, invocation_id: str, ids: Ids
) -> Iterator[tuple[str, str, Span]]:
    """The subsegments: their ids, names and times; the handler had done at `end`.

    An initialization that is tried again is part of the invocation; if it fails again, nothing
    follows: Lambda's runtime interface emulator, `rapid/handlers.go`.
    """
    began = whole.start + outcome.retried_ms / 1000
    if outcome.init_ms is not None:
        init = Span(whole.start - outcome.init_ms / 1000, whole.start)
        yield tracing.new_id(ids), "Initialization", init
    elif outcome.retried_ms:
        yield tracing.new_id(ids), "Initialization", Span(whole.start, began)
    if outcome.retried_ms < outcome.duration_ms or not outcome.retried_ms:
        yield invocation_id, "Invocation", Span(began, end)
        yield tracing.new_id(ids), "Overhead", Span(end, whole.end)
