"""What a table that is being changed lets be done to it: that depends on both changes.

Source: what users of the service measured. `Table.changing` has the changes under way by their
kinds: `units` (throughput and billing), `billing`, `stream` (ENABLE or DISABLE), `class` (the new
one), `encryption`, `warm`, and `warm/<index>`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cloudarium.core.context import Request

from . import change_errors, errors, update_errors
from .tables import Index, Table, VectorIndex

_UPDATES_TABLE = frozenset(("units", "billing", "stream", "class"))


def is_updating(table: Table) -> bool:
    """Whether a table is UPDATING; changes of its encryption or indexes' capacity leave it be."""
    busy = any(index.status == "DELETING" or index.allocating for index in _indexes(table))
    return busy or not _UPDATES_TABLE.isdisjoint(table.changing)


def check_update(table: Table, request: Request) -> None:
    """Raises ResourceInUseException and others for what has to wait."""
    if table.status in ("CREATING", "DELETING"):
        raise errors.BUSY[table.status](name=table.name)
    for member, check in _CHECKS.items():
        if request.get(member) is not None:
            check(table, _details(table))
    for each in request.get("GlobalSecondaryIndexUpdates") or ():
        _check_index(table, table.indexes, each)
    for each in request.get("VectorIndexUpdates") or ():
        _check_index(table, table.vectors, each)


def check_deletion(table: Table) -> None:
    """Raises ResourceInUseException while a table cannot be deleted."""
    if table.status in ("CREATING", "DELETING"):
        raise errors.BUSY[table.status](name=table.name)
    if "stream" in table.changing:
        raise change_errors.DeletionDuringStream()
    if any(index.status != "ACTIVE" for index in _indexes(table)):
        raise change_errors.DeletionDuringIndex()
    if table.changing:
        raise change_errors.DeletionDuringUpdate(name=table.name)


def _indexes(table: Table) -> list[Index | VectorIndex]:
    return [*table.indexes.values(), *table.vectors.values()]


def _details(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "label": table.last_stream,
        "operation": table.changing.get("stream"),
        "table_class": table.changing.get("class"),
    }


def _check_units(table: Table, details: dict[str, Any]) -> None:
    if "units" in table.changing:
        raise change_errors.UnitsBeingUpdated(**details)
    if "stream" in table.changing:
        raise change_errors.UnitsDuringStream(**details)
    if "class" in table.changing:
        raise errors.TableBeingUpdated(name=table.name)
    for done, found in _busy_indexes(table):
        raise change_errors.UnitsDuringIndex(**details, done=done, indexes=found)


def _check_stream(table: Table, details: dict[str, Any]) -> None:
    if "stream" in table.changing:
        raise change_errors.StreamBeingUpdated(**details)
    if "units" in table.changing:
        raise change_errors.StreamDuringUnits(**details)
    if "class" in table.changing:
        raise change_errors.StreamDuringClass(**details)
    for done, found in _busy_indexes(table):
        raise change_errors.StreamDuringIndex(**details, done=done, indexes=found)


def _check_class(table: Table, details: dict[str, Any]) -> None:
    if "class" in table.changing:
        raise change_errors.ClassBeingUpdated(**details)
    if "stream" in table.changing:
        raise change_errors.ClassDuringStream(**details)
    if "units" in table.changing:
        raise errors.TableBeingUpdated(name=table.name)


def _check_maximum(table: Table, details: dict[str, Any]) -> None:
    if "billing" in table.changing:
        raise change_errors.MaximumDuringBilling()
    if "stream" in table.changing:
        raise change_errors.MaximumDuringStream()
    if "class" in table.changing:
        raise change_errors.MaximumDuringClass(**details)
    for done, found in _busy_indexes(table):
        if done == "deleted":
            raise change_errors.MaximumDuringIndex(indexes=found)


def _check_encryption(table: Table, details: dict[str, Any]) -> None:
    if "encryption" in table.changing:
        raise change_errors.EncryptionBeingUpdated()


def _busy_indexes(table: Table) -> Iterable[tuple[str, str]]:
    """What is being done to which indexes, if it is in the way of changes of the table."""
    kinds: tuple[tuple[str, Callable[[Index | VectorIndex], bool]], ...] = (
        ("created", lambda index: index.allocating),
        ("deleted", lambda index: index.status == "DELETING"),
    )
    for done, is_so in kinds:
        found = [index.name for index in _indexes(table) if is_so(index)]
        if found:
            yield done, ", ".join(found)


def _check_index(
    table: Table, indexes: Mapping[str, Index | VectorIndex], update: dict[str, Any]
) -> None:
    given = update.get("Create") or update.get("Delete") or update.get("Update") or {}
    name = given.get("IndexName", "")
    index, details = indexes.get(name), {"name": table.name, "index": name}
    if index is not None and index.status == "DELETING":
        raise change_errors.IndexBeingDeleted(**details)
    if "Update" not in update:
        _check_table_of_index(table)
    if index is not None and index.status == "CREATING" and "Create" not in update:
        if index.allocating:
            is_update = "Update" in update
            wrong = (
                change_errors.IndexNotBackfilling if is_update else change_errors.IndexInAllocation
            )
            raise wrong(**details)
        return
    if "Update" in update:
        if index is not None and index.status == "UPDATING":
            raise change_errors.IndexBeingUpdated(**details)
    elif any(each.status in ("CREATING", "DELETING") for each in _indexes(table)):
        raise update_errors.OneIndexChange()


def _check_table_of_index(table: Table) -> None:
    details = _details(table)
    if "units" in table.changing:
        raise change_errors.IndexDuringUnits(**details)
    if "stream" in table.changing:
        raise change_errors.IndexDuringStream(**details)
    if "class" in table.changing:
        raise change_errors.IndexDuringClass(**details)


_CHECKS: dict[str, Callable[[Table, dict[str, Any]], None]] = {
    "ProvisionedThroughput": _check_units,
    "BillingMode": _check_units,
    "StreamSpecification": _check_stream,
    "TableClass": _check_class,
    "OnDemandThroughput": _check_maximum,
    "SSESpecification": _check_encryption,
}
