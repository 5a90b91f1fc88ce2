"""Validation of parsed input against the model, with AWS's own constraint messages.

The form of the messages is that of AWS's service framework, as answered for instance by DynamoDB:
``1 validation error detected: Value 'x' at 'tableName' failed to satisfy constraint: Member must
have length greater than or equal to 3``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from cloudarium.core.errors import AwsError, SerializationException
from cloudarium.wire.model import Shape

Validator = Callable[[dict[str, Any]], None]
Check = Callable[[Any, str], Iterator[str]]


def compile_validator(shape: Shape | None, code: str, *, constraints: bool = True) -> Validator:
    """Return a function that raises AwsError(`code`) listing every violation of `shape`.

    Without `constraints` only the presence of required members is checked.
    """
    check = _Compiler(constraints).check(shape) if shape is not None else None
    if check is None:
        return lambda _: None

    def validate(value: dict[str, Any]) -> None:
        try:
            problems = list(check(value, ""))
        except RecursionError:
            raise SerializationException(message="The request is nested too deeply") from None
        if problems:
            count = len(problems)
            noun = "error" if count == 1 else "errors"
            raise AwsError(code, f"{count} validation {noun} detected: {'; '.join(problems)}", 400)

    return validate


class _Compiler:
    """Builds one check per shape; shapes that cannot be violated get none."""

    def __init__(self, constraints: bool) -> None:
        self._constraints = constraints
        self._checks: dict[str, Check | None] = {}

    def check(self, shape: Shape) -> Check | None:
        if shape.name in self._checks:
            return self._checks[shape.name]
        late: Check = lambda value, path: _call(self._checks[shape.name], value, path)  # noqa: E731
        self._checks[shape.name] = late
        self._checks[shape.name] = self._build(shape)
        return self._checks[shape.name]

    def _build(self, shape: Shape) -> Check | None:
        own = _own_constraints(shape) if self._constraints else []
        inner: Check | None = None
        if shape.type == "structure":
            inner = self._structure(shape)
        elif shape.type == "list":
            inner = self._list(shape)
        elif shape.type == "map":
            inner = self._map(shape)
        if not own:
            return inner
        return _combined(own, inner)

    def _structure(self, shape: Shape) -> Check | None:
        members = [
            (name, _lower_first(name), name in shape.required, self.check(member))
            for name, member in shape.members.items()
        ]
        members = [entry for entry in members if entry[2] or entry[3]]
        if not members:
            return None

        def check(value: Any, path: str) -> Iterator[str]:
            for name, label, required, inner in members:
                found = value.get(name)
                if found is None and not required:
                    continue
                place = f"{path}.{label}" if path else label
                if found is None:
                    yield (
                        f"Value null at '{place}' failed to satisfy constraint: "
                        "Member must not be null"
                    )
                elif inner is not None:
                    yield from inner(found, place)

        return check

    def _list(self, shape: Shape) -> Check | None:
        inner = self.check(shape.element)
        if inner is None:
            return None

        def check(value: Any, path: str) -> Iterator[str]:
            for index, element in enumerate(value, 1):
                yield from inner(element, f"{path}.{index}.member")

        return check

    def _map(self, shape: Shape) -> Check | None:
        key_check, value_check = self.check(shape.key), self.check(shape.value)
        if key_check is None and value_check is None:
            return None

        def check(value: Any, path: str) -> Iterator[str]:
            for key, element in value.items():
                if key_check is not None:
                    yield from key_check(key, path)
                if value_check is not None:
                    yield from value_check(element, f"{path}.{key}.member")

        return check


def _call(check: Check | None, value: Any, path: str) -> Iterator[str]:
    return check(value, path) if check is not None else iter(())


def _combined(own: list[tuple[Callable[[Any], bool], str]], inner: Check | None) -> Check:
    def check(value: Any, path: str) -> Iterator[str]:
        for holds, constraint in own:
            if not holds(value):
                shown = _shown(value)
                yield f"Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}"
        if inner is not None:
            yield from inner(value, path)

    return check


def _own_constraints(shape: Shape) -> list[tuple[Callable[[Any], bool], str]]:
    traits = shape.traits
    found: list[tuple[Callable[[Any], bool], str]] = []
    if shape.type in ("string", "list", "map") or (shape.type == "blob" and not shape.streaming):
        found += _bounds(traits, len, "length")
    elif shape.type in ("integer", "long", "float", "double"):
        found += _bounds(traits, lambda value: value, "value")
    if shape.type == "string" and "enum" in traits:
        choices = frozenset(traits["enum"])
        listed = ", ".join(traits["enum"])
        found.append((choices.__contains__, f"Member must satisfy enum value set: [{listed}]"))
    if shape.type == "string" and "pattern" in traits:
        matches = _pattern(traits["pattern"])
        text = f"Member must satisfy regular expression pattern: {traits['pattern']}"
        found.append((matches, text))
    return found


def _bounds(
    traits: dict[str, Any], measure: Callable[[Any], float], noun: str
) -> list[tuple[Callable[[Any], bool], str]]:
    found: list[tuple[Callable[[Any], bool], str]] = []
    if (least := traits.get("min")) is not None:
        text = f"Member must have {noun} greater than or equal to {least}"
        found.append((lambda value: measure(value) >= least, text))
    if (most := traits.get("max")) is not None:
        text = f"Member must have {noun} less than or equal to {most}"
        found.append((lambda value: measure(value) <= most, text))
    return found


def _pattern(pattern: str) -> Callable[[Any], bool]:
    """Compile a Java regular expression; `regex` knows classes (`\\p{L}`) that `re` does not."""
    try:
        compiled: Any = re.compile(pattern)
    except re.error:
        import regex

        compiled = regex.compile(pattern)
    fullmatch = compiled.fullmatch
    return lambda value: fullmatch(value) is not None


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_shown(element) for element in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
