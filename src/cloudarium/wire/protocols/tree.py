"""Compiled conversion between a model's shapes and trees of JSON or CBOR values.

A codec is compiled once per shape into closures, so that a request is not a walk over the model.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import Any

from cloudarium.core.documents import Kept
from cloudarium.core.errors import AwsError, SerializationException
from cloudarium.wire.model import Shape
from cloudarium.wire.protocols import values

Convert = Callable[[Any], Any]
Mismatch = Callable[[Shape, bool, Any], AwsError]
Wrong = Callable[[Any], AwsError]

_KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
}
_NAMES = {
    "string": "String",
    "integer": "Integer",
    "long": "Long",
    "float": "Float",
    "double": "Double",
    "boolean": "Boolean",
    "list": "List",
    "map": "Map",
    "structure": "Structure",
}


class TreeParser:
    """Compiles parsers: wire tree to request dict, types checked.

    `mismatch` makes the error for a value of another type than its shape's; `truncate` says that a
    fraction is taken for the whole number before its point.
    """

    def __init__(
        self,
        blob: Convert,
        timestamp: Convert,
        mismatch: Mismatch | None = None,
        *,
        truncate: bool = False,
    ) -> None:
        self._leaves = {"blob": blob, "timestamp": timestamp}
        self._mismatch = mismatch or _mismatch
        self._truncate = truncate
        self._compiled: dict[tuple[str, bool], Convert] = {}

    def compile(self, shape: Shape, *, inside: bool = False) -> Convert:
        """Return the parser of `shape`, `inside` a list or map or else a structure's member."""
        if shape.type == "structure" and shape.traits.get("document"):
            return lambda value: value
        if shape.type in self._leaves:
            return self._leaves[shape.type]
        if shape.type in _KINDS:
            return _scalar(shape, partial(self._mismatch, shape, inside), self._truncate)
        key = (shape.name, inside)
        if key not in self._compiled:
            self._compiled[key] = lambda value: self._compiled[key](value)
            wrong = partial(self._mismatch, shape, inside)
            self._compiled[key] = getattr(self, f"_{shape.type}")(shape, wrong)
        return self._compiled[key]

    def _structure(self, shape: Shape, wrong: Wrong) -> Convert:
        members = {
            member.wire_name(name): (name, _plain_type(member), self.compile(member))
            for name, member in shape.members.items()
            if member.location is None
        }

        def parse(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise wrong(value)
            parsed = {}
            for key, element in value.items():
                found = members.get(key)
                if found is not None and element is not None:
                    name, plain, convert = found
                    parsed[name] = element if type(element) is plain else convert(element)
            return parsed

        return parse

    def _list(self, shape: Shape, wrong: Wrong) -> Convert:
        plain, element = _plain_type(shape.element), self.compile(shape.element, inside=True)

        def parse(value: Any) -> list[Any]:
            if type(value) is not list:
                raise wrong(value)
            if None in value:
                raise SerializationException(message="A list must not hold null")
            return [each if type(each) is plain else element(each) for each in value]

        return parse

    def _map(self, shape: Shape, wrong: Wrong) -> Convert:
        element = self.compile(shape.value, inside=True)

        def parse(value: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise wrong(value)
            return {key: element(each) for key, each in value.items() if each is not None}

        return parse


class TreeWriter:
    """Compiles writers: answer dict to wire tree, `None` left out, unknown members refused."""

    def __init__(
        self, blob: Convert, timestamp: Callable[[Shape], Convert], kept: Callable[[Kept], Any]
    ) -> None:
        self._blob = blob
        self._timestamp = timestamp
        self._kept = kept
        self._compiled: dict[str, Convert] = {}

    def compile(self, shape: Shape) -> Convert:
        """Return the writer of `shape`."""
        if shape.type == "structure" and shape.traits.get("document"):
            return lambda value: value
        if shape.type == "blob":
            return self._blob
        if shape.type == "timestamp":
            return self._timestamp(shape)
        if shape.type in _KINDS:
            return lambda value: value
        if shape.name not in self._compiled:
            self._compiled[shape.name] = lambda value: self._compiled[shape.name](value)
            self._compiled[shape.name] = getattr(self, f"_{shape.type}")(shape)
        return self._compiled[shape.name]

    def _structure(self, shape: Shape) -> Convert:
        members = {
            name: (member.wire_name(name), self.compile(member))
            for name, member in shape.members.items()
        }
        shape_name, kept = shape.name, self._kept

        def write(value: Any) -> Any:
            if type(value) is not dict and isinstance(value, Kept):
                return kept(value)
            written = {}
            for name, element in value.items():
                if element is None:
                    continue
                if name not in members:
                    raise LookupError(f"{shape_name} has no member {name}")
                wire_name, convert = members[name]
                written[wire_name] = convert(element)
            return written

        return write

    def _list(self, shape: Shape) -> Convert:
        element = self.compile(shape.element)
        return lambda value: [element(each) if each is not None else None for each in value]

    def _map(self, shape: Shape) -> Convert:
        element, kept = self.compile(shape.value), self._kept

        def write(value: Any) -> Any:
            if type(value) is not dict and isinstance(value, Kept):
                return kept(value)
            return {key: element(each) if each is not None else None for key, each in value.items()}

        return write


def _plain_type(shape: Shape) -> type | None:
    """Return the one type that needs no look, if the shape has one."""
    return {"string": str, "boolean": bool}.get(shape.type)


def _scalar(shape: Shape, wrong: Wrong, truncate: bool) -> Convert:
    kind = shape.type
    accepted = _KINDS[kind]

    def parse(value: Any) -> Any:
        if type(value) not in accepted:
            raise wrong(value)
        return value

    def parse_whole(value: Any) -> Any:
        if truncate and type(value) is float and isfinite(value):
            value = int(value)
        return values.bounded(parse(value), kind)

    return parse_whole if kind in ("integer", "long") else parse


def _mismatch(shape: Shape, inside: bool, value: Any) -> AwsError:
    if isinstance(value, dict):
        return SerializationException(message="Unexpected value type in payload")
    if isinstance(value, list):
        return SerializationException(message="Unexpected list element termination")
    seen = {bool: str(value).upper() + "_VALUE", str: "STRING_VALUE", float: "DECIMAL_VALUE"}
    found = seen.get(type(value), "NUMBER_VALUE")
    return SerializationException(message=f"{found} can not be converted to {_article(shape.type)}")


def _article(kind: str) -> str:
    name = _NAMES[kind]
    return f"an {name}" if name[0] in "AEIOU" else f"a {name}"
