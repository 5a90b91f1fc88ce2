"""Times as CloudWatch writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(at: float) -> str:
    """Return epoch seconds as `2026-11-24T03:00:00.000+0000`."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"


def spoken(at: float) -> str:
    """Return epoch seconds as `Tuesday 24 November, 2026 03:00:00 UTC`."""
    return f"{datetime.fromtimestamp(at, UTC):%A %d %B, %Y %H:%M:%S} UTC"
