"""The server is killed under mixed load: what was acknowledged is there, whole, everywhere."""

from __future__ import annotations

from pathlib import Path

from benchmarks.dynamodb.crash import trial

_KILLS = 6


def test_kills_lose_nothing_and_leave_no_halves(tmp_path: Path) -> None:
    assert trial(tmp_path, _KILLS) > _KILLS
