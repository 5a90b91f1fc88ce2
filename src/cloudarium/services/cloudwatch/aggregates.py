"""What a metric was over a while: its samples summed up, their distribution if it is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cloudarium.services.cloudwatch import limits


@dataclass(frozen=True)
class Aggregate:
    """Samples taken together; `counts` maps each value to how often it came, None if unknown."""

    samples: float
    total: float
    minimum: float
    maximum: float
    counts: Mapping[float, float] | None


def of_counts(counts: Mapping[float, float]) -> Aggregate:
    """Return the aggregate of values that came as often as `counts` says."""
    return Aggregate(
        float(sum(counts.values())),
        float(sum(value * count for value, count in counts.items())),
        float(min(counts)),
        float(max(counts)),
        counts,
    )


def of_statistics(samples: float, total: float, minimum: float, maximum: float) -> Aggregate:
    """Return the aggregate of a statistic set; its values are known if they are all the same."""
    counts = {minimum: samples} if minimum == maximum else None
    return Aggregate(samples, total, minimum, maximum, counts)


def merged(parts: Iterable[Aggregate]) -> Aggregate:
    """Return the aggregate of all the samples of at least one part."""
    every = list(parts)
    if len(every) == 1:
        return every[0]
    counts: dict[float, float] | None = {}
    for part in every:
        if part.counts is None or counts is None:
            counts = None
            break
        for value, count in part.counts.items():
            counts[value] = counts.get(value, 0.0) + count
    return Aggregate(
        sum(part.samples for part in every),
        sum(part.total for part in every),
        min(part.minimum for part in every),
        max(part.maximum for part in every),
        None if counts is None else _compacted(counts),
    )


def _compacted(counts: dict[float, float]) -> dict[float, float]:
    if len(counts) <= limits.EXACT_VALUES:
        return counts
    rounded: dict[float, float] = {}
    for value, count in counts.items():
        near = float(f"{value:.3g}")
        rounded[near] = rounded.get(near, 0.0) + count
    return rounded
