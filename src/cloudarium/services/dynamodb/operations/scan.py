"""Scan."""

from cloudarium.core.context import Context, Request, Response

from .. import capacity, errors, keys, pages, storage
from ..metrics import metered
from ..requests import asked_of

_EXPRESSIONS = ("FilterExpression", "ProjectionExpression")


@metered("Scan")
def scan(ctx: Context, request: Request) -> Response:
    """Reads a whole table or index, or one of the segments it is cut into."""
    low, high = _segment(request)
    expressions = asked_of(request, *_EXPRESSIONS)
    source = pages.source_of(ctx, request)
    choice = pages.chooser(ctx, source, request, expressions.projection)
    start = pages.start_key(source, request)
    if start is not None and (start[0] < low or (high is not None and start[0] >= high)):
        raise errors.StartKeySegment()
    capacity.admit(ctx, source.table, "read", (source.index,))
    entries = storage.across(ctx.db, source.space, start or (low, b""), high)
    answer = pages.page(ctx, request, choice, expressions, entries)
    return pages.count_returned(ctx, "Scan", source, answer)


def _segment(request: Request) -> tuple[bytes, bytes | None]:
    segment, total = request.get("Segment"), request.get("TotalSegments")
    if segment is None and total is None:
        return b"", None
    if total is None:
        raise errors.SegmentWithoutTotal()
    if segment is None:
        raise errors.TotalWithoutSegment()
    if segment >= total:
        raise errors.SegmentTooLarge(segment=segment, total=total)
    return keys.segment(segment, total)
