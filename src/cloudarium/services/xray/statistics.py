"""Figures over requests: counts of how they went, response times and their histogram."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from cloudarium.services.xray import health, traces
from cloudarium.services.xray.documents import Document


@dataclass
class Statistics:
    """The figures of a service, or of an edge. Times are epoch seconds."""

    ok: int = 0
    throttles: int = 0
    errors: int = 0
    faults: int = 0
    total: int = 0
    seconds: float = 0.0
    histogram: Counter[float] = field(default_factory=Counter)
    start: float = float("inf")
    end: float = float("-inf")

    def add(self, document: Document) -> None:
        """Count a request; one in progress counts for its time only."""
        self.start = min(self.start, traces.started(document))
        self.end = max(self.end, traces.ended(document))
        if document.get("in_progress"):
            return
        went, taken = health.of(document), traces.seconds(document)
        self.total += 1
        self.seconds += taken
        self.histogram[taken] += 1
        self.ok += went.is_ok
        self.faults += went.fault
        self.throttles += went.throttle
        self.errors += went.error

    def summary(self) -> dict[str, Any]:
        """Return them as the shapes `ServiceStatistics` and `EdgeStatistics`."""
        return {
            "OkCount": self.ok,
            "ErrorStatistics": {
                "ThrottleCount": self.throttles,
                "OtherCount": self.errors - self.throttles,
                "TotalCount": self.errors,
            },
            "FaultStatistics": {"OtherCount": self.faults, "TotalCount": self.faults},
            "TotalCount": self.total,
            "TotalResponseTime": round(self.seconds, 3),
        }

    def spread(self) -> list[dict[str, Any]]:
        """Return the response times as the shape `Histogram`."""
        return [{"Value": value, "Count": count} for value, count in sorted(self.histogram.items())]
