"""Point-in-time recovery: keeping the history, and making a table as another one was."""

from typing import Any

from cloudarium.core.context import Context

from . import copies, history, items, limits, storage, tables
from .tables import Table
from .ttl import Place

_AT_ONCE = 500
_DAY = 86_400.0

Payload = dict[str, Any]


def find(ctx: Context, given: str) -> Table | None:
    """The table of this name or ARN, or None; what backs tables up forgets them before others.

    It does not know one yet that is being restored, nor one any more that is being deleted.
    """
    table = tables.find(ctx, given)
    is_known = table is not None and table.status != "DELETING" and not table.is_restoring
    return table if is_known else None


def enable(ctx: Context, table: Table, days: int) -> None:
    """Begins to keep history, or changes for how many days it is kept."""
    table.recovery_days = days
    if table.recovery_since is None:
        table.recovery_since = ctx.now
        table.history_space = table.history_space or storage.new_space(ctx)
        _prune_later(ctx, table, _DAY)


def disable(ctx: Context, table: Table) -> None:
    """Ends the keeping of history, and drops it."""
    if table.recovery_since is not None:
        table.recovery_since = None
        if not table.snapshots:
            ctx.schedule("forget_space", {"space": table.history_space})
            table.history_space = 0


def earliest(ctx: Context, table: Table) -> float:
    """The earliest time a table that keeps history can be restored to."""
    return max(table.recovery_since or 0.0, ctx.now - table.recovery_days * _DAY)


def _prune_later(ctx: Context, table: Table, seconds: float) -> None:
    payload = {"table": table.name, "space": table.history_space}
    key = str(table.history_space)
    ctx.schedule("prune_history", payload, at=ctx.now + seconds, key=key)


def prune_history(ctx: Context, payload: Payload) -> None:
    """Drops, once a day, the history that is older than the recovery period."""
    table = tables.find(ctx, payload["table"])
    if table is None or not table.history_space or table.history_space != payload["space"]:
        return
    is_done = history.prune(ctx, table, earliest(ctx, table), _AT_ONCE * 4)
    _prune_later(ctx, table, _DAY if is_done else 0.0)


def latest(ctx: Context, table: Table) -> float:
    """The latest time a table that keeps history says it can be restored to."""
    return max(table.recovery_since or 0.0, ctx.now - limits.RECOVERY_LAG_SECONDS)


def in_region(ctx: Context, region: str) -> Context:
    """A context for what is in another region of the account."""
    return ctx.runtime.context(ctx.account, region, ctx.principal)


def begin(ctx: Context, source: Table, target: Table, at: float) -> None:
    """Begins to make a table as another, perhaps of another region, was at a time."""
    tables.save(ctx, target)
    there = in_region(ctx, source.region)
    copies.hold(there, tables.editable(there, source.name))
    payload = {
        "region": source.region,
        "source": source.name,
        "source_id": source.id,
        "target": target.name,
        "id": target.id,
        "at": at,
    }
    ctx.schedule("restore", {**payload, "phase": "copy", "partition": "", "sort": ""})


def restore(ctx: Context, payload: Payload) -> None:
    """Makes a new table as another was at some time."""
    there = in_region(ctx, payload.get("region", ctx.region))
    source, target = tables.find(there, payload["source"]), tables.find(ctx, payload["target"])
    if target is None or target.id != payload["id"]:
        _release(there, payload)
        return
    if source is None or not source.history_space:
        tables.save(ctx, _with_status(ctx, target, "DELETING"))
        ctx.schedule("delete", {"table": target.name, "id": target.id})
        return
    following = copies.copied(ctx, source, _into(target), payload)
    if following is not None:
        ctx.schedule("restore", {**payload, **following})
        return
    _release(there, payload)
    finished = _with_status(ctx, target, "ACTIVE")
    finished.restored = None
    tables.save(ctx, finished)


def _release(there: Context, payload: Payload) -> None:
    if "source_id" in payload:  # those of older versions hold nothing
        copies.release(there, payload["source"], payload["source_id"])


def _with_status(ctx: Context, table: Table, status: str) -> Table:
    changed = tables.editable(ctx, table.name)
    changed.status = status
    return changed


def _into(target: Table) -> copies.Put:
    """Puts what is copied into a table, with its index entries."""

    def put(ctx: Context, place: Place, data: bytes) -> None:
        key = items.Key(*place, {})
        old = items.find(ctx, target, key)
        new = items.stored(data) if data else items.NOTHING
        items.replace(ctx, target, key, old, new, limited=False)

    return put
