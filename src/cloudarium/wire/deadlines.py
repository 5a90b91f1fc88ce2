"""Deadlines, of which nearly all are met: one timer of the loop for all that allow as long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Deadline:
    """What happens at a moment of the loop's time, unless it is cancelled before."""

    __slots__ = ("_after", "callback", "when")

    def __init__(
        self, when: float, callback: Callable[[], object], after: dict[Deadline, None]
    ) -> None:
        self.when = when
        self.callback = callback
        self._after = after

    def cancel(self) -> None:
        """It has been met, or nobody asks any more."""
        self._after.pop(self, None)


class Deadlines:
    """Deadlines that are set far more often than they pass.

    A timer of the loop costs several microseconds to set and to cancel. Deadlines that allow as
    many seconds pass in the order they were set in, so that one timer, for the first, serves all.
    """

    def __init__(self) -> None:
        self._set: dict[float, dict[Deadline, None]] = {}

    def after(self, seconds: float, callback: Callable[[], object]) -> Deadline:
        """Have `callback` called in `seconds`, and return what cancels that."""
        loop = asyncio.get_running_loop()
        queue = self._set.get(seconds)
        if queue is None:
            queue = self._set[seconds] = {}
            loop.call_later(seconds, self._pass, seconds)
        deadline = Deadline(loop.time() + seconds, callback, queue)
        queue[deadline] = None
        return deadline

    def _pass(self, seconds: float) -> None:
        """Call those whose moment has come, and come again for the next."""
        loop, queue = asyncio.get_running_loop(), self._set[seconds]
        while queue:
            first = next(iter(queue))
            wait = first.when - loop.time()
            if wait > 0:
                loop.call_later(wait, self._pass, seconds)
                return
            del queue[first]
            first.callback()
        del self._set[seconds]
