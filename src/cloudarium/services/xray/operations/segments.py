"""What applications and daemons send: segments, and figures about themselves."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.xray import ingest


def put_trace_segments(ctx: Context, request: Request) -> Response:
    """Take segment documents; those refused are told one by one."""
    return {
        "UnprocessedTraceSegments": [
            {"Id": refusal.id, "ErrorCode": refusal.code, "Message": refusal.message}
            for refusal in ingest.put(ctx, request["TraceSegmentDocuments"])
        ]
    }


def put_telemetry_records(ctx: Context, request: Request) -> Response:
    """Take a daemon's figures about itself; nothing of X-Ray's shows them."""
    return {}
