"""The `stats` command: aggregates by groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cloudarium.services.logs.insights.expressions import Compute, Reader, shown
from cloudarium.services.logs.insights.lexer import MalformedQuery
from cloudarium.services.logs.insights.records import Record
from cloudarium.services.logs.patterns.grammar import number

Aggregate = Callable[[list[Record]], Any]


class Column(NamedTuple):
    """A result column: its name and how it comes about."""

    name: str
    compute: Compute


def _numbers(records: list[Record], value: Compute) -> list[float]:
    found = (number(value(record)) for record in records)
    return [each for each in found if each is not None]


def _of_numbers(function: Callable[[list[float]], float]) -> Callable[..., Aggregate]:
    def build(value: Compute) -> Aggregate:
        def compute(records: list[Record]) -> float | None:
            found = _numbers(records, value)
            return function(found) if found else None

        return compute

    return build


def _count(value: Compute | None = None) -> Aggregate:
    if value is None:
        return len
    return lambda records: sum(value(record) is not None for record in records)


def _distinct(value: Compute) -> Aggregate:
    return lambda records: len(
        {shown(found) for each in records if (found := value(each)) is not None}
    )


def _percentile(value: Compute, percent: Compute) -> Aggregate:
    wanted = number(percent({}))
    if wanted is None or not 0 <= wanted <= 100:
        raise MalformedQuery("a percentile is a number from 0 to 100")

    def compute(records: list[Record]) -> float | None:
        found = sorted(_numbers(records, value))
        rank = int(wanted / 100 * (len(found) - 1) + 0.5)
        return found[rank] if found else None

    return compute


def _end(place: int) -> Callable[[Compute], Aggregate]:
    def build(value: Compute) -> Aggregate:
        def compute(records: list[Record]) -> Any:
            ordered = sorted(records, key=lambda record: record.get("@timestamp", 0))
            return value(ordered[place])

        return compute

    return build


def _deviation(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return float((sum((each - mean) ** 2 for each in values) / len(values)) ** 0.5)


_AGGREGATES: Mapping[str, Callable[..., Aggregate]] = {
    "avg": _of_numbers(lambda values: sum(values) / len(values)),
    "count": _count,
    "count_distinct": _distinct,
    "earliest": _end(0),
    "latest": _end(-1),
    "max": _of_numbers(max),
    "min": _of_numbers(min),
    "pct": _percentile,
    "percentile": _percentile,
    "stddev": _of_numbers(_deviation),
    "sum": _of_numbers(sum),
}


def read_aggregate(reader: Reader) -> Aggregate:
    """Read an aggregate like `pct(@duration, 95)`. Raises MalformedQuery."""
    build = _AGGREGATES.get(reader.take().word)
    if build is None:
        raise MalformedQuery("stats expects an aggregate function")
    if reader.accept("(", "*", ")"):
        return _count()
    try:
        return build(*reader.arguments())
    except TypeError:
        raise MalformedQuery("wrong number of arguments") from None


def grouped(
    records: list[Record], aggregates: list[tuple[str, Aggregate]], by: list[Column]
) -> list[Record]:
    """Return one record per group, with the group's columns and aggregates."""
    groups: dict[tuple[str, ...], list[Record]] = {}
    keys: dict[tuple[str, ...], Record] = {}
    for record in records:
        values = {column.name: column.compute(record) for column in by}
        key = tuple(shown(value) for value in values.values())
        keys.setdefault(key, values)
        groups.setdefault(key, []).append(record)
    return [
        {**keys[key], **{name: compute(members) for name, compute in aggregates}}
        for key, members in groups.items()
    ]
