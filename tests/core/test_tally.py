"""Metrics counted together."""

from __future__ import annotations

from cloudarium.core.clock import Clock
from cloudarium.core.tally import Tally
from cloudarium.core.telemetry import MetricSample, Telemetry


def test_every_metric_is_counted_for_every_set_of_dimensions() -> None:
    telemetry = Telemetry(Clock(frozen_at=100.0), lambda: None, lambda: None)
    sets = [{}, {"B": "2", "A": "1"}]
    tally = Tally(telemetry, "N", [("Count", "Count"), ("Time", "Milliseconds")], sets)
    tally.add(100.2, (1, 5))
    tally.add(100.9, (1, 7))
    tally.add(101.0, (1, 5))
    both = (("A", "1"), ("B", "2"))
    assert telemetry.take_samples() == [
        MetricSample("N", "Count", (), "Count", 100, {1: 2}),
        MetricSample("N", "Count", both, "Count", 100, {1: 2}),
        MetricSample("N", "Time", (), "Milliseconds", 100, {5: 1, 7: 1}),
        MetricSample("N", "Time", both, "Milliseconds", 100, {5: 1, 7: 1}),
        MetricSample("N", "Count", (), "Count", 101, {1: 1}),
        MetricSample("N", "Count", both, "Count", 101, {1: 1}),
        MetricSample("N", "Time", (), "Milliseconds", 101, {5: 1}),
        MetricSample("N", "Time", both, "Milliseconds", 101, {5: 1}),
    ]
    tally.add(101.5, (1, 2))
    assert [sample.values for sample in telemetry.take_samples()] == [
        {1: 1},
        {1: 1},
        {2: 1},
        {2: 1},
    ]
