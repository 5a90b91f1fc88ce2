"""`cloudarium time`: the cloud's clock, shown or moved."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from cloudarium.cli import place
from cloudarium.cli.settings import SettingsError, seconds


def run(options: argparse.Namespace) -> int:
    """Show the clock, after moving it as asked."""
    cloud = place.required(options.dir)
    clock = place.control(cloud, "time", _order(options))
    moment = datetime.fromtimestamp(clock["now"], UTC)
    state = ", frozen" if clock["frozen"] else ""
    print(f"{moment:%Y-%m-%d %H:%M:%S} UTC ({clock['offset']:+z.0f} s{state})")
    return 0


def _order(options: argparse.Namespace) -> dict[str, Any] | None:
    if options.action == "advance":
        if options.amount is None:
            raise SettingsError("advance by how much? For example: cloudarium time advance 5m")
        return {"advance": seconds(options.amount)}
    return {options.action: True} if options.action else None
