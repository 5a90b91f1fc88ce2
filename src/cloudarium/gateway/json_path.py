"""JSONPath as `$input.path` and `$input.json` take it.

Steps: `.name`, `['name']`, `[0]`, `[-1]`, `[1:3]`, `[*]`, `.*`, `..name`, `['a','b']` (a map of
both), filters `[?(@.price < 10)]`, and the functions `length()`, `size()`, `min()`, `max()`,
`sum()`, `avg()`. Source: "JSONPath - XPath for JSON" (Goessner), as the Developer Guide names it;
where that leaves it open, as Jayway's JsonPath was seen to do, whose arrays AWS's print like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from cloudarium.gateway.json_filters import Filter
from cloudarium.gateway.vtl.values import JsonArray, RenderError

Step = Callable[[Any], Iterable[Any]]

_NAME = re.compile(r"\.?([^.\[\]()\s'\"]+)(\(\))?")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_SLICE = re.compile(r"(-?\d*):(-?\d*)(?::(-?\d+))?")
_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "length": len,
    "size": len,
    "min": min,
    "max": max,
    "sum": sum,
    "avg": lambda values: sum(values) / len(values),
    "keys": list,
}


class Path:
    """A compiled path. `is_definite` paths find one value, others a list of all they find."""

    def __init__(self, text: str) -> None:
        self.is_definite = True
        self._steps = self._compiled(text.strip())

    def find(self, document: Any) -> tuple[bool, Any]:
        """Return whether there is something at the path, and what."""
        found = [document]
        for step in self._steps:
            found = [one for each in found for one in step(each)]
        if self.is_definite:
            return bool(found), found[0] if found else None
        return True, JsonArray(found)

    def _compiled(self, text: str) -> list[Step]:
        rest = text[1:] if text.startswith("$") else "." + text
        if rest and rest[0] not in ".[":
            raise RenderError(f"invalid JSONPath: {text}")
        steps: list[Step] = []
        while rest:
            if rest.startswith(".."):
                self.is_definite = False
                steps.append(_descend)
                rest = rest[2:] if rest[2:3] in ("[", "*") else "." + rest[2:]
                if rest.startswith("*"):
                    rest = "." + rest
            elif rest.startswith(".["):
                rest = rest[1:]
            elif rest.startswith("["):
                end = _closing(rest)
                steps.append(self._bracket(rest[1:end].strip()))
                rest = rest[end + 1 :]
            elif match := _NAME.match(rest):
                rest = rest[match.end() :]
                steps.append(self._named(match.group(1), bool(match.group(2))))
            else:
                raise RenderError(f"invalid JSONPath: {text}")
        return steps

    def _named(self, name: str, is_call: bool) -> Step:
        if is_call:
            function = _FUNCTIONS.get(name)
            if function is None:
                raise RenderError(f"unknown JSONPath function: {name}()")
            return lambda one: _applied(function, one)
        if name == "*":
            self.is_definite = False
            return _children
        return lambda one: _member(one, name)

    def _bracket(self, inside: str) -> Step:
        if inside == "*":
            self.is_definite = False
            return _children
        if inside.startswith("?"):
            self.is_definite = False
            return self._filtered(inside[1:].strip())
        names = [one.group(1) or one.group(2) or "" for one in _QUOTED.finditer(inside)]
        if len(names) > 1:
            return lambda one: _members(one, names)
        if names:
            return lambda one: _member(one, names[0])
        if part := _SLICE.fullmatch(inside):
            self.is_definite = False
            bounds = slice(*(int(one) if one else None for one in part.groups()))
            return lambda one: one[bounds] if isinstance(one, list) else ()
        try:
            indexes = [int(one) for one in inside.split(",")]
        except ValueError:
            raise RenderError(f"invalid JSONPath: [{inside}]") from None
        self.is_definite = self.is_definite and len(indexes) == 1
        return lambda one: [found for index in indexes for found in _item(one, index)]

    def _filtered(self, text: str) -> Step:
        fits = Filter(text, Path).fits
        return lambda one: [each for each in _children(one) if fits(each)]


def _closing(text: str) -> int:
    depth, quote = 0, ""
    for at, mark in enumerate(text):
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        elif mark == "[":
            depth += 1
        elif mark == "]":
            depth -= 1
            if depth == 0:
                return at
    raise RenderError(f"invalid JSONPath: {text}")


def _member(one: Any, name: str) -> list[Any]:
    return [one[name]] if isinstance(one, Mapping) and name in one else []


def _members(one: Any, names: list[str]) -> list[Any]:
    return [{name: one[name] for name in names if name in one}] if isinstance(one, Mapping) else []


def _item(one: Any, index: int) -> list[Any]:
    fits = isinstance(one, list) and -len(one) <= index < len(one)
    return [one[index]] if fits else []


def _children(one: Any) -> Iterable[Any]:
    if isinstance(one, Mapping):
        return list(one.values())
    return one if isinstance(one, list) else ()


def _descend(one: Any) -> list[Any]:
    """Return a value and all within it, each before what it holds."""
    found: list[Any] = []
    left = [one]
    while left:
        found.append(left.pop())
        inner = [each for each in _children(found[-1]) if isinstance(each, dict | list)]
        left.extend(reversed(inner))
    return found


def _applied(function: Callable[[Any], Any], one: Any) -> list[Any]:
    try:
        return [function(one)]
    except (TypeError, ValueError, ZeroDivisionError):
        return []


@lru_cache(maxsize=1024)
def compiled(text: str) -> Path:
    """Return the compiled path. Raises RenderError if it is none."""
    return Path(text)


def find(document: Any, path: str) -> Any:
    """Return what is at `path`, or None."""
    return compiled(path).find(document)[1]
