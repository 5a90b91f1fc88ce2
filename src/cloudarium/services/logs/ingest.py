"""How events come in: from PutLogEvents and from the cloud's own telemetry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cloudarium.core.context import Context
from cloudarium.core.telemetry import LogLine
from cloudarium.services.logs import (
    embedded_metrics,
    events,
    extraction,
    log_groups,
    log_streams,
    retention,
    subscription_filters,
)
from cloudarium.services.logs.log_groups import LogGroup
from cloudarium.services.logs.log_streams import LogStream


def logs(ctx: Context, lines: list[LogLine]) -> None:
    """Take the telemetry's lines; groups and streams are made as needed."""
    batches: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for line in lines:
        batches[line.group, line.stream].append((line.timestamp, line.message))
    for (group_name, stream_name), batch in batches.items():
        group = log_groups.named(ctx, group_name) or log_groups.insert(ctx, group_name, {})
        stream = log_streams.named(ctx, group, stream_name)
        store(ctx, group, stream or log_streams.insert(ctx, group, stream_name), batch)


def store(
    ctx: Context, group: LogGroup, stream: LogStream, batch: Sequence[tuple[int, str]]
) -> None:
    """Write events (time in ms, message) and count them."""
    times = [at for at, _ in batch]
    size = sum(len(message.encode()) for _, message in batch)
    events.insert(ctx, group, stream, batch)
    log_streams.note_events(ctx, stream, min(times), max(times))
    log_groups.add_bytes(ctx, group, size)
    if group.retention_days is not None and group.expires_at is None:
        retention.plan(ctx, group)
    _pass_on(ctx, group, stream, batch)
    dimensions = {"LogGroupName": group.name}
    ctx.telemetry.metric("AWS/Logs", "IncomingLogEvents", len(batch), "None", dimensions)
    ctx.telemetry.metric("AWS/Logs", "IncomingBytes", size, "Bytes", dimensions)


def _pass_on(
    ctx: Context, group: LogGroup, stream: LogStream, batch: Sequence[tuple[int, str]]
) -> None:
    """Let embedded metrics, metric filters and subscriptions see new events."""
    for _, message in batch:
        embedded_metrics.publish(ctx, message)
    extraction.extract(ctx, group, [message for _, message in batch])
    subscription_filters.forward(ctx, group, stream.name, batch)
