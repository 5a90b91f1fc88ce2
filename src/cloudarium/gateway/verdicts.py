"""What Lambda authorizers said, kept for as long as they allow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.runtime import ServiceRuntime

Verdict = Mapping[str, Any]
_KEPT = 10_000


class Verdicts:
    """Verdicts by API, stage, authorizer and identity, each until its time to live is over."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._clock = runtime.kernel.clock
        self._kept: dict[tuple[str, ...], tuple[float, Verdict]] = {}

    def get(self, key: tuple[str, ...]) -> Verdict | None:
        """Return a verdict that still holds."""
        until, verdict = self._kept.get(key, (0.0, {}))
        return verdict if self._clock.now() < until else None

    def put(self, key: tuple[str, ...], verdict: Verdict, seconds: float) -> None:
        """Keep a verdict for `seconds`."""
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[key] = (self._clock.now() + seconds, verdict)

    def flush(self, api_id: str, stage: str) -> None:
        """Forget the verdicts of a stage."""
        for key in [key for key in self._kept if key[:2] == (api_id, stage)]:
            del self._kept[key]
