"""UpdateItem."""

from cloudarium.core.context import Context, Request, Response

from .. import layers, writes
from ..metrics import metered
from ..writes import written


@metered("UpdateItem")
@layers.in_envelope
def update_item(ctx: Context, request: Request) -> Response:
    """Changes an item's attributes, making the item if there is none."""
    return written(ctx, writes.update(ctx, request, alone=True), request)
