"""Key conditions applied to a key schema: which partition, and which stretch of its sort keys."""

from . import errors, keys
from .expressions.key_conditions import OPERATORS, KeyCondition
from .pages import Source
from .tables import Index, Table
from .values import AttributeValue

Range = tuple[bytes, bytes | None]
"""The first sort bytes of a stretch, and the first past it (None: to the end)."""

EVERYTHING: Range = (b"", None)


def key_range(source: Source, conditions: dict[str, KeyCondition]) -> tuple[bytes, Range]:
    """The partition and the stretch of it. ValidationException unless the conditions fit."""
    schema = source.index or source.table
    if len(conditions) > max(2, len(schema.keys)):
        raise errors.TooManyConditions(count=len(conditions), keys=len(schema.keys))
    if len(conditions) > len(schema.keys):
        raise errors.KeyNotSupported()
    for name in schema.hashes:
        if name not in conditions:
            raise errors.KeyNotCovered(name=name)
    ranged = [condition for name, condition in conditions.items() if name not in schema.hashes]
    _check_names(schema, ranged)
    for condition in conditions.values():
        _check_types(source.table, condition)
    if any(conditions[name].operator != "=" for name in schema.hashes):
        raise errors.KeyNotSupported()
    partition = keys.partition(*[conditions[name].values[0] for name in schema.hashes])
    ordered = [conditions[name] for name in schema.ranges if name in conditions]
    return partition, _joined(ordered) if ordered else EVERYTHING


def _check_names(schema: Table | Index, conditions: list[KeyCondition]) -> None:
    """Conditions must be on the first of the sort key's attributes, all but the last equalities."""
    ranges = schema.ranges
    for condition in conditions:
        if condition.name not in ranges:
            if not ranges:
                raise errors.KeyNotSupported()
            raise errors.KeyNotCovered(name=ranges[0])
    equal = {condition.name for condition in conditions if condition.operator == "="}
    last = max((ranges.index(condition.name) for condition in conditions), default=0)
    missing = [name for name in ranges[:last] if name not in equal]
    if missing:
        raise errors.RangeNotEqual(names=", ".join(missing), name=ranges[last])


def _joined(conditions: list[KeyCondition]) -> Range:
    """The stretch that equalities on some attributes and a condition on the next select."""
    beginning = b"".join(keys.ordered(condition.values[0]) for condition in conditions[:-1])
    low, high = stretch_of(conditions[-1])
    if not beginning:
        return low, high
    return beginning + low, keys.after(beginning) if high is None else beginning + high


def _check_types(table: Table, condition: KeyCondition) -> None:
    if condition.operator not in OPERATORS:
        raise errors.NotIndexable()
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
