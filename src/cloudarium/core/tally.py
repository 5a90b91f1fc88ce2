"""Metrics that are always counted together, by the same sets of dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloudarium.core.telemetry import Telemetry


class Tally:
    """Counts one value of each of some metrics at a time, once for every set of dimensions.

    `metrics` are names and units. Counted is how often each combination of values came; what that
    makes of each metric is worked out when the telemetry is handed on.
    """

    __slots__ = ("_counts", "_flushes", "_second", "_series", "_telemetry")

    def __init__(
        self,
        telemetry: Telemetry,
        namespace: str,
        metrics: Sequence[tuple[str, str]],
        dimensions: Sequence[Mapping[str, str]],
    ) -> None:
        sets = [tuple(sorted(each.items())) for each in dimensions]
        self._telemetry = telemetry
        self._series = [[(namespace, name, each, unit) for each in sets] for name, unit in metrics]
        self._second = self._flushes = -1
        self._counts: dict[tuple[float, ...], int] = {}

    def add(self, at: float, values: tuple[float, ...]) -> None:
        """Count a value of each metric, in the metrics' order, dated `at` (epoch seconds)."""
        second, telemetry = int(at), self._telemetry
        if second != self._second or telemetry.flushes != self._flushes:
            self._second, self._flushes = second, telemetry.flushes
            self._counts = telemetry.combinations(self._series, second)
        self._counts[values] = self._counts.get(values, 0) + 1
