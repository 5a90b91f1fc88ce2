"""Key conditions applied to a key schema: which partition, and which stretch of its sort keys."""

from . import errors, keys
from .expressions.key_conditions import KeyCondition
from .pages import Source
from .tables import Table
from .values import AttributeValue

Range = tuple[bytes, bytes | None]
"""The first sort bytes of a stretch, and the first past it (None: to the end)."""

_EVERYTHING: Range = (b"", None)


def key_range(source: Source, conditions: dict[str, KeyCondition]) -> tuple[bytes, Range]:
    """The partition and the stretch of it. ValidationException unless the conditions fit."""
    schema = source.index or source.table
    hashed = conditions.get(schema.hash)
    if hashed is None:
        raise errors.KeyNotCovered(name=schema.hash)
    others = [condition for name, condition in conditions.items() if name != schema.hash]
    if others and others[0].name != schema.range:
        if schema.range is None:
            raise errors.KeyNotSupported()
        raise errors.KeyNotCovered(name=schema.range)
    for condition in conditions.values():
        _check_types(source.table, condition)
    if hashed.operator != "=":
        raise errors.KeyNotSupported()
    stretch = stretch_of(others[0]) if others else _EVERYTHING
    return keys.partition(hashed.values[0]), stretch


def _check_types(table: Table, condition: KeyCondition) -> None:
    for value in condition.values:
        ((kind, content),) = value.items()
        if kind != table.types[condition.name]:
            raise errors.KeyConditionType()
        if not content and condition.operator != "begins_with":
            word = "string" if kind == "S" else "binary"
            raise errors.KeyConditionEmpty(kind=word, name=condition.name)


def stretch_of(condition: KeyCondition) -> Range:
    """The stretch of sort keys a condition on the sort key selects."""
    first = condition.values[0]
    if condition.operator == "begins_with":
        beginning = keys.beginning(first)
        return beginning, keys.after(beginning)
    start = keys.ordered(first)
    if condition.operator == "BETWEEN":
        return start, _past(condition.values[1])
    return {
        "=": (start, _past(first)),
        "<": (b"", start),
        "<=": (b"", _past(first)),
        ">": (_past(first) or start, None),
        ">=": (start, None),
    }[condition.operator]


def _past(value: AttributeValue) -> bytes | None:
    """The first key after all that begin with a sort key's bytes: ties in an index."""
    return keys.after(keys.ordered(value))
