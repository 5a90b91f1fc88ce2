"""PutItem."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, layers, writes
from ..metrics import metered
from ..writes import written


@metered("PutItem")
@layers.in_envelope
def put_item(ctx: Context, request: Request) -> Response:
    """Puts an item in the place of whatever has its key."""
    if request.get("ReturnValues") not in (None, "NONE", "ALL_OLD"):
        raise errors.ReturnValuesNotAllowed()
    return written(ctx, writes.put(ctx, request), request)
