"""Unstructured patterns: terms that must, may or must not be in a message."""

from __future__ import annotations

import re
from collections.abc import Callable

from cloudarium.services.logs.errors import InvalidFilterPattern
from cloudarium.services.logs.patterns.grammar import Matcher, compiled, unquoted

_TERM = re.compile(r"""\s*([?-]?)(?:("(?:\\.|[^"\\])*")|(%(?:\\%|[^%])*%)|([^\s"%]+))(?=\s|$)""")
Test = Callable[[str], bool]


def compile_terms(text: str) -> Matcher:
    """Return the matcher of `must "all of it" -not` or `?one ?another`.

    Optional terms count only where no term is required, as on AWS.
    """
    required: list[Test] = []
    optional: list[Test] = []
    excluded: list[Test] = []
    place = 0
    while place < len(text):
        found = _TERM.match(text, place)
        if found is None:
            raise InvalidFilterPattern()
        kind = {"?": optional, "-": excluded}.get(found[1], required)
        kind.append(_test(found[2], found[3], found[4]))
        place = found.end()

    def matches(message: str) -> dict[str, str] | None:
        if any(test(message) for test in excluded) or not all(test(message) for test in required):
            return None
        if optional and not required and not any(test(message) for test in optional):
            return None
        return {}

    return matches


def _test(quoted: str | None, regex: str | None, word: str) -> Test:
    if regex is not None:
        search = compiled(regex[1:-1]).search
        return lambda message: search(message) is not None
    term = unquoted(quoted) if quoted is not None else word
    return lambda message: term in message
