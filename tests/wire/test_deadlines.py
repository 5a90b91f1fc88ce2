"""Deadlines, in the time of a loop that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from cloudarium.wire.deadlines import Deadlines


class Loop:
    """As much of an event loop as timers need; `timers` are how many it was asked for."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers = 0
        self._due: list[tuple[float, Callable[..., None], tuple[Any, ...]]] = []

    def time(self) -> float:
        """Its time."""
        return self.now

    def call_later(self, seconds: float, callback: Callable[..., None], *args: object) -> None:
        """Set a timer."""
        self.timers += 1
        self._due.append((self.now + seconds, callback, args))

    def move(self, seconds: float) -> None:
        """Let time pass."""
        until = self.now + seconds
        while due := sorted(one for one in self._due if one[0] <= until):
            self.now = due[0][0]
            self._due.remove(due[0])
            due[0][1](*due[0][2])
        self.now = until


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    made = Loop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: made)
    return made


def test_each_passes_at_its_moment(loop: Loop) -> None:
    found, passed = Deadlines(), list[tuple[str, float]]()
    found.after(30, lambda: passed.append(("first", loop.now)))
    loop.move(10)
    found.after(30, lambda: passed.append(("second", loop.now)))
    found.after(5, lambda: passed.append(("short", loop.now)))
    loop.move(100)
    assert passed == [("short", 115.0), ("first", 130.0), ("second", 140.0)]


def test_one_that_was_met_does_not_pass(loop: Loop) -> None:
    found, passed = Deadlines(), list[float]()
    met = found.after(30, lambda: passed.append(1))
    loop.move(1)
    found.after(30, lambda: passed.append(2))
    met.cancel()
    met.cancel()
    loop.move(100)
    assert passed == [2]


def test_those_of_one_length_share_a_timer(loop: Loop) -> None:
    found = Deadlines()
    for _ in range(1000):
        found.after(30, lambda: None).cancel()
    assert loop.timers == 1
    loop.move(100)
    found.after(30, lambda: None)
    assert loop.timers == 2


def test_what_one_sets_when_it_passes_comes_later(loop: Loop) -> None:
    found, passed = Deadlines(), list[float]()

    def again() -> None:
        passed.append(loop.now)
        if len(passed) < 3:
            found.after(30, again)

    found.after(30, again)
    loop.move(200)
    assert passed == [130.0, 160.0, 190.0]
