"""Metrics, log lines and trace segments of hot paths.

They are gathered in memory and handed on at most a second later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cloudarium.core.clock import Clock

_FLUSH_AFTER = 1.0
_LOG_SIZE = 1 << 20  # letters of lines that are kept between flushes, of those who can wait
_SEGMENT_BYTES = 16 << 20  # what is kept of traces between flushes; the rest is lost, as a daemon's
Dimensions = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MetricSample:
    """The values one metric took in one second: `values` maps a value to how often it came.

    `timestamp` is whole epoch seconds.
    """

    namespace: str
    name: str
    dimensions: Dimensions
    unit: str
    timestamp: int
    values: Mapping[float, int]


class LogLine(NamedTuple):
    """One log event. `timestamp` is epoch milliseconds."""

    group: str
    stream: str
    timestamp: int
    message: str


MetricSink = Callable[[str, str, list[MetricSample]], Awaitable[None]]
LogSink = Callable[[str, str, list[LogLine]], Awaitable[None]]
SegmentSink = Callable[[str, str, list[str]], Awaitable[None]]
_SeriesKey = tuple[str, str, Dimensions, str]
_Combinations = dict[tuple[float, ...], int]
_MetricKey = tuple[str, str, Dimensions, str, int]


class Telemetry:
    """What one account in one region has measured and logged since the last flush."""

    def __init__(self, clock: Clock, wake: Callable[[], None], hurry: Callable[[], None]) -> None:
        """`wake` has it flushed within a second, `hurry` at once."""
        self._clock = clock
        self._wake = wake
        self._hurry = hurry
        self._metrics: dict[_MetricKey, dict[float, int]] = {}
        self._combinations: list[tuple[list[list[_SeriesKey]], int, _Combinations]] = []
        self.logs: list[LogLine] = []
        self.segments: list[str] = []
        self._log_size = self._segment_bytes = 0
        self._waiting: list[Callable[[], None]] = []
        self.flushes = 0

    def metric(
        self,
        namespace: str,
        name: str,
        value: float,
        unit: str = "None",
        dimensions: Mapping[str, str] | None = None,
        at: float | None = None,
    ) -> None:
        """Count one value of a metric, dated `at` (epoch seconds, now if None)."""
        self.series(namespace, name, unit, dimensions).add(
            value, self._clock.now() if at is None else at
        )

    def series(
        self,
        namespace: str,
        name: str,
        unit: str = "None",
        dimensions: Mapping[str, str] | None = None,
    ) -> Series:
        """Return one metric, to be kept by who counts it often."""
        told = tuple(sorted(dimensions.items())) if dimensions else ()
        return Series(self, (namespace, name, told, unit))

    def values(self, series: _SeriesKey, second: int) -> dict[float, int]:
        """Return a metric's values of one second, to be counted in until the next flush."""
        self._wake()
        return self._metrics.setdefault((*series, second), {})

    def combinations(self, series: list[list[_SeriesKey]], second: int) -> _Combinations:
        """Return what to count in, until the next flush, how often metrics' values came together.

        `series` are each metric's, in the order of a combination's values.
        """
        self._wake()
        counts: _Combinations = {}
        self._combinations.append((series, second, counts))
        return counts

    def _count_combinations(self) -> None:
        for metrics, second, counts in self._combinations:
            for place, series in enumerate(metrics):
                values: dict[float, int] = {}
                for combination, times in counts.items():
                    value = combination[place]
                    values[value] = values.get(value, 0) + times
                for each in series:
                    known = self._metrics.setdefault((*each, second), {})
                    for value, times in values.items():
                        known[value] = known.get(value, 0) + times
        self._combinations = []

    def log(self, group: str, stream: str, message: str, at: float | None = None) -> None:
        """Append a line to a log stream, dated `at` (epoch seconds, now if None)."""
        moment = self._clock.now() if at is None else at
        self.logs.append(LogLine(group, stream, int(moment * 1000), message))
        self._log_size += len(message)
        self._wake()

    def has_room(self, go_on: Callable[[], None]) -> bool:
        """Whether who writes lines as fast as it can may go on; if not, `go_on` is called soon."""
        if self._log_size < _LOG_SIZE:
            return True
        self._waiting.append(go_on)
        self._hurry()
        return False

    def segment(self, document: str) -> None:
        """Send an X-Ray segment document (JSON)."""
        if self._segment_bytes < _SEGMENT_BYTES:
            self._segment_bytes += len(document)
            self.segments.append(document)
            self._wake()

    def take_samples(self) -> list[MetricSample]:
        """Return and forget what has been measured."""
        self._count_combinations()
        samples = [MetricSample(*key, values) for key, values in self._metrics.items()]
        self._metrics = {}
        self.flushes += 1
        return samples

    def take_lines(self) -> list[LogLine]:
        """Return and forget what has been logged; who waits for room may go on."""
        lines, self.logs = self.logs, []
        self._log_size = 0
        waiting, self._waiting = self._waiting, []
        for go_on in waiting:
            go_on()
        return lines

    def take_segments(self) -> list[str]:
        """Return and forget what has been traced."""
        segments, self.segments = self.segments, []
        self._segment_bytes = 0
        return segments


