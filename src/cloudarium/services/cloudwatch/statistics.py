"""Statistics by name: `Sum`, `p99.9`, `tm90`, `PR(100:2000)`.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from cloudarium.services.cloudwatch.aggregates import Aggregate

Statistic = Callable[[Aggregate], float | None]

_BASIC: dict[str, Statistic] = {
    "SampleCount": lambda points: points.samples,
    "Average": lambda points: points.total / points.samples if points.samples else None,
    "Sum": lambda points: points.total,
    "Minimum": lambda points: points.minimum,
    "Maximum": lambda points: points.maximum,
}
BASIC = tuple(_BASIC)
_SHORT = re.compile(r"(p|tm|tc|ts|wm)(\d{1,3}(?:\.\d{1,10})?)")
_RANGE = re.compile(r"(TM|TC|TS|WM|PR)\((-?[\d.]*)(%?):(-?[\d.]*)(%?)\)")


class Bounds(NamedTuple):
    """Which samples a trimmed statistic takes: fractions of them, or values."""

    low: float
    high: float
    percent: bool


def parse(name: str) -> Statistic | None:
    """Return the statistic called `name`, or None if there is none such."""
    if name in _BASIC:
        return _BASIC[name]
    if name == "IQM":
        return _trimmed("TM", Bounds(0.25, 0.75, True))
    if (short := _SHORT.fullmatch(name)) and float(short[2]) <= 100:
        fraction = float(short[2]) / 100
        if short[1] == "p":
            return lambda points: percentile(points, fraction)
        return _trimmed(short[1].upper(), Bounds(0.0, fraction, True))
    if ranged := _RANGE.fullmatch(name):
        return _ranged(ranged)
    return None


def _ranged(found: re.Match[str]) -> Statistic | None:
    kind, low, low_unit, high, high_unit = found.groups()
    percent = "%" in (low_unit, high_unit)
    if not (low or high) or (kind == "PR") == percent:
        return None
    if any(text and bool(unit) != percent for text, unit in ((low, low_unit), (high, high_unit))):
        return None
    scale = 100 if percent else 1
    least = float(low) / scale if low else (0.0 if percent else float("-inf"))
    most = float(high) / scale if high else (1.0 if percent else float("inf"))
    if least >= most:
        return None
    bounds = Bounds(least, most, percent)
    return _percentile_rank(bounds) if kind == "PR" else _trimmed(kind, bounds)


def percentile(points: Aggregate, fraction: float) -> float | None:
    """Return the value below which `fraction` of the samples lie; None if values are unknown.

    Between two samples it is interpolated linearly.
    """
    if points.counts is None:
        return None
    rank = fraction * (points.samples - 1)
    below, passed = points.minimum, 0.0
    for value, count in sorted(points.counts.items()):
        if rank < passed:
            return below + (value - below) * (rank - (passed - 1))
        if rank <= passed + count - 1:
            return value
        below, passed = value, passed + count
    return points.maximum


def _within(points: Aggregate, bounds: Bounds) -> list[tuple[float, float]] | None:
    """Return the (value, count) pairs inside `bounds`; None if values are unknown."""
    if points.counts is None:
        return None
    pairs = sorted(points.counts.items())
    if not bounds.percent:
        return [(value, count) for value, count in pairs if bounds.low < value <= bounds.high]
    start, end = bounds.low * points.samples, bounds.high * points.samples
    kept: list[tuple[float, float]] = []
    passed = 0.0
    for value, count in pairs:
        share = min(end, passed + count) - max(start, passed)
        if share > 0:
            kept.append((value, share))
        passed += count
    return kept


def _trimmed(kind: str, bounds: Bounds) -> Statistic:
    def statistic(points: Aggregate) -> float | None:
        kept = _within(points, bounds)
        if kept is None:
            return None
        count = sum(share for _, share in kept)
        total = sum(value * share for value, share in kept)
        if kind == "TC":
            return count
        if kind == "TS":
            return total
        if kind == "WM":
            return _winsorized(points, bounds, kept)
        return total / count if count else None

    return statistic


def _winsorized(points: Aggregate, bounds: Bounds, kept: list[tuple[float, float]]) -> float | None:
    """Return the mean when samples outside the bounds count as the nearest one inside."""
    if not kept or points.counts is None:
        return None
    least, most = kept[0][0], kept[-1][0]
    total = sum(min(max(value, least), most) * count for value, count in points.counts.items())
    return total / points.samples


def _percentile_rank(bounds: Bounds) -> Statistic:
    def statistic(points: Aggregate) -> float | None:
        kept = _within(points, bounds)
        if kept is None:
            return None
        return 100 * sum(count for _, count in kept) / points.samples

    return statistic
