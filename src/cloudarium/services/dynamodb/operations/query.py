"""Query."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, key_paths, key_ranges, layers, pages, reading
from ..expressions.expressions import Expressions
from ..metrics import metered
from ..pages import Source
from ..requests import asked_of_page

_EXPRESSIONS = ("KeyConditionExpression", "FilterExpression", "ProjectionExpression")


@metered("Query")
@layers.alone
def query(ctx: Context, request: Request) -> Response:
    """Reads a stretch of one partition of a table or index, in sort key order."""
    expressions = asked_of_page(request, *_EXPRESSIONS, start=lambda: pages.admit_start(request))
    if expressions.keys is None:
        raise errors.KeyConditionMissing()
    pages.check_select(request, expressions)
    source = pages.source_of(ctx, request)
    choice = pages.chooser(ctx, source, request, expressions.projection)
    start = pages.start_key(source, request)
    place = key_ranges.key_range(source, expressions.keys)
    _check_filter(source, request, expressions)
    key_paths.check_read(source.table, expressions, filtered=True)
    answer = reading.queried(ctx, request, choice, expressions, place, start)
    return pages.count_returned(ctx, "Query", source, answer)


def _check_filter(source: Source, request: Request, expressions: Expressions) -> None:
    for path in expressions.filter_paths:
        if path[0] in source.keys:
            kind = "QueryFilter" if "QueryFilter" in request else "Filter Expression"
            raise errors.FilterOnKey(kind=kind, name=path[0])
