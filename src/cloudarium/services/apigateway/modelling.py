"""What API Gateway takes for the schema of a model: JSON Schema draft 4, and nothing else.

Keywords it does not know are refused, and so are references that are no models' addresses. Of
OpenAPI 3 documents it leaves such keywords out (both as told in public issues).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from cloudarium.services.apigateway import errors

Schema = dict[str, Any]

# fmt: off
_KEYWORDS = frozenset({
    "$schema", "id", "$ref", "title", "description", "default", "multipleOf", "maximum",
    "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
    "additionalItems", "items", "maxItems", "minItems", "uniqueItems", "maxProperties",
    "minProperties", "required", "additionalProperties", "definitions", "properties",
    "patternProperties", "dependencies", "enum", "type", "format", "allOf", "anyOf", "oneOf", "not",
})
# fmt: on
_OF_NAMES = ("properties", "patternProperties", "definitions", "dependencies")
_OF_SCHEMAS = ("items", "additionalItems", "additionalProperties", "allOf", "anyOf", "oneOf", "not")
_CANONICAL = re.compile(r"#.*|https?://apigateway\.amazonaws\.com/restapis/[^/]+/models/\w+")


def check(schema: Schema) -> None:
    """Raise unless the schema has only what API Gateway knows."""
    parts = list(_parts(schema))
    unknown = sorted({name for part in parts for name in part if not _is_known(name)})
    if unknown:
        listed = json.dumps(unknown, separators=(",", ":"))
        raise errors.ModelSchemaInvalid(reason=f". Unsupported keyword(s): {listed}")
    for reference in [part["$ref"] for part in parts if isinstance(part.get("$ref"), str)]:
        if not _CANONICAL.fullmatch(reference):
            raise errors.ModelReferenceInvalid()


def known(schema: Any) -> Any:
    """Return a schema without the keywords API Gateway does not know."""
    if isinstance(schema, list):
        return [known(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: value for name, value in schema.items() if _is_known(name)}
    for name in kept.keys() & set(_OF_SCHEMAS):
        kept[name] = known(kept[name])
    for name in kept.keys() & set(_OF_NAMES):
        if isinstance(kept[name], dict):
            kept[name] = {key: known(one) for key, one in kept[name].items()}
    return kept


def _is_known(name: str) -> bool:
    return name in _KEYWORDS or name.startswith("x-")


def _parts(schema: Schema) -> Iterator[Schema]:
    """Yield a schema and those in it."""
    yield schema
    inner: list[Any] = []
    for name in _OF_SCHEMAS:
        value = schema.get(name)
        inner += value if isinstance(value, list) else [value]
    for name in _OF_NAMES:
        value = schema.get(name)
        inner += value.values() if isinstance(value, dict) else []
    for one in inner:
        if isinstance(one, dict):
            yield from _parts(one)
