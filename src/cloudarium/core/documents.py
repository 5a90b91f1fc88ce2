"""JSON documents clients write: policies, patterns, structured messages."""

from __future__ import annotations

from typing import Any

import orjson


def json_object(text: str | bytes) -> dict[str, Any] | None:
    """Return the JSON object `text` spells, or None if it spells none.

    One nested too deeply to be handled (1,024 levels) counts as none.
    """
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None
