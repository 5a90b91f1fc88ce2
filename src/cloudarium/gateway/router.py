"""Which resource serves a path: a trie built once per deployment.

At every step a fixed part is preferred to `{parameter}`, and that to `{greedy+}`; when the
preferred way ends at no resource with a fitting method, the next is tried. (Developer Guide, "Set
up a proxy integration with a proxy resource" and "Important notes": the most specific resource
wins; a trailing slash is of no account.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

ANY = "ANY"

T = TypeVar("T")


@dataclass
class _Node(Generic[T]):
    fixed: dict[str, _Node[T]] = field(default_factory=dict)
    parameter: tuple[str, _Node[T]] | None = None
    greedy: tuple[str, Mapping[str, T]] | None = None
    methods: Mapping[str, T] = field(default_factory=dict)


Match = tuple[T, dict[str, str]]
"""What was found: the method's target and the path's parameters, as they stand in the path."""


class Router(Generic[T]):
    """Finds the target of a method and path.

    `routes` are pairs of a resource path (`/pets/{id}`) and its targets by HTTP method or `ANY`.
    """

    def __init__(self, routes: Iterable[tuple[str, Mapping[str, T]]]) -> None:
        self._root: _Node[T] = _Node()
        for path, methods in routes:
            if methods:
                self._add(path, methods)

    def _add(self, path: str, methods: Mapping[str, T]) -> None:
        node = self._root
        for part in split(path):
            if part.endswith("+}"):
                node.greedy = (part[1:-2], methods)
                return
            if part.startswith("{"):
                if node.parameter is None:
                    node.parameter = (part[1:-1], _Node())
                node = node.parameter[1]
            else:
                node = node.fixed.setdefault(part, _Node())
        node.methods = methods

    def find(self, method: str, path: str) -> Match[T] | None:
        """Return the target of `method` on `path` (without the stage), or None."""
        return _find(self._root, method, split(path), 0, {})


def split(path: str) -> list[str]:
    """Return the parts of `path`; slashes at its ends do not count."""
    trimmed = path.strip("/")
    return trimmed.split("/") if trimmed else []


def _find(
    node: _Node[T], method: str, parts: list[str], start: int, found: dict[str, str]
) -> Match[T] | None:
    """Return what the parts from `start` lead to: straight on, where there is but one way."""
    for at in range(start, len(parts)):
        part = parts[at]
        child = node.fixed.get(part) or ("%" in part and node.fixed.get(unquote(part))) or None
        if node.greedy is not None or (child is not None and node.parameter is not None):
            return _preferred(node, child, method, parts, at, found)
        if child is None:
            if node.parameter is None or not part:
                return None
            name, child = node.parameter
            found = {**found, name: part}
        node = child
    target = node.methods.get(method) or node.methods.get(ANY)
    return None if target is None else (target, found)


def _preferred(
    node: _Node[T],
    fixed: _Node[T] | None,
    method: str,
    parts: list[str],
    at: int,
    found: dict[str, str],
) -> Match[T] | None:
    """Return what the ways on from `node` lead to, `fixed` the one of the part at `at`."""
    if fixed is not None and (match := _find(fixed, method, parts, at + 1, found)):
        return match
    if node.parameter is not None and parts[at]:
        name, child = node.parameter
        match = _find(child, method, parts, at + 1, {**found, name: parts[at]})
        if match is not None:
            return match
    if node.greedy is not None:
        name, methods = node.greedy
        target = methods.get(method) or methods.get(ANY)
        if target is not None:
            return target, {**found, name: "/".join(parts[at:])}
    return None
