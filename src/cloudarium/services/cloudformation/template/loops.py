"""Fn::ForEach, the part of the AWS::LanguageExtensions transform that rewrites the template.

Syntax: "Fn::ForEach", User Guide. Fn::Length, Fn::ToJsonString and defaults of Fn::FindInMap are
evaluated with all other functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from cloudarium.services.cloudformation.errors import invalid
from cloudarium.services.cloudformation.template.model import LANGUAGE_EXTENSIONS

_LOOP = "Fn::ForEach::"
_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")


def expanded(document: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> dict[str, Any]:
    """Return `document` without loops; `evaluate` gives the value of a loop's collection."""
    result = _without_loops(dict(document), evaluate)
    assert isinstance(result, dict)
    return result


def _without_loops(value: Any, evaluate: Callable[[Any], Any]) -> Any:
    if isinstance(value, list):
        return [_without_loops(item, evaluate) for item in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for key, item in value.items():
        if key.startswith(_LOOP):
            result.update(_unrolled(key, item, evaluate))
        else:
            result[key] = _without_loops(item, evaluate)
    return result


def _unrolled(name: str, loop: Any, evaluate: Callable[[Any], Any]) -> dict[str, Any]:
    well_formed = isinstance(loop, list) and len(loop) == 3
    if not well_formed or not isinstance(loop[0], str) or not isinstance(loop[2], dict):
        raise invalid(f"Transform {LANGUAGE_EXTENSIONS} failed with: {name} layout is incorrect")
    identifier, collection, body = loop
    items = evaluate(collection)
    if not isinstance(items, list):
        raise invalid(
            f"Transform {LANGUAGE_EXTENSIONS} failed with: {name} could not resolve its collection"
        )
    result: dict[str, Any] = {}
    for item in items:
        result.update(_without_loops(_replaced(body, identifier, str(item)), evaluate))
    return result


def _replaced(value: Any, identifier: str, item: str) -> Any:
    if isinstance(value, str):
        plain = value.replace(f"${{{identifier}}}", item)
        return plain.replace(f"&{{{identifier}}}", _NOT_ALPHANUMERIC.sub("", item))
    if isinstance(value, list):
        return [_replaced(entry, identifier, item) for entry in value]
    if value == {"Ref": identifier}:
        return item
    if isinstance(value, dict):
        return {
            _replaced(key, identifier, item): _replaced(entry, identifier, item)
            for key, entry in value.items()
        }
    return value
