"""Wildcards and policy variables, compiled once to small functions.

`*` stands for any characters, `?` for one; `${key}` is replaced by a value of the request
("IAM policy elements: Variables and tags", IAM User Guide).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from cloudarium.core.matching import wildcards


class Facts(Protocol):
    """The condition keys of a request."""

    def values(self, key: str) -> Sequence[str] | None:
        """Return the values of `key` (lower case), or None if the request has no such key."""


Test = Callable[[str, Facts], bool]

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?")
_SPECIAL = {"*": "*", "?": "?", "$": "$"}


def glob(pattern: str) -> Callable[[str], bool]:
    """Return a function that tells whether a text matches the wildcard `pattern`."""
    if pattern == "*":
        return lambda _: True
    if "?" not in pattern:
        head, star, tail = pattern.partition("*")
        if not star:
            return pattern.__eq__
        if not tail:
            return lambda text: text.startswith(head)
    expression = wildcards(pattern)
    return lambda text: expression.fullmatch(text) is not None


def substitute(text: str, facts: Facts, quote: Callable[[str], str]) -> str | None:
    """Return `text` with its variables replaced by `quote`d values.

    None if a variable has no single value in the request and no default.
    """
    pieces: list[str] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        pieces.append(text[position : found.start()])
        value = _variable(found.group(1), facts)
        if value is None:
            return None
        pieces.append(quote(value))
        position = found.end()
    pieces.append(text[position:])
    return "".join(pieces)


def variables(text: str) -> list[str]:
    """Return the keys `text` refers to as `${key}`."""
    parsed = (_DEFAULT.fullmatch(inner) for inner in _VARIABLE.findall(text))
    return [found.group(1) for found in parsed if found and found.group(1) not in _SPECIAL]


def _variable(inner: str, facts: Facts) -> str | None:
    if inner in _SPECIAL:
        return _SPECIAL[inner]
    parsed = _DEFAULT.fullmatch(inner)
    if parsed is None:
        return None
    values = facts.values(parsed.group(1).lower())
    if values is not None and len(values) == 1:
        return values[0]
    return parsed.group(2) if values is None else None


def _mark(value: str) -> str:
    """Hide wildcards of a substituted value, which stand for themselves."""
    return value.replace("*", "\ue000").replace("?", "\ue001")


def wildcard_test(pattern: str, variables: bool, fold: bool = False) -> Test:
    """Compile `pattern`; with `variables` its `${key}` are filled in from the request.

    `fold` ignores case.
    """
    if variables and "${" in pattern:
        return _dynamic_test(pattern, fold)
    if fold:
        folded = glob(pattern.lower())
        return lambda text, _: folded(text.lower())
    matches = glob(pattern)
    return lambda text, _: matches(text)


def _dynamic_test(pattern: str, fold: bool) -> Test:
    def test(text: str, facts: Facts) -> bool:
        filled = substitute(pattern, facts, _mark)
        if filled is None:
            return False
        if fold:
            return glob(filled.lower())(_mark(text).lower())
        return glob(filled)(_mark(text))

    return test


def exact_test(value: str, variables: bool, fold: bool = False) -> Test:
    """Compile an equality test of `value`, with its variables filled in if `variables`."""
    if variables and "${" in value:

        def test(text: str, facts: Facts) -> bool:
            filled = substitute(value, facts, str)
            if filled is None:
                return False
            return filled.lower() == text.lower() if fold else filled == text

        return test
    if fold:
        lowered = value.lower()
        return lambda text, _: text.lower() == lowered
    return lambda text, _: text == value


def any_of(tests: Iterable[Test]) -> Test:
    """Return the disjunction of `tests`."""
    choices = tuple(tests)
    if len(choices) == 1:
        return choices[0]

    def test(text: str, facts: Facts) -> bool:
        return any(choice(text, facts) for choice in choices)

    return test


def negated(test: Test) -> Test:
    """Return the opposite of `test`."""
    return lambda text, facts: not test(text, facts)
