"""Validation of parsed input against the model, with AWS's own constraint messages.

The form of the messages is that of AWS's service framework, as answered for instance by DynamoDB:
``1 validation error detected: Value 'x' at 'tableName' failed to satisfy constraint: Member must
have length greater than or equal to 3``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from cloudarium.core.errors import AwsError, SerializationException
from cloudarium.core.violations import Violation, detected
from cloudarium.wire.model import Shape

_REQUIRED = "Member must not be null"

Validator = Callable[[dict[str, Any]], None]
Place = tuple[Any, str] | None
"""Where a value stands: where what holds it stands, and its name in there."""


Check = Callable[[Any, Place, list[Violation]], None]
"""Adds to a list what is wrong with the value at a place."""
Test = Callable[[Any], bool]
"""Tells whether a value violates nothing: what is asked of every request, and first."""
Constraint = tuple[Test, str]
# How Java's patterns write the characters that UTF-16 needs two units for.
_SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"
Words = Callable[[dict[str, Any], list[Violation]], AwsError]
"""Makes the error of the violations of an input."""


def compile_validator(
    shape: Shape | None, code: str, *, constraints: bool = True, words: Words | None = None
) -> Validator:
    """Return a function that raises AwsError(`code`) listing every violation of `shape`.

    Without `constraints` only the presence of required members is checked. `words` makes the
    error of a service that answers in words of its own.
    """
    check = _Compiler(constraints).check(shape) if shape is not None else None
    holds = _Tests(constraints).test(shape) if shape is not None else None
    if check is None or holds is None:
        return lambda _: None

    def validate(value: dict[str, Any]) -> None:
        problems: list[Violation] = []
        try:
            if holds(value):
                return
            check(value, None, problems)
            if not problems:
                return
            error = words(value, problems) if words else detected(code, [*map(str, problems)])
        except RecursionError:
            raise SerializationException(message="The request is nested too deeply") from None
        raise error

    return validate


class _Tests:
    """Builds one test per shape; shapes that cannot be violated get none."""

    def __init__(self, constraints: bool) -> None:
        self._constraints = constraints
        self._tests: dict[str, Test | None] = {}

    def test(self, shape: Shape) -> Test | None:
        name = shape.name
        if name not in self._tests:
            self._tests[name] = self._late(name)
            self._tests[name] = self._build(shape)
        return self._tests[name]

    def _late(self, name: str) -> Test:
        """Return the test of a shape that holds itself, before it is built."""

        def test(value: Any) -> bool:
            built = self._tests[name]
            return built is None or built(value)

        return test

    def _build(self, shape: Shape) -> Test | None:
        inner: Test | None = None
        if shape.type == "structure":
            inner = self._structure(shape)
        elif shape.type == "list":
            inner = _each(self.test(shape.element))
        elif shape.type == "map":
            inner = _items(self.test(shape.key), self.test(shape.value))
        return _both(_own_test(shape) if self._constraints else None, inner)

    def _structure(self, shape: Shape) -> Test | None:
        required = frozenset(shape.required)
        found = {name: self.test(member) for name, member in shape.members.items()}
        tests = {name: test for name, test in found.items() if test is not None}
        if not (required or tests):
            return None

        def test(value: Any) -> bool:
            if required and not required <= value.keys():
                return False
            for name, element in value.items():
                if element is None or (name in tests and not tests[name](element)):
                    return False
            return True

        return test


def _each(element: Test | None) -> Test | None:
    return None if element is None else lambda values: all(map(element, values))


def _items(key: Test | None, value: Test | None) -> Test | None:
    if key is None or value is None:
        keys, values = _each(key), _each(value)
        return keys if values is None else lambda found: values(found.values())

    def test(found: Any) -> bool:
        return all(map(key, found)) and all(map(value, found.values()))

    return test


def _both(first: Test | None, second: Test | None) -> Test | None:
    if first is None or second is None:
        return first or second
    return lambda value: first(value) and second(value)


def _own_test(shape: Shape) -> Test | None:
    """Return one test of all that `_own_constraints` has of a shape."""
    tests = [test for test, _ in _own_constraints(shape)]
    if shape.type == "string" and not shape.traits.keys() & {"enum", "pattern"} and len(tests) == 2:
        least, most = shape.traits["min"], shape.traits["max"]
        return lambda value: least <= len(value) <= most
    found: Test | None = None
    for test in tests:
        found = _both(found, test)
    return found


class _Compiler:
    """Builds one check per shape; shapes that cannot be violated get none."""

    def __init__(self, constraints: bool) -> None:
        self._constraints = constraints
        self._checks: dict[str, Check | None] = {}

    def check(self, shape: Shape) -> Check | None:
        if shape.name not in self._checks:
            self._checks[shape.name] = self._late(shape.name)
            self._checks[shape.name] = self._build(shape)
        return self._checks[shape.name]

    def _late(self, name: str) -> Check:
        """Return the check of a shape that holds itself, before it is built."""

        def check(value: Any, place: Place, problems: list[Violation]) -> None:
            built = self._checks[name]
            if built is not None:
                built(value, place, problems)

        return check

    def _build(self, shape: Shape) -> Check | None:
        own = _own_constraints(shape) if self._constraints else []
        inner = self._parts(shape)
        return _combined(shape, own, inner) if own else inner

    def _parts(self, shape: Shape) -> Check | None:
        """Return the check of what a shape consists of."""
        if shape.type == "structure":
            return self._structure(shape)
        if shape.type == "list":
            return self._list(shape)
        return self._map(shape) if shape.type == "map" else None

    def _structure(self, shape: Shape) -> Check | None:
        members = [
            (name, member, name in shape.required, self.check(member))
            for name, member in shape.members.items()
        ]
        members = [entry for entry in members if entry[2] or entry[3]]
        if not members:
            return None

        def check(value: Any, place: Place, problems: list[Violation]) -> None:
            for name, member, required, inner in members:
                found = value.get(name)
                if found is None:
                    if required:
                        path = _path((place, _lower_first(name)))
                        problems.append(_violation(path, None, member, _REQUIRED))
                elif inner is not None:
                    inner(found, (place, _lower_first(name)), problems)

        return check

    def _list(self, shape: Shape) -> Check | None:
        inner = self.check(shape.element)
        if inner is None:
            return None

        def check(value: Any, place: Place, problems: list[Violation]) -> None:
            for index, element in enumerate(value, 1):
                inner(element, (place, f"{index}.member"), problems)

        return check

    def _map(self, shape: Shape) -> Check | None:
        """What a map's keys and values must be is said of the map."""
        constraints = [
            (noun, take, found)
            for noun, take, each in (("keys", _keys, shape.key), ("value", _values, shape.value))
            if (found := _own_constraints(each) if self._constraints else [])
        ]
        inner = self._parts(shape.value)
        if inner is None and not constraints:
            return None

        def check(value: Any, place: Place, problems: list[Violation]) -> None:
            for noun, take, found in constraints:
                if any(not holds(each) for each in take(value) for holds, _ in found):
                    listed = ", ".join(constraint for _, constraint in reversed(found))
                    text = f"Map {noun} must satisfy constraint: [{listed}]"
                    problems.append(_violation(_path(place), value, shape, text))
            if inner is not None:
                for key, element in value.items():
                    inner(element, (place, f"{key}.member"), problems)

        return check


