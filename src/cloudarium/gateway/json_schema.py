"""Documents against JSON Schema draft 4.

jsonschema's own keywords run expressions without an end, and compare every element of an array with
every other; who sends a body must not be able to keep the server busy by it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from cloudarium.core.matching import BadExpression, expression

Schema = Mapping[str, Any]
_REFERENCES, _REFERENCES_PER_BYTE = 1_000, 10


class TooLong(Exception):
    """A document's validation follows more references than one of its size should."""


class Validator:
    """A compiled schema. References are counted: a few lines can refer to each other for ever."""

    def __init__(self, schema: Schema) -> None:
        from jsonschema import Draft4Validator, validators

        self._left = 0
        self._refer = Draft4Validator.VALIDATORS["$ref"]
        keywords = {
            "$ref": self._reference,
            "pattern": _pattern,
            "patternProperties": _pattern_properties,
            "additionalProperties": _additional_properties,
            "multipleOf": _multiple_of,
            "uniqueItems": _unique_items,
        }
        self._validator = validators.extend(Draft4Validator, keywords)(schema)

    def problems(self, document: Any, size: int) -> list[Any]:
        """Return jsonschema's errors of a document that was sent as `size` bytes. Raises TooLong.

        Raises RecursionError and referencing's Unresolvable as well.
        """
        self._left = _REFERENCES + _REFERENCES_PER_BYTE * size
        return list(self._validator.iter_errors(document))

    def _reference(self, validator: Any, *given: Any) -> Iterator[Any]:
        self._left -= 1
        if self._left < 0:
            raise TooLong
        yield from self._refer(validator, *given)


def unknown(document: Mapping[str, Any], schema: Schema) -> list[str]:
    """Return the names of the members that the schema neither names nor has a pattern for."""
    known, patterns = schema.get("properties") or {}, schema.get("patternProperties") or {}
    rest = [name for name in document if name not in known]
    return [name for name in rest if not any(_matches(pattern, name) for pattern in patterns)]


def _matches(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a text; one that is malformed never is."""
    try:
        return expression(pattern).search(text) is not None
    except BadExpression:
        return False


def _problem(message: str) -> Any:
    from jsonschema import ValidationError

    return ValidationError(message)


def _pattern(_: Any, pattern: str, document: Any, schema: Schema) -> Iterator[Any]:
    if isinstance(document, str) and not _matches(pattern, document):
        yield _problem(f"{document!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], document: Any, schema: Schema
) -> Iterator[Any]:
    if isinstance(document, dict):
        for pattern, inner in patterns.items():
            for name, value in document.items():
                if _matches(pattern, name):
                    yield from validator.descend(value, inner, path=name, schema_path=pattern)


def _additional_properties(
    validator: Any, wanted: Any, document: Any, schema: Schema
) -> Iterator[Any]:
    if not isinstance(document, dict) or wanted is True:
        return
    names = unknown(document, schema)
    if isinstance(wanted, dict):
        for name in names:
            yield from validator.descend(document[name], wanted, path=name)
    elif names:
        yield _problem(f"Additional properties are not allowed: {', '.join(names)}")


def _multiple_of(_: Any, divisor: float, document: Any, schema: Schema) -> Iterator[Any]:
    """As the numbers are written: 0.3 is a multiple of 0.1. What is beyond a float is of none."""
    if not isinstance(document, int | float) or isinstance(document, bool):
        return
    is_finite = math.isfinite(document) if isinstance(document, float) else True
    if not is_finite or (Fraction(str(document)) / Fraction(str(divisor))).denominator != 1:
        yield _problem(f"{document!r} is not a multiple of {divisor}")


def _unique_items(_: Any, wanted: bool, document: Any, schema: Schema) -> Iterator[Any]:
    if wanted and isinstance(document, list):
        texts = {json.dumps(_plain(each), sort_keys=True) for each in document}
        if len(texts) < len(document):
            yield _problem("The array has equal elements")


def _plain(value: Any) -> Any:
    """Return a value in which equal numbers are written the same way."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
