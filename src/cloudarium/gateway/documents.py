"""JSON documents as API Gateway writes them: schemas of models, and exported definitions."""

from __future__ import annotations

import json
from typing import Any


def written(value: Any, depth: int = 0) -> str:
    """Return a value's JSON as Jackson prints it: arrays on a line, a space before each colon.

    Recorded in many exported definitions, as in the Developer Guide's own examples.
    """
    if isinstance(value, list):
        return f"[ {', '.join([written(one, depth) for one in value])} ]" if value else "[ ]"
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if not value:
        return "{ }"
    margin = "\n" + "  " * depth
    members = [
        f"{margin}  {json.dumps(name, ensure_ascii=False)} : {written(one, depth + 1)}"
        for name, one in value.items()
    ]
    return f"{{{','.join(members)}{margin}}}"
