"""Values of the template language, and how they print, compare and add up.

Java's values are Python's: null is None, maps are dicts, lists are lists. Source: Velocity User
Guide (VTL Reference); printing is that of Java's `toString`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.clock import stopwatch

OUTPUT = 10 * 1024 * 1024
"""Characters a template may make, in all and in any one string: the gateway's payload limit."""
ITERATIONS = 1_000
"""Rounds of one `#foreach` (Developer Guide, quotas: mapping template loop)."""
STEPS = 200_000
"""Rounds of all loops and calls of all macros of one rendering."""
SECONDS = 5.0
"""How long one rendering may take, in which nobody else is answered."""
DEPTH = 20
"""How deep macros, `#define` and `#evaluate` nest (Velocity's default)."""


_ODD = re.compile(r"[\x7f-\x9f\u2000-\u20ff]")


class Unsupported(ValueError):
    """The text is no template, or has what API Gateway does not take; the message names it."""


class RenderError(ValueError):
    """A template could not be filled in."""


class JsonArray(list[Any]):
    """A list out of a JSON document, which prints as JSON (as JSONPath's arrays do)."""


class Stop(Exception):
    """`#stop`: what is written so far is all."""


class Break(Exception):
    """`#break`: the innermost loop is over."""


@dataclass
class Frame:
    """One rendering under way: the variables, the macros, and what may still be used up."""

    names: dict[str, Any]
    macros: dict[str, Any] = field(default_factory=dict)
    written: int = 0
    steps: int = 0
    depth: int = 0
    began: float = field(default_factory=stopwatch)

    def go_on(self) -> None:
        """Raise RenderError when the rendering has taken too long: each step may be a long one."""
        if stopwatch() - self.began > SECONDS:
            raise RenderError("the template takes too long")

    def step(self) -> None:
        """Count one round or call. Raises RenderError when there were too many."""
        self.go_on()
        self.steps += 1
        if self.steps > STEPS:
            raise RenderError("the template takes too many steps")

    def write(self, out: list[str], text: str) -> None:
        """Add to the output. Raises RenderError when it grows too long."""
        self.written += len(text)
        if self.written > OUTPUT:
            raise RenderError("the template's output is too long")
        out.append(text)


def bounded(text: str) -> str:
    """Return a string the template made, or raise RenderError when it is too long."""
    if len(text) > OUTPUT:
        raise RenderError("a string of the template is too long")
    return text


def as_text(value: Any) -> str:
    """Return a value as a template prints it; nothing for null."""
    if isinstance(value, str):
        return value
    return "" if value is None else _text(value)


def _text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, JsonArray):
        return as_json(value).replace("/", "\\/")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}={_text(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(one) for one in value) + "]"
    return str(value)


def written(text: str) -> str:
    """Return a text as UTF-8 has it: half of a surrogate pair is written as `?`, as by Java."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def as_json(value: Any) -> str:
    """Return a value as JSON, written as json-smart does, which AWS's arrays are printed by."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return _ODD.sub(lambda found: f"\\u{ord(found[0]):04X}", text)


def _float(value: float) -> str:
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    digits, _, exponent = f"{value!r}".partition("e")
    if not exponent:
        digits, _, exponent = f"{value:.16e}".partition("e")
        digits = digits.rstrip("0")
        digits += "0" * digits.endswith(".")
    if "." not in digits:
        digits += ".0"
    return f"{digits}E{int(exponent)}"


def is_true(value: Any) -> bool:
    """Tell whether a condition holds: all but null and false does."""
    return value is not None and value is not False


def is_number(value: Any) -> bool:
    """Tell whether a value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def equal(left: Any, right: Any) -> bool:
    """Tell whether two values are the same: by value, or else as they print."""
    if left is None or right is None:
        return left is right
    if is_number(left) and is_number(right):
        return bool(left == right)
    if isinstance(left, list | dict) and isinstance(right, list | dict):
        return bool(left == right)
    return as_text(left) == as_text(right)


def add(left: Any, right: Any) -> Any:
    """Return the sum of numbers; texts are joined. Null if there is none."""
    if is_number(left) and is_number(right):
        return left + right
    if left is None or right is None or not (isinstance(left, str) or isinstance(right, str)):
        return None
    return bounded(as_text(left) + as_text(right))


def divide(left: Any, right: Any) -> Any:
    """Return the quotient, of integers without its fraction; null for a division by zero."""
    if isinstance(left, int) and isinstance(right, int):
        if right == 0:
            return None
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return None if right == 0 else left / right


def modulo(left: Any, right: Any) -> Any:
    """Return the remainder, which has the dividend's sign; null for a division by zero."""
    if not (isinstance(left, int) and isinstance(right, int)) or right == 0:
        return None
    return left - right * divide(left, right)
