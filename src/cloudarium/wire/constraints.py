"""What a model wants of the values of a shape by itself: bounds, enums and patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cloudarium.wire.model import Shape

Test = Callable[[Any], bool]
"""Tells whether a value is as it should be."""
Constraint = tuple[Test, str]
"""A test, and AWS's words for what it wants."""
# How Java's patterns write the characters that UTF-16 needs two units for.
_SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"


def own_constraints(shape: Shape) -> list[Constraint]:
    """Return what the model wants of values of `shape`, without what they consist of.

    In the order in which AWS lists them.
    """
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
    if most is not None:
        text = f"Member must have {noun} less than or equal to {most}"
        found.append((_at_most(most, measure), text))
    if least is not None:
        text = f"Member must have {noun} greater than or equal to {least}"
        found.append((_at_least(least, measure), text))
    return found


def anything(value: Any) -> bool:
    """Whether a value is no shorter than nothing."""
    return True


def _at_least(least: float, measure: Callable[[Any], int] | None) -> Callable[[Any], bool]:
    if measure is None:
        return lambda value: bool(value >= least)
    return (lambda value: measure(value) >= least) if least else anything


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
