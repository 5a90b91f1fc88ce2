"""Whether a value is as its model wants it: asked of every request, and first.

What is wrong with one that is not, `validation` says, which takes longer.
"""

from __future__ import annotations

from typing import Any

from cloudarium.wire.constraints import Test, anything, own_constraints
from cloudarium.wire.model import Shape


def compile_test(shape: Shape, *, constraints: bool = True) -> Test | None:
    """Return the test of a shape, None if nothing can be wrong with its values.

    Without `constraints` only the presence of required members is tested.
    """
    return _Tests(constraints).test(shape)


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
    """Return one test of all that `own_constraints` has of a shape."""
    tests = [test for test, _ in own_constraints(shape) if test is not anything]
    if shape.type == "string" and not shape.traits.keys() & {"enum", "pattern"} and len(tests) == 2:
        least, most = shape.traits["min"], shape.traits["max"]
        return lambda value: least <= len(value) <= most
    found: Test | None = None
    for test in tests:
        found = _both(found, test)
    return found
