"""What the platform tells about an environment: records of the Telemetry API and of JSON logs.

"Lambda Telemetry API Event schema reference", schema 2022-12-13, in the developer guide.
"""

from __future__ import annotations

import math
from typing import Any

from cloudarium.functions.outcomes import Outcome

Record = dict[str, Any]


def init_start(runtime: str, arn: str, kind: str, phase: str = "init") -> Record:
    """platform.initStart; `kind` is AWS_LAMBDA_INITIALIZATION_TYPE."""
    return {
        "initializationType": kind,
        "phase": phase,
        "runtimeVersion": runtime,
        "runtimeVersionArn": arn,
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


def start(request_id: str, version: str) -> Record:
    """platform.start."""
    return {"requestId": request_id, "version": version}


def runtime_done(request_id: str, outcome: Outcome) -> Record:
    """platform.runtimeDone."""
    metrics = {
        "durationMs": round(outcome.duration_ms, 3),
        "producedBytes": len(outcome.payload),
    }
    return {"requestId": request_id, **_status(outcome), "metrics": metrics}


def report(request_id: str, outcome: Outcome, memory_size: int) -> Record:
    """platform.report; `memory_size` is the function's, in MB."""
    metrics: dict[str, float] = {
        "durationMs": round(outcome.duration_ms, 3),
        "billedDurationMs": max(math.ceil(outcome.duration_ms + (outcome.init_ms or 0.0)), 1),
        "memorySizeMB": memory_size,
        "maxMemoryUsedMB": outcome.memory_megabytes,
    }
    if outcome.init_ms is not None:
        metrics["initDurationMs"] = round(outcome.init_ms, 3)
    return {"requestId": request_id, "metrics": metrics, **_status(outcome)}


def _status(outcome: Outcome) -> Record:
    status: Record = {"status": outcome.status}
    if outcome.status == "error":
        status["errorType"] = outcome.reported_type
    return status
