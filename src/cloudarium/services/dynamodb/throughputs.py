"""Maximums and warm throughput as requests state them, of a table or an index (`where`)."""

from typing import Any

from . import limits
from . import update_errors as errors
from .tables import Index, Maximum, Table

_UNITS = (("MaxReadRequestUnits", "read"), ("MaxWriteRequestUnits", "write"))
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
