"""What is wrong with a body, in the words of `$context.error.validationErrorString`.

API Gateway checks bodies with the Java library json-schema-validator, whose messages these are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from cloudarium.gateway import json_schema
from cloudarium.gateway.templates import written

_KINDS = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}
_MESSAGES = {
    "minimum": (
        "numeric instance is lower than the required minimum (minimum: {bound}, found: {it})"
    ),
    "maximum": (
        "numeric instance is greater than the required maximum (maximum: {bound}, found: {it})"
    ),
    "minLength": "string {it} is too short (length: {size}, required minimum: {bound})",
    "maxLength": "string {it} is too long (length: {size}, maximum allowed: {bound})",
    "minItems": (
        "array is too short: must have at least {bound} elements but instance has {size} elements"
    ),
    "maxItems": (
        "array is too long: must have at most {bound} elements but instance has {size} elements"
    ),
    "pattern": "ECMA 262 regex {bound} does not match input string {it}",
    "enum": "instance value ({it}) not found in enum (possible values: {bound})",
    "uniqueItems": "array must not contain duplicate elements",
    "format": "string {it} is invalid against requested format {bound}",
}


def told(errors: Iterable[Any]) -> str:
    """Return the problems that jsonschema's errors stand for, in brackets."""
    return written(f"[{', '.join(dict.fromkeys(_told(error) for error in errors))}]")


def _told(error: Any) -> str:
    keyword, it, bound = error.validator, error.instance, error.validator_value
    if keyword == "required":
        missing = sorted(name for name in bound if name not in it)
        return f"object has missing required properties ({_json(missing)})"
    if keyword == "type":
        allowed = sorted([bound] if isinstance(bound, str) else bound)
        return (
            f"instance type ({_KINDS[type(it)]}) does not match any allowed primitive type "
            f"(allowed: {_json(allowed)})"
        )
    if keyword == "additionalProperties":
        unknown = sorted(json_schema.unknown(it, error.schema))
        return (
            f"object instance has properties which are not allowed by the schema: {_json(unknown)}"
        )
    size = len(it) if isinstance(it, str | list | dict) else 0
    message = _MESSAGES.get(keyword)
    return message.format(it=_json(it), bound=_json(bound), size=size) if message else error.message


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
