"""The clock: frozen, moved, resumed, waited for."""

from __future__ import annotations

import asyncio

import pytest

from cloudarium.core.clock import Clock


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
        await asyncio.wait_for(waiting, 5)

    asyncio.run(run())
