"""What the platform tells about an environment: records of the Telemetry API and of JSON logs.

"Lambda Telemetry API Event schema reference", schema 2022-12-13, in the developer guide; the order
of members, `functionArn`, `instanceId` and `instanceMaxMemory` as in logs of functions of 2026.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cloudarium.functions.outcomes import Outcome
from cloudarium.functions.runtime_api import Invocation

if TYPE_CHECKING:
    from cloudarium.functions.launch import Launch

Record = dict[str, Any]


def init_start(launch: Launch, phase: str = "init") -> Record:
    """platform.initStart."""
    runtime, arn = launch.runtime_version
    variables = launch.environment
    return {
        "initializationType": variables.get("AWS_LAMBDA_INITIALIZATION_TYPE", ""),
        "phase": phase,
        "runtimeVersion": runtime,
        "runtimeVersionArn": arn,
        "functionName": variables.get("AWS_LAMBDA_FUNCTION_NAME", ""),
        "functionVersion": variables.get("AWS_LAMBDA_FUNCTION_VERSION", ""),
        "instanceId": variables.get("AWS_LAMBDA_LOG_STREAM_NAME", ""),
        "instanceMaxMemory": launch.memory_megabytes << 20,
    }


def init_report(kind: str, phase: str, outcome: Outcome) -> Record:
    """platform.initReport."""
    return {
        "initializationType": kind,
        "phase": phase,
        **_status(outcome),
        "metrics": {"durationMs": round(outcome.init_ms or 0.0, 3)},
    }


def init_runtime_done(kind: str, phase: str, outcome: Outcome) -> Record:
    """platform.initRuntimeDone."""
    return {"initializationType": kind, "phase": phase, **_status(outcome)}


def start(invocation: Invocation, function_arn: str, version: str) -> Record:
    """platform.start."""
    return {
        "requestId": invocation.request_id,
        "functionArn": function_arn,
        "version": version,
        **_tracing(invocation),
    }


def runtime_done(invocation: Invocation, outcome: Outcome) -> Record:
    """platform.runtimeDone."""
    metrics = {
        "durationMs": round(outcome.duration_ms, 3),
        "producedBytes": 0 if outcome.error_type else len(outcome.payload),
    }
    return {
        "requestId": invocation.request_id,
        **_status(outcome),
        **_tracing(invocation),
        "metrics": metrics,
    }


def report(invocation: Invocation, outcome: Outcome, memory_size: int) -> Record:
    """platform.report; `memory_size` is the function's, in MB."""
    metrics: dict[str, float] = {
        "durationMs": round(outcome.duration_ms, 3),
        "billedDurationMs": max(math.ceil(outcome.duration_ms + (outcome.init_ms or 0.0)), 1),
        "memorySizeMB": memory_size,
        "maxMemoryUsedMB": outcome.memory_megabytes,
    }
    if outcome.init_ms is not None:
        metrics["initDurationMs"] = round(outcome.init_ms, 3)
    return {
        "requestId": invocation.request_id,
        "metrics": metrics,
        **_tracing(invocation),
        **_status(outcome),
    }


def _tracing(invocation: Invocation) -> Record:
    """Of a traced invocation the function's segment, and the header that Lambda's own leads to."""
    if invocation.span is None:
        return {}
    segment_id, header = invocation.span
    return {"tracing": {"spanId": segment_id, "type": "X-Amzn-Trace-Id", "value": header}}


def _status(outcome: Outcome) -> Record:
    status: Record = {"status": outcome.status}
    if outcome.status == "error":
        status["errorType"] = outcome.reported_type
    return status
