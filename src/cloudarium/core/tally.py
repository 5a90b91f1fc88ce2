"""Metrics that are always counted together, by the same sets of dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cloudarium.core.telemetry import Telemetry


class Tally:
    """Counts one value of each of some metrics at a time, once for every set of dimensions.

    `metrics` are names and units. What the values are counted in is looked up once a second.
    """

    __slots__ = ("_counts", "_flushes", "_keys", "_second", "_telemetry")

    def __init__(
        self,
        telemetry: Telemetry,
        namespace: str,
        metrics: Sequence[tuple[str, str]],
        dimensions: Sequence[Mapping[str, str]],
    ) -> None:
        sets = [tuple(sorted(each.items())) for each in dimensions]
        self._telemetry = telemetry
        self._keys = [[(namespace, name, each, unit) for each in sets] for name, unit in metrics]
        self._second = self._flushes = -1
        self._counts: list[list[dict[float, int]]] = []

    def add(self, at: float, values: Sequence[float]) -> None:
        """Count a value of each metric, in the metrics' order, dated `at` (epoch seconds)."""
        second, telemetry = int(at), self._telemetry
        if second != self._second or telemetry.flushes != self._flushes:
            self._second, self._flushes = second, telemetry.flushes
            self._counts = [[telemetry.values(key, second) for key in keys] for keys in self._keys]
        for value, counts in zip(values, self._counts, strict=True):
            for count in counts:
                count[value] = count.get(value, 0) + 1
