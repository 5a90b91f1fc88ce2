"""What an execution environment is started with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cloudarium.functions.extensions import host
from cloudarium.functions.outcomes import Outcome


class EnvironmentLog(host.Log, Protocol):
    """Takes what an environment writes, and is told how its initialization ends."""

    def __call__(self, line: str) -> None:
        """A line (event) that the function writes."""

    def has_room(self, go_on: Callable[[], None]) -> bool:
        """Whether it takes more lines now; if not, it calls `go_on` when it does."""

    def init_report(self, phase: str, outcome: Outcome) -> None:
        """The initialization ended as `outcome` says; `phase` is "init" or "invoke"."""


INIT_SECONDS = 10  # "The Init phase is limited to 10 seconds", Lambda's developer guide


@dataclass(frozen=True)
class Launch:
    """What an environment is started with.

    key: environments with the same key are interchangeable (same version, same configuration).
    function: whose environment it is, for `Pool.retire`.
    environment: its variables, without those that depend on where it runs (LAMBDA_TASK_ROOT, ...).
    expires_at: when its credentials end, by the cloud's clock.
    log: takes what it writes.
    layers: the folder that is its /opt, if it has one.
    runtime_version: the runtime's version and its ARN.
    stays: whether it is kept warm however long it has nothing to do.
    """

    key: str
    function: str
    runtime: str
    code: Path
    environment: Mapping[str, str]
    memory_megabytes: int
    tmp_megabytes: int
    timeout_seconds: int
    expires_at: float
    log: EnvironmentLog
    layers: Path | None = None
    init_seconds: int = INIT_SECONDS
    runtime_version: tuple[str, str] = ("", "")
    stays: bool = False

    @property
    def account(self) -> str:
        """Whose the function is, of its ARN."""
        return (self.function.split(":") + [""] * 5)[4]
