"""From the JSON of a document to what an operation is given, by its model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cloudarium.wire.http import Body
from cloudarium.wire.model import Shape

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
    "blob": (str,),
    "timestamp": (str, int, float),
}


class Misfit(ValueError):
    """A value that does not have the type its place asks for; the text says what and where."""


def fitted(shape: Shape, value: Any) -> Any:
    """Return a JSON value as operations are given it. Raises Misfit.

    Members may be written with another capital than the model's (`QueueUrl`, `queueUrl`), blobs
    are text, timestamps epoch seconds or ISO 8601.
    """
    try:
        return _fitted(shape, value, "input")
    except RecursionError:
        raise Misfit("input is nested too deeply") from None


def _fitted(shape: Shape, value: Any, place: str) -> Any:
    if not _is_of(shape.type, value):
        raise Misfit(f"{place} is not of type {shape.type}")
    if shape.type == "structure":
        return _structure(shape, value, place)
    if shape.type == "list":
        return [_fitted(shape.element, each, f"{place}[{i}]") for i, each in enumerate(value)]
    if shape.type == "map":
        return {key: _fitted(shape.value, each, f"{place}.{key}") for key, each in value.items()}
    if shape.type == "blob":
        return Body(value.encode()) if shape.streaming else value.encode()
    if shape.type == "timestamp":
        return _seconds(value, place)
    return value


def _is_of(kind: str, value: Any) -> bool:
    expected = _TYPES[kind]
    return isinstance(value, expected) and (bool in expected or not isinstance(value, bool))


def _structure(shape: Shape, value: dict[str, Any], place: str) -> dict[str, Any]:
    names = {name.lower(): name for name in shape.members}
    found = {}
    for key, each in value.items():
        name = names.get(key.lower())
        if name is None:
            raise Misfit(f"{place} has no member {key}")
        found[name] = _fitted(shape.members[name], each, f"{place}.{name}")
    return found


def _seconds(value: str | float, place: str) -> float:
    if not isinstance(value, str):
        return float(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Misfit(f"{place} is not a timestamp") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
