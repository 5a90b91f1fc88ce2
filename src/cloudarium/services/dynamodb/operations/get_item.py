"""GetItem."""

from cloudarium.core.context import Context, Request, Response

from .. import capacity, items, key_paths, layers, tables, values
from ..expressions import paths
from ..metrics import metered
from ..requests import asked_of


@metered("GetItem")
@layers.alone
def get_item(ctx: Context, request: Request) -> Response:
    """Reads one item; there is no `Item` in the answer if there is none."""
    given = request["Key"]
    asked = asked_of(request, "ProjectionExpression", first=lambda: values.admit_key(given))
    table = tables.usable(ctx, request["TableName"])
    key = items.key_of(table, given)
    key_paths.check_read(table, asked)
    capacity.admit(ctx, table, "read")
    found = items.find(ctx, table, key)
    units = {"": capacity.read_units(found.size, consistent=request.get("ConsistentRead", False))}
    capacity.consume(ctx, table, "read", units)
    answer: Response = {}
    if found:
        projection = asked.projection
        answer["Item"] = found if projection is None else paths.pick(found.item, projection)
    answer["ConsumedCapacity"] = capacity.report(
        request.get("ReturnConsumedCapacity"), table, units, request["TableName"]
    )
    return answer
