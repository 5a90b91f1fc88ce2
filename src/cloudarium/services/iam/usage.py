"""When access keys and roles were last used."""

from __future__ import annotations

import sqlite3

# A use of the same key for the same service and region within this many seconds is not recorded
# again, so that most requests write nothing. AWS too tells the last use with some delay.
_GRAIN = 60.0
_REMEMBERED = 5000


class Usage:
    """Decides which uses are worth a row, and writes them."""

    def __init__(self) -> None:
        self._recorded: dict[tuple[str, str, str], float] = {}

    def is_news(self, used: str, service: str, region: str, now: float) -> bool:
        """Tell whether a use at `now` (epoch seconds) should be recorded."""
        return now - self._recorded.get((used, service, region), 0.0) >= _GRAIN

    def record(
        self, db: sqlite3.Connection, used: str, service: str, region: str, now: float
    ) -> None:
        """Record that the access key or role with id `used` was used."""
        if len(self._recorded) >= _REMEMBERED:
            self._recorded.clear()
        self._recorded[used, service, region] = now
        if used.startswith("AROA"):
            db.execute(
                "UPDATE entities SET last_used_at = ?, last_used_region = ? WHERE id = ?",
                (now, region, used),
            )
        else:
            db.execute(
                "UPDATE access_keys SET last_used_at = ?, last_used_service = ?,"
                " last_used_region = ? WHERE id = ?",
                (now, service, region, used),
            )
