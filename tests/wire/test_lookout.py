"""The loop stays awake for a while after the last answer, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from cloudarium.wire import lookout
from cloudarium.wire.lookout import Lookout


class Loop:
    """The loop's turns, taken by hand."""

    def __init__(self) -> None:
        self._soon: list[Callable[[], None]] = []

    def call_soon(self, callback: Callable[[], None]) -> None:
        """Have something called in the next turn."""
        self._soon.append(callback)

    def turns(self) -> int:
        """Take turns until there is nothing to do; how many that were."""
        count = 0
        while self._soon:
            count += 1
            due, self._soon = self._soon, []
            for callback in due:
                callback()
        return count


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    made = Loop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: made)
    monkeypatch.setattr(lookout, "_CORES", 2)
    return made


def test_it_looks_for_a_bounded_time(loop: Loop) -> None:
    found = Lookout()
    found.asked("a")
    found.answered("a")
    assert loop.turns() == 51
    assert loop.turns() == 0


def test_it_does_not_look_while_an_answer_is_due(loop: Loop) -> None:
    found = Lookout()
    found.asked("a")
    found.asked("b")
    found.answered("a")
    assert loop.turns() == 0
    found.answered("b")
    found.asked("a")
    assert loop.turns() == 1


def test_answers_in_a_row_look_once(loop: Loop) -> None:
    found = Lookout()
    for _ in range(3):
        found.asked("a")
        found.answered("a")
    assert loop.turns() == 51


def test_one_core_is_the_clients(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookout, "_CORES", 1)
    found = Lookout()
    found.asked("a")
    found.answered("a")
    assert loop.turns() == 0