class Series:
    """One metric with its dimensions. Counting costs little: no key is made but once a second."""

    __slots__ = ("_flushes", "_key", "_second", "_telemetry", "_values")

    def __init__(self, telemetry: Telemetry, key: _SeriesKey) -> None:
        self._telemetry = telemetry
        self._key = key
        self._second = self._flushes = -1
        self._values: dict[float, int] = {}

    def add(self, value: float, at: float) -> None:
        """Count one value, dated `at` (epoch seconds)."""
        second, flushes = int(at), self._telemetry.flushes
        if second != self._second or flushes != self._flushes:
            self._second, self._flushes = second, flushes
            self._values = self._telemetry.values(self._key, second)
        self._values[value] = self._values.get(value, 0) + 1


class TelemetryHub:
    """All accounts' telemetry and the services that receive it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._parts: dict[tuple[str, str], Telemetry] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[bool] | None = None
        self._closed = False
        self.metric_sink: MetricSink | None = None
        self.log_sink: LogSink | None = None
        self.segment_sink: SegmentSink | None = None

    def part(self, account: str, region: str) -> Telemetry:
        """Return the telemetry of one account and region."""
        key = (account, region)
        if key not in self._parts:
            self._parts[key] = Telemetry(self._clock, self._wake, self._hurry)
        return self._parts[key]

    def _wake(self) -> None:
        if self._timer is None and not self._closed:
            self._timer = asyncio.get_running_loop().call_later(_FLUSH_AFTER, self._start_flush)

    def _hurry(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(0, self._start_flush)

    def _start_flush(self) -> None:
        self._timer = None
        self._flushing = asyncio.ensure_future(self.flush())

    async def close(self) -> None:
        """Hand on what there is for the last time."""
        self._closed = True
        if self._flushing is not None:
            await asyncio.wait({self._flushing})
        await self.flush()

    async def flush(self) -> bool:
        """Hand everything gathered to the sinks; tell whether there was anything."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        parts = list(self._parts.items())
        stored = [wait for place, part in parts for wait in self._store(place, part)]
        await asyncio.gather(*stored)
        return bool(stored)

    def _store(self, place: tuple[str, str], part: Telemetry) -> Iterator[Awaitable[None]]:
        """Hand on what one account and region has; each is done when it is on disk."""
        lines, segments = part.take_lines(), part.take_segments()
        if lines and self.log_sink is not None:
            yield self.log_sink(*place, lines)
        if segments and self.segment_sink is not None:
            yield self.segment_sink(*place, segments)
        samples = part.take_samples()  # only now: storing lines makes some
        if samples and self.metric_sink is not None:
            yield self.metric_sink(*place, samples)
