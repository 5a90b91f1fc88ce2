"""What a life came to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class ServiceReport:
    """One service: its commit, what the push led to, and how long that took in seconds."""

    commit: str
    pipeline_execution: str
    stack: str
    url: str
    push_to_live_seconds: float


@dataclass
class Report:
    """A whole life. `alarm` lists the alarm's states as they followed each other."""

    services: dict[str, ServiceReport] = field(default_factory=dict)
    checks: dict[str, bool] = field(default_factory=dict)
    alarm: list[str] = field(default_factory=list)
    change_to_live_seconds: float | None = None
    seconds_total: float = 0.0
    complete: bool = False

    @property
    def good(self) -> bool:
        """Whether the life was lived to its end and every check holds."""
        return self.complete and all(self.checks.values())

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return asdict(self)
