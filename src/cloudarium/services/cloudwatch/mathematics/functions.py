"""The functions of metric math."""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from cloudarium.services.cloudwatch.mathematics.values import (
    MathError,
    Number,
    Series,
    Value,
    as_array,
    as_number,
    as_series,
    mapped,
)

Argument = Value | str
KEYWORDS = frozenset({"REPEAT", "LINEAR", "ASC", "DESC", "AVG", "MIN", "MAX", "SUM"})


@dataclass(frozen=True)
class Scope:
    """What an expression is computed in.

    `value` gives what an id stands for, `metrics` the time series of all metrics by id, `times` the
    starts of all periods (epoch seconds), `period` their length in seconds.
    """

    value: Callable[[str], Value]
    metrics: Mapping[str, Series]
    times: Sequence[int]
    period: int


Function = Callable[[Scope, list[Argument]], Value]


def value_of(argument: Argument) -> Value:
    """Return an argument that is no text. Raises MathError."""
    if isinstance(argument, str):
        raise MathError(f"Unexpected '{argument}'")
    return argument


def _only(arguments: list[Argument]) -> Value:
    if len(arguments) != 1:
        raise MathError("One argument is expected")
    return value_of(arguments[0])


def _pointwise(function: Number) -> Function:
    return lambda scope, arguments: mapped(function, _only(arguments))


def _logarithm(function: Callable[[float], float]) -> Number:
    return lambda value: function(value) if value > 0 else None


def _aggregate(function: Callable[[list[float]], float]) -> Function:
    """Across an array: a series; over a series: a number."""

    def compute(scope: Scope, arguments: list[Argument]) -> Value:
        value = _only(arguments)
        if isinstance(value, Series):
            if not value.values:
                return value
            return function(list(value.values.values()))
        array = as_array(value)
        times = sorted({at for series in array for at in series.values})
        found = {at: function([s.values[at] for s in array if at in s.values]) for at in times}
        return Series("", found, scope.period)

    return compute


def _each_series(function: Callable[[Series], Series]) -> Function:
    def compute(scope: Scope, arguments: list[Argument]) -> Value:
        value = _only(arguments)
        if isinstance(value, list):
            return [function(each) for each in value]
        return function(as_series(value))

    return compute


def _differences(series: Series, per_second: bool) -> Series:
    items = sorted(series.values.items())
    found: dict[int, float] = {}
    for (before, old), (at, new) in pairwise(items):
        found[at] = (new - old) / (at - before) if per_second else new - old
    return series.with_values(found)


def _running_sum(series: Series) -> Series:
    total = 0.0
    found: dict[int, float] = {}
    for at, value in sorted(series.values.items()):
        total += value
        found[at] = total
    return series.with_values(found)


def _fill(scope: Scope, arguments: list[Argument]) -> Value:
    if len(arguments) != 2:
        raise MathError("FILL expects two arguments")
    value, filling = value_of(arguments[0]), arguments[1]
    if isinstance(value, list):
        return [_filled(scope, each, filling) for each in value]
    return _filled(scope, as_series(value), filling)


def _filled(scope: Scope, series: Series, filling: Argument) -> Series:
    known, order = series.values, sorted(series.values)
    found = {
        at: known[at] if at in known else _gap(known, order, at, filling) for at in scope.times
    }
    return series.with_values({at: value for at, value in found.items() if value is not None})


def _gap(known: Mapping[int, float], order: list[int], at: int, filling: Argument) -> float | None:
    """Return what fills the gap at a time; `order` are the known ones' times."""
    if isinstance(filling, Series):
        return filling.values.get(at)
    if not isinstance(filling, str):
        return as_number(filling)
    place = bisect_left(order, at)
    before = order[place - 1] if place else None
    if filling == "REPEAT":
        return None if before is None else known[before]
    after = order[place] if place < len(order) else None
    if filling != "LINEAR" or before is None or after is None:
        return None
    share = (at - before) / (after - before)
    return known[before] + (known[after] - known[before]) * share


