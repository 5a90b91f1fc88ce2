"""DeleteItem."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, layers, writes
from ..metrics import metered
from ..writes import written


@metered("DeleteItem")
@layers.in_envelope
def delete_item(ctx: Context, request: Request) -> Response:
    """Deletes an item; deleting what is not there is no error."""
    if request.get("ReturnValues") not in (None, "NONE", "ALL_OLD"):
        raise errors.ReturnValuesNotAllowed()
    return written(ctx, writes.delete(ctx, request), request)
