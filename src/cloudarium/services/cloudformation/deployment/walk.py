"""Many steps at once: each as soon as those it needs are done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum


class Status(Enum):
    """How a step ended, or that it must be looked at again later."""

    DONE = "done"
    FAILED = "failed"
    WAITING = "waiting"


async def walk(
    graph: Mapping[str, list[str]],
    step: Callable[[str], Awaitable[Status]],
    may_begin: Callable[[str, Mapping[str, Status]], bool],
) -> dict[str, Status]:
    """Run `step` for the names of `graph`, each after those it needs; return how each ended.

    What needs a step that did not end well is not run. `may_begin` is asked before each step.
    """
    ended: dict[str, Status] = {}
    running: dict[asyncio.Future[Status], str] = {}
    try:
        while True:
            for name in _ready(graph, ended, set(running.values())):
                if may_begin(name, ended):
                    running[asyncio.ensure_future(step(name))] = name
            if not running:
                return ended
            finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                ended[running.pop(task)] = task.result()
    finally:
        for task in running:
            task.cancel()


def _ready(
    graph: Mapping[str, list[str]], ended: Mapping[str, Status], running: set[str]
) -> list[str]:
    return [
        name
        for name, needs in graph.items()
        if name not in ended
        and name not in running
        and all(ended.get(need) is Status.DONE for need in needs if need in graph)
    ]
