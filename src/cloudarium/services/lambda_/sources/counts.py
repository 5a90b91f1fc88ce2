"""EventCount metrics of a mapping: what becomes of the events it polls.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html, "Event source mapping
metrics".
"""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.services.lambda_.sources.mappings import Mapping

POLLED = "PolledEventCount"
FILTERED_OUT = "FilteredOutEventCount"
INVOKED = "InvokedEventCount"
FAILED = "FailedInvokeEventCount"
DROPPED = "DroppedEventCount"  # of streams only
DELIVERED = "OnFailureDestinationDeliveredEventCount"  # of streams only
DELETED = "DeletedEventCount"  # of queues only


def count(ctx: Context, mapping: Mapping, name: str, events: int) -> None:
    """Count so many events, if the mapping has these metrics."""
    if mapping.counts_events:
        dimensions = {"EventSourceMappingUUID": mapping.uuid}
        ctx.telemetry.metric("AWS/Lambda", name, events, "Count", dimensions)


def polled(ctx: Context, mapping: Mapping, found: int, passing: int) -> None:
    """Count what was read, and what of it the mapping's filter lets through."""
    count(ctx, mapping, POLLED, found)
    if mapping.configuration.get("FilterCriteria"):
        count(ctx, mapping, FILTERED_OUT, found - passing)
