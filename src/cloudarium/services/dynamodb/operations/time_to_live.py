"""UpdateTimeToLive and DescribeTimeToLive."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, storage, tables
from ..tables import Table


def update_time_to_live(ctx: Context, request: Request) -> Response:
    """Has items deleted when the time in one of their attributes has come, or no longer."""
    wanted = request["TimeToLiveSpecification"]
    table = tables.editable(ctx, request["TableName"])
    if table.status in errors.BUSY:
        raise errors.BUSY[table.status](name=table.name)
    if wanted["Enabled"]:
        _enable(ctx, table, wanted["AttributeName"])
    else:
        _disable(ctx, table, wanted["AttributeName"])
    tables.save(ctx, table)
    return {"TimeToLiveSpecification": wanted}


def _enable(ctx: Context, table: Table, attribute: str) -> None:
    if table.ttl is not None:
        if table.ttl != attribute:
            raise errors.TtlOnOther(name=table.ttl)
        raise errors.TtlEnabled()
    table.ttl, table.ttl_space = attribute, storage.new_space(ctx)
    payload = {"table": table.name, "id": table.id, "space": table.ttl_space}
    ctx.schedule("list_expiries", {**payload, "partition": "", "sort": ""})


def _disable(ctx: Context, table: Table, attribute: str) -> None:
    if table.ttl is None:
        raise errors.TtlDisabled()
    if table.ttl != attribute:
        raise errors.TtlOnOther(name=table.ttl)
    ctx.schedule("forget_space", {"space": table.ttl_space})
    table.ttl, table.ttl_space = None, 0


def describe_time_to_live(ctx: Context, request: Request) -> Response:
    """Tells whether time to live is on, and by which attribute."""
    table = tables.described(ctx, request["TableName"])
    if table.status in ("CREATING", "DELETING"):
        raise errors.TtlOfTableInState(state=table.status)
    if table.ttl is None:
        return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    return {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": table.ttl}}
