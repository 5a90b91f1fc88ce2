"""The schemas of an API's models, which may refer to one another.

Source: Developer Guide, "Data models for REST APIs": a model is referred to by
`https://apigateway.amazonaws.com/restapis/{api}/models/{name}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_REFERENCE = re.compile(
    r"(?:https?://[^#]*/models/|#/definitions/|#/components/schemas/)([A-Za-z0-9]+)$"
)


def with_definitions(name: str, models: Mapping[str, str]) -> dict[str, Any]:
    """Return the model's schema with every model it reaches among its `definitions`."""
    reached: dict[str, Any] = {}
    waiting = [name]
    while waiting:
        at = waiting.pop()
        if at in reached or at not in models:
            continue
        found: set[str] = set()
        reached[at] = _local(json.loads(models[at]), found)
        waiting.extend(found)
    definitions: dict[str, Any] = {}
    for schema in reached.values():
        definitions.update(schema.get("definitions", {}))
    return {**reached[name], "definitions": {**definitions, **reached}}


def _local(node: Any, found: set[str]) -> Any:
    """Return the schema `node` with references to models made local; adds them to `found`."""
    if isinstance(node, list):
        return [_local(one, found) for one in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if isinstance(reference, str) and (match := _REFERENCE.search(reference)):
        found.add(match.group(1))
        return {"$ref": f"#/definitions/{match.group(1)}"}
    return {key: _local(value, found) for key, value in node.items()}
