"""Staying awake for the next request, for a moment after the last answer that was due."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Hashable

# Turns of the loop, of some 3 µs: about what a client takes from an answer to its next request.
_TURNS = 50
_CORES = os.cpu_count() or 1


class Lookout:
    """Looks for requests without going to sleep, once nobody waits for an answer any more.

    A core that sleeps takes some 50 µs to wake, in virtual machines more, and the loop sleeps
    between two requests of a client that asks one thing after the other: staying awake that long
    took a third off such a client's reads (docs/decisions/0007-hot-path.md). It costs as much
    processor time for each request that none follows, and gives way to whoever wants the core.
    """

    def __init__(self) -> None:
        self._waiting: set[Hashable] = set()
        self._left = 0
        self._looks = False

    def asked(self, client: Hashable) -> None:
        """A client waits for an answer."""
        self._waiting.add(client)

    def answered(self, client: Hashable) -> None:
        """It does so no longer."""
        self._waiting.discard(client)
        if not self._waiting and _CORES > 1:
            self._left = _TURNS
            if not self._looks:
                self._looks = True
                asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        self._left -= 1
        if self._waiting or self._left < 0:
            self._looks = False
            return
        if hasattr(os, "sched_yield"):
            os.sched_yield()
        asyncio.get_running_loop().call_soon(self._look)
