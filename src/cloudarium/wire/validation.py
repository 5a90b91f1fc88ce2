"""Validation of parsed input against the model, with AWS's own constraint messages.

The form of the messages is that of AWS's service framework, as answered for instance by DynamoDB:
``1 validation error detected: Value 'x' at 'tableName' failed to satisfy constraint: Member must
have length greater than or equal to 3``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from cloudarium.core.errors import AwsError, SerializationException
from cloudarium.core.violations import Violation, detected
from cloudarium.wire.constraints import Constraint, own_constraints
from cloudarium.wire.fitness import compile_test
from cloudarium.wire.model import Shape

_REQUIRED = "Member must not be null"

Validator = Callable[[dict[str, Any]], None]
Place = tuple[Any, str] | None
"""Where a value stands: where what holds it stands, and its name in there."""


Check = Callable[[Any, Place, list[Violation]], None]
"""Adds to a list what is wrong with the value at a place."""
_Take = Callable[[Any], Iterable[Any]]
Words = Callable[[dict[str, Any], list[Violation]], AwsError]
"""Makes the error of the violations of an input."""


def compile_validator(
    shape: Shape | None, code: str, *, constraints: bool = True, words: Words | None = None
) -> Validator:
    """Return a function that raises AwsError(`code`) listing every violation of `shape`.

    Without `constraints` only the presence of required members is checked. `words` makes the
    error of a service that answers in words of its own.
    """
    fits = compile_test(shape, constraints=constraints) if shape is not None else None
    if shape is None or fits is None:
        return lambda _: None
    violations = compile_check(shape, constraints=constraints)

    def validate(value: dict[str, Any]) -> None:
        try:
            if fits(value):
                return
            problems = violations(value)
            if not problems:
                return
            error = words(value, problems) if words else detected(code, [*map(str, problems)])
        except RecursionError:
            raise SerializationException(message="The request is nested too deeply") from None
        raise error

    return validate


def compile_check(
    shape: Shape, *, constraints: bool = True
) -> Callable[[dict[str, Any]], list[Violation]]:
    """Return a function that returns all that is wrong with a value of `shape`."""
    check = _Compiler(constraints).check(shape)

    def violations(value: dict[str, Any]) -> list[Violation]:
        problems: list[Violation] = []
        if check is not None:
            check(value, None, problems)
        return problems

    return violations


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
        own = own_constraints(shape) if self._constraints else []
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
        """What a list's elements must be by themselves is said of the list."""
        own = self._of_all("Member", shape, shape.element, _elements)
        inner = self._parts(shape.element)
        if inner is None:
            return _all_of(own)

        def check(value: Any, place: Place, problems: list[Violation]) -> None:
            for index, element in enumerate(value, 1):
                inner(element, (place, f"{index}.member"), problems)

        return _all_of([*own, check])

    def _map(self, shape: Shape) -> Check | None:
        """What a map's keys and values must be is said of the map."""
        own = [
            *self._of_all("Map keys", shape, shape.key, _keys),
            *self._of_all("Map value", shape, shape.value, _values),
        ]
        inner = self._parts(shape.value)
        if inner is None:
            return _all_of(own)

        def check(value: Any, place: Place, problems: list[Violation]) -> None:
            for key, element in value.items():
                inner(element, (place, f"{key}.member"), problems)

        return _all_of([*own, check])

    def _of_all(self, noun: str, shape: Shape, each: Shape, take: _Take) -> list[Check]:
        """Return the check of what each of a collection's parts must be, if there is any."""
        constraints = own_constraints(each) if self._constraints else []
        listed = ", ".join(constraint for _, constraint in constraints)
        text = f"{noun} must satisfy constraint: [{listed}]"

        def check(value: Any, place: Place, problems: list[Violation]) -> None:
            if any(not holds(part) for part in take(value) for holds, _ in constraints):
                found = _violation(_path(place), value, shape, text)
                problems.append(replace(found, shape=each.name))

        return [check] if constraints else []


def _all_of(checks: list[Check]) -> Check | None:
    if len(checks) < 2:
        return checks[0] if checks else None

    def check(value: Any, place: Place, problems: list[Violation]) -> None:
        for each in checks:
            each(value, place, problems)

    return check


def _elements(value: list[Any]) -> Iterable[Any]:
    return value


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


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]


def _violation(path: str, value: Any, shape: Shape, constraint: str) -> Violation:
    if "sensitive" in shape.traits:
        shown = ""
    else:
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