def _keys(value: dict[str, Any]) -> Iterable[Any]:
    return value.keys()


def _values(value: dict[str, Any]) -> Iterable[Any]:
    return value.values()


def _path(place: Place) -> str:
    if place is None:
        return ""
    outer, name = place
    return f"{_path(outer)}.{name}" if outer is not None else name


def _combined(shape: Shape, own: list[Constraint], inner: Check | None) -> Check:
    def check(value: Any, place: Place, problems: list[Violation]) -> None:
        for holds, constraint in own:
            if not holds(value):
                problems.append(_violation(_path(place), value, shape, constraint))
        if inner is not None:
            inner(value, place, problems)

    return check


def _own_constraints(shape: Shape) -> list[Constraint]:
    traits = shape.traits
    found: list[Constraint] = []
    if shape.type in ("string", "list", "map") or (shape.type == "blob" and not shape.streaming):
        found += _bounds(traits, len, "length")
    elif shape.type in ("integer", "long", "float", "double"):
        found += _bounds(traits, None, "value")
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
    traits: dict[str, Any], measure: Callable[[Any], int] | None, noun: str
) -> list[Constraint]:
    found: list[Constraint] = []
    least, most = traits.get("min"), traits.get("max")
    # Nothing is shorter than nothing.
    if least is not None and not (least == 0 and measure is len):
        text = f"Member must have {noun} greater than or equal to {least}"
        found.append((_at_least(least, measure), text))
    if most is not None:
        text = f"Member must have {noun} less than or equal to {most}"
        found.append((_at_most(most, measure), text))
    return found


def _at_least(least: float, measure: Callable[[Any], int] | None) -> Callable[[Any], bool]:
    if measure is None:
        return lambda value: bool(value >= least)
    return lambda value: measure(value) >= least


def _at_most(most: float, measure: Callable[[Any], int] | None) -> Callable[[Any], bool]:
    if measure is None:
        return lambda value: bool(value <= most)
    return lambda value: measure(value) <= most


def _pattern(pattern: str) -> Callable[[Any], bool]:
    """Compile a Java regular expression; `regex` knows classes (`\\p{L}`) that `re` does not."""
    pattern = pattern.replace(_SURROGATES, r"\U00010000-\U0010FFFF")
    try:
        compiled: Any = re.compile(pattern)
    except re.error:
        import regex

        compiled = regex.compile(pattern)
    fullmatch = compiled.fullmatch
    return lambda value: fullmatch(value) is not None


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def _violation(path: str, value: Any, shape: Shape, constraint: str) -> Violation:
    shown = "null" if value is None else f"'{_shown(value, shape)}'"
    return Violation(path, value, shape.name, shown, constraint)


def _shown(value: Any, shape: Shape) -> str:
    """Return a value as Java's `toString` shows it, which is what the framework quotes."""
    if value is None:
        return "null"
    if shape.type == "list":
        return "[" + ", ".join(_shown(element, shape.element) for element in value) + "]"
    if shape.type == "map":
        pairs = (f"{key}={_shown(element, shape.value)}" for key, element in value.items())
        return "{" + ", ".join(pairs) + "}"
    if shape.type == "structure":
        pairs = (
            f"{_lower_first(name)}={_shown(value.get(name), member)}"
            for name, member in shape.members.items()
        )
        return f"{shape.name}({', '.join(pairs)})"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
