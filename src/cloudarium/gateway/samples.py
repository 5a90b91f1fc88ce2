"""Sample mapping templates: the structure of a model, to be filled in.

Source: GetModelTemplate; Developer Guide, "Example data models and mapping templates".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cloudarium.gateway import schemas

_ROOT = "#set($inputRoot = $input.path('$'))\n"
_VALUES = {"integer": "42", "number": "3.149", "boolean": "true", "string": '"foo"', "null": "null"}
_LOOP = "## Let this loop go through the array of the input.\n"
_DEPTH = 10


def of_model(name: str, models: Mapping[str, str]) -> str:
    """Return the template for the model `name`; `models` are schema texts by name."""
    schema = schemas.with_definitions(name, models)
    return _ROOT + _sample(schema, schema["definitions"], "$inputRoot", 0)


def _sample(schema: Any, known: Mapping[str, Any], path: str, depth: int) -> str:
    if not isinstance(schema, dict) or depth > _DEPTH:
        return "{}"
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return _sample(known.get(name), known, path, depth + 1)
    kind, indent = schema.get("type", "object"), "  " * depth
    if kind == "array":
        item = _sample(schema.get("items"), known, "$elem", depth + 1)
        return (
            f"[\n{_LOOP}#foreach($elem in {path})\n{indent}  {item}"
            "#if($foreach.hasNext),#end\n#end\n"
            f"{indent}]"
        )
    if kind != "object":
        return _VALUES.get(str(kind), "{}")
    members = [
        f"{indent}  {json.dumps(name)} : {_sample(one, known, f'{path}.{name}', depth + 1)}"
        for name, one in (schema.get("properties") or {}).items()
    ]
    return "{\n" + ",\n".join(members) + f"\n{indent}}}" if members else "{ }"
