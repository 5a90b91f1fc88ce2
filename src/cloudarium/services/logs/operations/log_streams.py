"""Log streams: create, describe, delete."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.logs import errors, limits, log_groups, log_streams


def create_log_stream(ctx: Context, request: Request) -> Response:
    """Make a log stream."""
    group = log_groups.find(ctx, request["logGroupName"])
    if log_streams.named(ctx, group, request["logStreamName"]) is not None:
        raise errors.LogStreamExists()
    log_streams.insert(ctx, group, request["logStreamName"])
    return {}


def delete_log_stream(ctx: Context, request: Request) -> Response:
    """Remove a log stream and its events."""
    group = log_groups.find(ctx, request["logGroupName"])
    log_streams.delete(ctx, log_streams.find(ctx, group, request["logStreamName"]))
    return {}


def describe_log_streams(ctx: Context, request: Request) -> Response:
    """List a group's streams by name or by their last event, 50 a page."""
    group = log_groups.requested(ctx, request)
    prefix = request.get("logStreamNamePrefix", "")
    by_time = request.get("orderBy") == "LastEventTime"
    if by_time and prefix:
        raise errors.PrefixAndEventTime()
    found = log_streams.listed(ctx, group, prefix)
    if by_time:
        found.sort(key=lambda stream: (stream.last_event_at or 0, stream.name))
    if request.get("descending"):
        found.reverse()
    start = _after(found, request.get("nextToken"))
    limit = request.get("limit", limits.MAX_DESCRIBED)
    page = found[start : start + limit]
    more = len(found) > start + limit
    return {
        "logStreams": [_described(group, stream) for stream in page],
        "nextToken": page[-1].name if more else None,
    }


def _after(found: list[log_streams.LogStream], token: str | None) -> int:
    if token is None:
        return 0
    names = [stream.name for stream in found]
    if token not in names:
        raise errors.InvalidToken()
    return names.index(token) + 1


def _described(group: log_groups.LogGroup, stream: log_streams.LogStream) -> Response:
    return {
        "logStreamName": stream.name,
        "creationTime": stream.created_at,
        "firstEventTimestamp": stream.first_event_at,
        "lastEventTimestamp": stream.last_event_at,
        "lastIngestionTime": stream.last_ingestion_at,
        # Both are kept for compatibility: AWS answers a token that is never asked for, and no size.
        "uploadSequenceToken": None if stream.last_event_at is None else f"{stream.id:056d}",
        "arn": f"{group.arn}:log-stream:{stream.name}",
        "storedBytes": 0,
    }
