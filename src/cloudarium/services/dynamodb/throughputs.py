"""Throughput that is provisioned, at most allowed and warm, as requests state it."""

from datetime import UTC, datetime
from typing import Any

from cloudarium.core.context import Context

from . import limits
from . import update_errors as errors
from .tables import Index, Maximum, Table, Throughput

_UNITS = (("MaxReadRequestUnits", "read"), ("MaxWriteRequestUnits", "write"))
MAXIMUMS = tuple(member for member, _ in _UNITS)
_DAY = 86_400
_WARM = (
    ("ReadUnitsPerSecond", "ReadCapacityUnits", 0),
    ("WriteUnitsPerSecond", "WriteCapacityUnits", 1),
)


def maximum_of(
    given: dict[str, Any], *, is_provisioned: bool, old: Maximum | None = None, index: str = ""
) -> Maximum | None:
    """The maximums an `OnDemandThroughput` sets, changing `old` ones; -1 takes one away.

    ValidationException if there can be none such.
    """
    wanted = given.get("OnDemandThroughput")
    if wanted is None:
        return old
    units: dict[str, int | None] = {
        "read": old.read if old else None,
        "write": old.write if old else None,
    }
    for member, way in _UNITS:
        if member not in wanted:
            continue
        if is_provisioned:
            where = f" for index : {index}" if index else ""
            raise errors.MaximumProvisioned(member=member, where=where)
        if wanted[member] < 1 and wanted[member] != -1:
            keyed = f"index : {index}" if index else "table"
            raise errors.MaximumOutside(member=member, keyed=keyed)
        units[way] = None if wanted[member] == -1 else wanted[member]
    found = Maximum(units["read"], units["write"])
    return None if found == Maximum() else found


def warm_of(
    given: dict[str, Any], table: Table, keyed: Table | Index | None = None
) -> dict[str, int] | None:
    """The `WarmThroughput` of a table or index that is made, or (`keyed`) changed.

    ValidationException if it is lower than what there is.
    """
    wanted: dict[str, int] | None = given.get("WarmThroughput")
    if wanted is None:
        return keyed.warm if keyed else None
    name = f"index {given['IndexName']}" if "IndexName" in given else "table"
    least = warm_least(table, keyed or table)
    present = keyed.warm or {} if keyed else {}
    for member, provisioned, way in _WARM:
        units = wanted.get(member)
        if units is None or units >= max(least[way], present.get(member, 0)):
            continue
        if keyed is not None:
            raise errors.WarmBelowCurrent(member=member, keyed=name)
        if table.is_provisioned:
            raise errors.WarmBelowProvisioned(member=member, keyed=name, provisioned=provisioned)
        raise errors.WarmBelowInitial(member=member, keyed=name)
    return {**present, **wanted}


def warm_least(table: Table, keyed: Table | Index) -> tuple[int, int]:
    """The read and write units a second that a table or index is warm for anyway."""
    if not table.is_provisioned:
        return limits.WARM_READ, limits.WARM_WRITE
    return keyed.throughput.read, keyed.throughput.write


def keyed_of(table: Table) -> list[Table | Index]:
    """A table and its indexes."""
    return [table, *table.indexes.values()]


def keep_warm(table: Table) -> None:
    """Has a table and its indexes stay warm for what they are now, whatever they become."""
    for keyed in keyed_of(table):
        warm = keyed.warm or {}
        least = warm_least(table, keyed)
        keyed.warm = {member: max(least[way], warm.get(member, 0)) for member, _, way in _WARM}


def changed(ctx: Context, old: Throughput, read: int, write: int) -> Throughput:
    """The new throughput with its history; decreases count by UTC day.

    LimitExceededException for one too many: after four a day, one an hour.
    """
    increased = read > old.read or write > old.write
    decreased = read < old.read or write < old.write
    same_day = old.decreased is not None and old.decreased // _DAY == ctx.now // _DAY
    count = old.decreases if same_day else 0
    if decreased and count >= limits.DECREASES and old.decreased is not None:
        following = old.decreased + limits.DECREASE_SECONDS
        if ctx.now < following:
            raise errors.TooManyDecreases(
                count=count, last=_text(old.decreased), following=_text(following)
            )
    return Throughput(
        read=read,
        write=write,
        increased=ctx.now if increased else old.increased,
        decreased=ctx.now if decreased else old.decreased,
        decreases=count + decreased,
    )


def _text(at: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    clock = f"{moment.hour % 12 or 12}:{moment:%M:%S %p} Coordinated Universal Time"
    return f"{moment:%A, %B} {moment.day}, {moment.year} at {clock}"