def _if(scope: Scope, arguments: list[Argument]) -> Value:
    if len(arguments) not in (2, 3):
        raise MathError("IF expects two or three arguments")
    condition, *branches = (value_of(each) for each in arguments)
    if isinstance(condition, list) or any(isinstance(each, list) for each in branches):
        raise MathError("IF does not take arrays")
    if not isinstance(condition, Series):
        if condition:
            return branches[0]
        return branches[1] if len(branches) == 2 else Series("", {}, scope.period)
    found: dict[int, float] = {}
    for at, truth in condition.values.items():
        branch = branches[0] if truth else branches[1] if len(branches) == 2 else None
        value = branch.values.get(at) if isinstance(branch, Series) else branch
        if value is not None and not isinstance(value, list):
            found[at] = value
    return condition.with_values(found)


def _metrics(scope: Scope, arguments: list[Argument]) -> Value:
    part = arguments[0] if arguments else ""
    if not isinstance(part, str):
        raise MathError("METRICS expects a string")
    return [series for name, series in scope.metrics.items() if part in name]


def _count_metrics(scope: Scope, arguments: list[Argument]) -> Value:
    return float(len(as_array(_only(arguments))))


def _period(scope: Scope, arguments: list[Argument]) -> Value:
    return float(as_series(_only(arguments)).period)


def _time_series(scope: Scope, arguments: list[Argument]) -> Value:
    number = as_number(_only(arguments))
    return Series("", dict.fromkeys(scope.times, number), scope.period)


def _remove_empty(scope: Scope, arguments: list[Argument]) -> Value:
    return [series for series in as_array(_only(arguments)) if series.values]


def _end(place: int) -> Function:
    def compute(scope: Scope, arguments: list[Argument]) -> Value:
        value = _only(arguments)
        if isinstance(value, list):
            if not value:
                raise MathError("The array is empty")
            return value[place]
        items = sorted(as_series(value).values.items())
        return items[place][1] if items else Series("", {}, scope.period)

    return compute


def _of_time(read: Callable[[datetime], float]) -> Function:
    def compute(scope: Scope, arguments: list[Argument]) -> Value:
        series = as_series(_only(arguments))
        return series.with_values(
            {at: float(read(datetime.fromtimestamp(at, UTC))) for at in series.values}
        )

    return compute


FUNCTIONS: Mapping[str, Function] = {
    "ABS": _pointwise(abs),
    "AVG": _aggregate(lambda values: sum(values) / len(values)),
    "CEIL": _pointwise(math.ceil),
    "DATAPOINT_COUNT": _aggregate(lambda values: float(len(values))),
    "DATE": _of_time(lambda moment: moment.day),
    "DAY": _of_time(lambda moment: moment.isoweekday()),
    "DIFF": _each_series(lambda series: _differences(series, per_second=False)),
    "EPOCH": _of_time(lambda moment: moment.timestamp()),
    "FILL": _fill,
    "FIRST": _end(0),
    "FLOOR": _pointwise(math.floor),
    "HOUR": _of_time(lambda moment: moment.hour),
    "IF": _if,
    "LAST": _end(-1),
    "LOG": _pointwise(_logarithm(math.log)),
    "LOG10": _pointwise(_logarithm(math.log10)),
    "MAX": _aggregate(max),
    "METRICS": _metrics,
    "METRIC_COUNT": _count_metrics,
    "MIN": _aggregate(min),
    "MINUTE": _of_time(lambda moment: moment.minute),
    "MONTH": _of_time(lambda moment: moment.month),
    "PERIOD": _period,
    "RATE": _each_series(lambda series: _differences(series, per_second=True)),
    "REMOVE_EMPTY": _remove_empty,
    "RUNNING_SUM": _each_series(_running_sum),
    "STDDEV": _aggregate(statistics.pstdev),
    "SUM": _aggregate(sum),
    "TIME_SERIES": _time_series,
    "YEAR": _of_time(lambda moment: moment.year),
}
