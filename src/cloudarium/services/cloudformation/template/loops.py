"""Fn::ForEach, the part of the AWS::LanguageExtensions transform that rewrites the template.

Syntax: "Fn::ForEach", User Guide. Fn::Length, Fn::ToJsonString and defaults of Fn::FindInMap are
evaluated with all other functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation.errors import invalid
from cloudarium.services.cloudformation.limits import REPETITIONS
from cloudarium.services.cloudformation.template.model import LANGUAGE_EXTENSIONS

_LOOP = "Fn::ForEach::"
_NOT_ALPHANUMERIC = re.compile(r"[^A-Za-z0-9]")


def expanded(document: Mapping[str, Any], evaluate: Callable[[Any], Any]) -> dict[str, Any]:
    """Return `document` without loops; `evaluate` gives the value of a loop's collection.

    Raises ValidationError for a loop that is none, and for more repetitions than anybody needs.
    """
    return _Unrolling(evaluate).mapping(document)


class _Unrolling:
    """Unrolls the loops of one template, counting how often their bodies are repeated."""

    def __init__(self, evaluate: Callable[[Any], Any]) -> None:
        self._evaluate = evaluate
        self._repetitions = 0

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(item) for item in value]
        return self.mapping(value) if isinstance(value, dict) else value

    def mapping(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return a mapping without loops."""
        result: dict[str, Any] = {}
        for key, item in value.items():
            if key.startswith(_LOOP):
                result.update(self._unrolled(key, item))
            else:
                result[key] = self._value(item)
        return result

    def _unrolled(self, name: str, loop: Any) -> dict[str, Any]:
        well_formed = isinstance(loop, list) and len(loop) == 3
        if not well_formed or not isinstance(loop[0], str) or not isinstance(loop[2], dict):
            raise _failed(f"{name} layout is incorrect")
        identifier, collection, body = loop
        items = self._evaluate(collection)
        if not isinstance(items, list):
            raise _failed(f"{name} could not resolve its collection")
        self._repetitions += len(items)
        if self._repetitions > REPETITIONS:
            raise _failed(f"{name} is repeated too often")
        result: dict[str, Any] = {}
        for item in items:
            result.update(self.mapping(_replaced(body, identifier, str(item))))
        return result


def _failed(reason: str) -> AwsError:
    return invalid(f"Transform {LANGUAGE_EXTENSIONS} failed with: {reason}")


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
