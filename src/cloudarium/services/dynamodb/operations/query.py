"""Query."""

from cloudarium.core.context import Context, Request, Response

from .. import capacity, errors, key_ranges, pages, storage
from ..expressions.expressions import Expressions
from ..metrics import metered
from ..pages import Source
from ..requests import asked_of

_EXPRESSIONS = ("FilterExpression", "KeyConditionExpression", "ProjectionExpression")


@metered("Query")
def query(ctx: Context, request: Request) -> Response:
    """Reads a stretch of one partition of a table or index, in sort key order."""
    expressions = asked_of(request, *_EXPRESSIONS)
    if expressions.keys is None:
        raise errors.KeyConditionMissing()
    source = pages.source_of(ctx, request)
    choice = pages.chooser(ctx, source, request, expressions.projection)
    partition, stretch = key_ranges.key_range(source, expressions.keys)
    _check_filter(source, request, expressions)
    forward = request.get("ScanIndexForward", True)
    low, high = _resumed(source, request, partition, stretch, forward)
    capacity.admit(ctx, source.table, "read", (source.index,))
    entries = storage.within(ctx.db, source.space, partition, low, high, forward=forward)
    answer = pages.page(ctx, request, choice, expressions, entries)
    return pages.count_returned(ctx, "Query", source, answer)


def _check_filter(source: Source, request: Request, expressions: Expressions) -> None:
    for path in expressions.filter_paths:
        if path[0] in source.keys:
            kind = "QueryFilter" if "QueryFilter" in request else "Filter Expression"
            raise errors.FilterOnKey(kind=kind, name=path[0])


def _resumed(
    source: Source, request: Request, partition: bytes, stretch: key_ranges.Range, forward: bool
) -> key_ranges.Range:
    """The rest of the stretch after the ExclusiveStartKey."""
    start = pages.start_key(source, request)
    if start is None:
        return stretch
    low, high = stretch
    if start[0] != partition:
        raise errors.StartKeyOutside()
    if start[1] < low or (high is not None and start[1] >= high):
        raise errors.StartKeyPredicate()
    return (start[1] + b"\x00", high) if forward else (low, start[1])
