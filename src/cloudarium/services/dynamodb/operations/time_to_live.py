"""UpdateTimeToLive and DescribeTimeToLive."""

from cloudarium.core.context import Context, Request, Response

from .. import errors, limits, storage, tables
from ..tables import Table


def update_time_to_live(ctx: Context, request: Request) -> Response:
    """Has items deleted when the time in one of their attributes has come, or no longer."""
    wanted = request["TimeToLiveSpecification"]
    table = tables.settable(ctx, request["TableName"])
    if table.status == "CREATING":
        raise errors.TtlOfNewTable(name=table.name)
    change = _enable if wanted["Enabled"] else _disable
    change(ctx, table, wanted["AttributeName"])
    table.ttl_changed = ctx.now
    tables.save(ctx, table)
    return {"TimeToLiveSpecification": wanted}


def _enable(ctx: Context, table: Table, attribute: str) -> None:
    if table.ttl is not None:
        if table.ttl != attribute:
            raise errors.TtlOnOther(name=table.ttl)
        raise errors.TtlEnabled()
    _check_settled(ctx, table)
    table.ttl, table.ttl_space = attribute, storage.new_space(ctx)
    payload = {"table": table.name, "id": table.id, "space": table.ttl_space}
    ctx.schedule("list_expiries", {**payload, "partition": "", "sort": ""})


def _disable(ctx: Context, table: Table, attribute: str) -> None:
    if table.ttl is None:
        raise errors.TtlDisabled()
    if table.ttl != attribute:
        raise errors.TtlOnOther(name=table.ttl)
    _check_settled(ctx, table)
    ctx.schedule("forget_space", {"space": table.ttl_space})
    table.ttl, table.ttl_space = None, 0


def _check_settled(ctx: Context, table: Table) -> None:
    changed = table.ttl_changed
    if changed is not None and ctx.now < changed + limits.TTL_CHANGE_SECONDS:
        raise errors.TtlJustChanged()


def describe_time_to_live(ctx: Context, request: Request) -> Response:
    """Tells whether time to live is on, and by which attribute."""
    table = tables.settable(ctx, request["TableName"])
    if table.status in ("CREATING", "DELETING"):
        raise errors.TtlOfTableInState(state=table.status)
    if table.ttl is None:
        return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    return {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": table.ttl}}
