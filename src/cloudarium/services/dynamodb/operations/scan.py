"""Scan."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, key_paths, keys, layers, pages, reading
from ..metrics import metered
from ..requests import asked_of_page

_EXPRESSIONS = ("FilterExpression", "ProjectionExpression")


@metered("Scan")
@layers.alone
def scan(ctx: Context, request: Request) -> Response:
    """Reads a whole table or index, or one of the segments it is cut into."""
    expressions = asked_of_page(request, *_EXPRESSIONS, start=lambda: _check_start(request))
    pages.check_select(request, expressions)
    source = pages.source_of(ctx, request)
    choice = pages.chooser(ctx, source, request, expressions.projection)
    start = pages.start_key(source, request)
    key_paths.check_read(source.table, expressions, filtered=True)
    answer = reading.scanned(ctx, request, choice, expressions, _segment(request), start)
    return pages.count_returned(ctx, "Scan", source, answer)


def _check_start(request: Request) -> None:
    pages.admit_start(request)
    _segment(request)


def _segment(request: Request) -> reading.Bounds:
    segment, total = request.get("Segment"), request.get("TotalSegments")
    if segment is None and total is None:
        return b"", None
    if total is None:
        raise errors.SegmentWithoutTotal()
    if segment is None:
        raise errors.TotalWithoutSegment()
    if segment >= total:
        raise errors.SegmentTooLarge()
    return keys.segment(segment, total)
