"""The clock: frozen, moved, resumed, waited for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from cloudarium.core.clock import Clock, KeptClock


def test_a_frozen_clock_moves_only_when_told() -> None:
    real = 100.0
    clock = Clock(source=lambda: real)
    clock.freeze()
    real = 150.0
    assert clock.now() == 100.0 and clock.frozen
    clock.advance(7)
    assert (clock.now(), clock.offset, clock.wall()) == (107.0, -43.0, 150.0)
    clock.resume()
    real = 151.0
    assert clock.now() == 108.0 and not clock.frozen


def test_time_has_one_way() -> None:
    with pytest.raises(ValueError, match="forward"):
        Clock().advance(-1)


def test_waiting_ends_when_the_clock_gets_there() -> None:
    async def run() -> None:
        clock = Clock(frozen_at=10.0)
        waiting = asyncio.ensure_future(clock.wait_until(20.0))
        for seconds in (4, 5):
            clock.advance(seconds)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not waiting.done()
        clock.advance(1)
        await asyncio.wait_for(waiting, 60)

    asyncio.run(run())


def test_a_kept_clock_is_found_where_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    path.touch()  # all that a power failure may leave of the first time
    clock = KeptClock(path)
    clock.advance(123456.75)
    assert KeptClock(path).offset == pytest.approx(123456.75, abs=60)
    clock.freeze()
    clock.advance(10)
    found = KeptClock(path)
    assert found.frozen and found.now() == clock.now()
    clock.resume()
    assert not KeptClock(path).frozen
