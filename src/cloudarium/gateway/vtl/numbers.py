"""The methods of Java's numbers and booleans, and what `String.format` makes of values.

They are those that Velocity 1.7 itself was seen to find on such values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from cloudarium.gateway.vtl.values import as_text, bounded

Method = Callable[..., Any]

_INTEGER = re.compile(r"[+-]?\d+")
_DIRECTIVE = re.compile(r"%(\d+\$)?([-+ 0,]*)(\d*)(\.\d+)?([a-zA-Z%])")
_LONGEST = 1_000
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def signed(number: int, bits: int = 32) -> int:
    """Return what of a number is left in so many bits."""
    half = 1 << (bits - 1)
    return (number + half) % (1 << bits) - half


def compare(left: Any, right: Any) -> int:
    """Return -1, 0 or 1, as the left is before, the same as or after the right."""
    return int(left > right) - int(left < right)


def _parsed(_: Any, text: Any, radix: int = 10) -> int:
    told = as_text(text)
    if radix == 10 and not _INTEGER.fullmatch(told):
        raise ValueError(f'For input string: "{told}"')
    return int(told, radix)


def _unsigned(number: int) -> int:
    return number % (1 << (32 if signed(number) == number else 64))


def _text(number: Any, other: Any = None, radix: int = 10) -> str:
    """`toString()`, or `Integer.toString(number, radix)`."""
    if other is None or radix == 10:
        return as_text(number if other is None else other)
    rest, found = abs(other), ""
    while rest or not found:
        rest, digit = divmod(rest, radix)
        found = _DIGITS[digit] + found
    return f"-{found}" if other < 0 else found


NUMBER: Mapping[str, Method] = MappingProxyType(
    {
        "bitCount": lambda _, number: _unsigned(number).bit_count(),
        "byteValue": lambda number: signed(int(number), 8),
        "compare": lambda _, left, right: compare(left, right),
        "compareTo": compare,
        "decode": lambda _, text: int(as_text(text), 0),
        "doubleValue": float,
        "floatValue": float,
        "intValue": lambda number: signed(int(number)),
        "isNaN": lambda number: number != number,
        "longValue": lambda number: signed(int(number), 64),
        "max": lambda _, left, right: max(left, right),
        "min": lambda _, left, right: min(left, right),
        "parseDouble": lambda _, text: float(as_text(text)),
        "parseInt": _parsed,
        "parseLong": _parsed,
        "shortValue": lambda number: signed(int(number), 16),
        "signum": lambda _, number: compare(number, 0),
        "sum": lambda _, left, right: left + right,
        "toBinaryString": lambda _, number: f"{_unsigned(number):b}",
        "toHexString": lambda _, number: f"{_unsigned(number):x}",
        "toOctalString": lambda _, number: f"{_unsigned(number):o}",
        "toString": _text,
        "valueOf": lambda number, text: type(number)(as_text(text)),
    }
)
BOOLEAN: Mapping[str, Method] = MappingProxyType(
    {
        "booleanValue": bool,
        "compareTo": compare,
        "parseBoolean": lambda _, text: as_text(text).lower() == "true",
        "valueOf": lambda _, text: as_text(text).lower() == "true",
    }
)


def formatted(template: str, *given: Any) -> str:
    """Return what `String.format` makes of the most usual directives. Raises ValueError."""
    rest = list(given)

    def fill(match: re.Match[str]) -> str:
        place, flags, width, precision, kind = match.groups()
        if kind in "n%":
            return "\n" if kind == "n" else "%"
        if int(width or 0) > _LONGEST or len(precision or "") > 3:
            raise ValueError(f"format: {match[0]}")
        if not (given if place else rest):
            raise ValueError(f"Format specifier '{match[0]}'")
        value = given[int(place[:-1]) - 1] if place else rest.pop(0)
        return _written(value, flags, width, precision or "", kind)

    return bounded(_DIRECTIVE.sub(fill, template))


def _written(value: Any, flags: str, width: str, precision: str, kind: str) -> str:
    if kind.lower() in "sb":
        told = as_text(value) if kind in "sS" else as_text(value not in (None, False))
        told = ("null" if value is None and kind in "sS" else told)[
            : int(precision[1:] or 0) or None
        ]
        told = told.upper() if kind.isupper() else told
        return told.ljust(int(width or 0)) if "-" in flags else told.rjust(int(width or 0))
    is_whole = kind in "dxXo"
    if not isinstance(value, int if is_whole else float) or isinstance(value, bool):
        raise ValueError(f"{kind} != {type(value).__name__}")
    if kind not in "dxXofeE":
        raise ValueError(f"Conversion = '{kind}'")
    if kind in "xXo":
        value = _unsigned(int(value))
    sign = "".join(one for one in "+ " if one in flags)[:1]
    zero, comma = "0" * ("0" in flags), "," * ("," in flags)
    align = "<" * ("-" in flags)
    return format(value, f"{align}{sign}{zero}{width}{comma}{precision}{kind}")
