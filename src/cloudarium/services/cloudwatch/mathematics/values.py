"""What expressions are about: numbers, time series and arrays of time series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Number = Callable[..., float | None]


class MathError(Exception):
    """An expression that means nothing; the text says why."""


@dataclass(frozen=True)
class Series:
    """A time series: values by epoch seconds, in their order; `period` is in seconds."""

    label: str
    values: Mapping[int, float]
    period: int

    def with_values(self, values: Mapping[int, float]) -> Series:
        """Return the series with other values."""
        return Series(self.label, values, self.period)


Value = float | Series | list[Series]


def mapped(function: Number, value: Value) -> Value:
    """Return `function` of a number, or of every value of one or more series.

    A value for which it gives None is left out. Raises MathError where that is the only one.
    """
    if isinstance(value, list):
        return [_mapped_series(function, each) for each in value]
    if isinstance(value, Series):
        return _mapped_series(function, value)
    found = function(value)
    if found is None:
        raise MathError("The result is not a number")
    return found


def _mapped_series(function: Number, series: Series) -> Series:
    found = {at: function(value) for at, value in series.values.items()}
    return series.with_values({at: value for at, value in found.items() if value is not None})


def combined(function: Number, left: Value, right: Value) -> Value:
    """Return `function` of two values, point by point where both have one."""
    if isinstance(left, list) or isinstance(right, list):
        return _combined_arrays(function, left, right)
    if isinstance(left, Series) and isinstance(right, Series):
        shared = {
            at: function(left.values[at], right.values[at])
            for at in left.values
            if at in right.values
        }
        return left.with_values({at: each for at, each in shared.items() if each is not None})
    if isinstance(right, Series):
        return mapped(lambda value: function(left, value), right)
    return mapped(lambda value: function(value, right), left)


def _combined_arrays(function: Number, left: Value, right: Value) -> list[Series]:
    if isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            raise MathError("Arrays in an operation must have the same length")
        pairs: list[tuple[Value, Value]] = list(zip(left, right, strict=True))
    elif isinstance(left, list):
        pairs = [(each, right) for each in left]
    else:
        pairs = [(left, each) for each in right] if isinstance(right, list) else []
    found = [combined(function, *pair) for pair in pairs]
    return [each for each in found if isinstance(each, Series)]


def as_series(value: Value) -> Series:
    """Return a time series. Raises MathError for anything else."""
    if not isinstance(value, Series):
        raise MathError("A time series is expected")
    return value


def as_array(value: Value) -> list[Series]:
    """Return an array of time series; a single one counts as such."""
    if isinstance(value, list):
        return value
    return [as_series(value)]


def as_number(value: Value) -> float:
    """Return a number. Raises MathError for anything else."""
    if isinstance(value, Series | list):
        raise MathError("A scalar is expected")
    return value
