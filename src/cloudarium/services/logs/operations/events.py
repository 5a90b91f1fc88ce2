"""Log events: put, get, filter."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.logs import (
    errors,
    events,
    ingest,
    limits,
    log_groups,
    log_streams,
    patterns,
    tokens,
)
from cloudarium.services.logs.events import Event, Position, Window
from cloudarium.services.logs.log_groups import LogGroup

# How many events one FilterLogEvents looks at before it answers a page, as AWS does with a budget
# of its own: "it is possible for an empty page with a token to be returned" (API_FilterLogEvents).
_SCANNED = 50_000


def put_log_events(ctx: Context, request: Request) -> Response:
    """Append events to a stream; those too old, expired or too new are told of and dropped."""
    group = log_groups.find(ctx, request["logGroupName"])
    stream = log_streams.find(ctx, group, request["logStreamName"])
    batch = [(each["timestamp"], each["message"]) for each in request["logEvents"]]
    _check_batch(batch)
    now = int(ctx.now * 1000)
    expired = sum(at < group.oldest_visible(ctx.now) for at, _ in batch)
    too_old = sum(at < now - limits.TOO_OLD_MS for at, _ in batch)
    new_from = sum(at <= now + limits.TOO_NEW_MS for at, _ in batch)
    accepted = batch[max(expired, too_old) : new_from]
    if accepted:
        ingest.store(ctx, group, stream, accepted)
    rejected = {
        "tooNewLogEventStartIndex": new_from if new_from < len(batch) else None,
        "tooOldLogEventEndIndex": too_old or None,
        "expiredLogEventEndIndex": expired or None,
    }
    some = any(index is not None for index in rejected.values())
    return {
        "nextSequenceToken": f"{stream.id:056d}",
        "rejectedLogEventsInfo": rejected if some else None,
    }


def _check_batch(batch: list[tuple[int, str]]) -> None:
    total = 0
    for _, message in batch:
        size = len(message.encode()) + limits.EVENT_OVERHEAD_BYTES
        if size > limits.MAX_EVENT_BYTES:
            raise errors.EventTooLarge(size=size, limit=limits.MAX_EVENT_BYTES)
        total += size
    if total > limits.MAX_BATCH_BYTES:
        raise errors.UploadTooLarge(size=total, limit=limits.MAX_BATCH_BYTES)
    times = [at for at, _ in batch]
    if times != sorted(times):
        raise errors.NotChronological()
    if times[-1] - times[0] > limits.BATCH_SPAN_MS:
        raise errors.SpanTooLong()


def get_log_events(ctx: Context, request: Request) -> Response:
    """Return a page of a stream, with tokens to go on in both directions.

    At the end of the stream the token that came with the request is answered again.
    """
    group = log_groups.requested(ctx, request)
    stream = log_streams.find(ctx, group, request["logStreamName"])
    token = request.get("nextToken")
    limit = request.get("limit", limits.MAX_READ_EVENTS)
    since, until = _times(ctx, group, request)
    position: Position | None = None
    backward = not request.get("startFromHead", False)
    if token is not None:
        forward, position = tokens.parse(token)
        backward = not forward
    window = Window(
        since,
        until,
        after=position if position and not backward else events.START,
        before=position if position and backward else events.END,
    )
    found = events.of_stream(ctx, stream, window, limit, backward=backward)
    found = events.page(found, backward=backward)
    first, last = _edges(found, position, backward=backward)
    return {
        "events": [
            {"timestamp": each.at, "message": each.message, "ingestionTime": each.ingested_at}
            for each in found
        ],
        "nextForwardToken": tokens.forward(last),
        "nextBackwardToken": tokens.backward(first),
    }


def _edges(
    found: list[Event], position: Position | None, *, backward: bool
) -> tuple[Position, Position]:
    """Return before what the page begins and after what it ends."""
    if found:
        return found[0].position, found[-1].position
    if position is None:
        return events.START, events.START
    if backward:
        return position, Position(position.at, position.id - 1)
    return Position(position.at, position.id + 1), position


def filter_log_events(ctx: Context, request: Request) -> Response:
    """Return the events of a group that match a pattern, earliest first."""
    if request.get("logStreamNames") and "logStreamNamePrefix" in request:
        raise errors.PrefixAndNames()
    group = log_groups.requested(ctx, request)
    matches = patterns.compile_pattern(request.get("filterPattern", ""))
    names = _stream_names(ctx, group, request)
    since, until = _times(ctx, group, request)
    until = min(until + 1, events.END.at)  # here, unlike in GetLogEvents, endTime is inclusive
    token = request.get("nextToken")
    after = tokens.parse(token)[1] if token else events.START
    limit = request.get("limit", limits.MAX_READ_EVENTS)
    found: list[Event] = []
    size = scanned = 0
    more = False
    for event in events.of_group(ctx, group, Window(since, until, after=after), _SCANNED):
        if event.stream in names and matches(event.message) is not None:
            if found and (len(found) == limit or size + event.size > limits.MAX_READ_BYTES):
                more = True
                break
            found.append(event)
            size += event.size
        scanned += 1
        after = event.position
    more = more or scanned == _SCANNED
    return {
        "events": [_filtered(event, names) for event in found],
        "searchedLogStreams": [],
        "nextToken": tokens.forward(after) if more else None,
    }


def _stream_names(ctx: Context, group: LogGroup, request: Request) -> dict[int, str]:
    wanted = request.get("logStreamNames")
    streams = log_streams.listed(ctx, group, request.get("logStreamNamePrefix", ""))
    for name in wanted or []:
        log_streams.find(ctx, group, name)
    return {each.id: each.name for each in streams if not wanted or each.name in wanted}


def _filtered(event: Event, names: dict[int, str]) -> Response:
    return {
        "logStreamName": names[event.stream],
        "timestamp": event.at,
        "message": event.message,
        "ingestionTime": event.ingested_at,
        "eventId": tokens.event_id(event.position),
    }


def _times(ctx: Context, group: LogGroup, request: Request) -> tuple[int, int]:
    """Return the range asked for (end exclusive), without what has expired."""
    since = max(request.get("startTime", 0), group.oldest_visible(ctx.now))
    until = request.get("endTime", events.END.at)
    if until < request.get("startTime", 0):
        raise errors.InvalidTimeRange()
    return since, until
