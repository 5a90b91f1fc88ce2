"""What JSON and space-delimited patterns share: conditions joined by `&&`, `||`, parentheses."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

from cloudarium.core.matching import BadExpression, Expression, between
from cloudarium.services.logs.errors import InvalidFilterPattern

Matcher = Callable[[str], dict[str, Any] | None]
Values = Callable[[str], Any]
Condition = Callable[[Values], bool]

# What a selector answers when the message has no such field.
MISSING = object()

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<regex>%(?:\\%|[^%])*%)
    | (?P<string>"(?:\\.|[^"\\])*")
    | (?P<operator>&&|\|\||!=|<=|>=|=|<|>|\(|\))
    | (?P<word>\$?(?:\[(?:"[^"]*"|'[^']*'|\d+|\*)\]|[^\s=<>!&|()\[\]"%,])+)
    )""",
    re.VERBOSE,
)
_DEEPEST = 50  # parentheses within parentheses
_ORDER = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
Token = tuple[str, str]


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a condition as (kind, text). Raises InvalidFilterPattern."""
    found: list[Token] = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise InvalidFilterPattern()
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


class Parser:
    """Reads a condition; `is_selector` tells which words name a field."""

    def __init__(self, tokens: list[Token], is_selector: Callable[[str], bool]) -> None:
        self._tokens = tokens
        self._place = self._depth = 0
        self._is_selector = is_selector
        self.selectors: list[str] = []

    def parse(self) -> Condition:
        """Return the condition. Raises InvalidFilterPattern."""
        condition = self._either()
        if self._place != len(self._tokens):
            raise InvalidFilterPattern()
        return condition

    def _take(self) -> Token:
        if self._place >= len(self._tokens):
            raise InvalidFilterPattern()
        self._place += 1
        return self._tokens[self._place - 1]

    def _accept(self, *texts: str) -> bool:
        ahead = [text.upper() for _, text in self._tokens[self._place : self._place + len(texts)]]
        if ahead != list(texts):
            return False
        self._place += len(texts)
        return True

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._accept("||"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda values: any(each(values) for each in parts)

    def _both(self) -> Condition:
        parts = [self._single()]
        while self._accept("&&"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else lambda values: all(each(values) for each in parts)

    def _single(self) -> Condition:
        if self._accept("("):
            self._depth += 1
            if self._depth > _DEEPEST:
                raise InvalidFilterPattern()
            inner = self._either()
            self._depth -= 1
            if not self._accept(")"):
                raise InvalidFilterPattern()
            return inner
        kind, name = self._take()
        if kind != "word" or not self._is_selector(name):
            raise InvalidFilterPattern()
        self.selectors.append(name)
        return self._test(name)

    def _test(self, name: str) -> Condition:
        for words, value in (("TRUE", True), ("FALSE", False), ("NULL", None)):
            if self._accept("IS", words):
                return lambda values: values(name) is value
        if self._accept("NOT", "EXISTS"):
            return lambda values: values(name) is MISSING
        if self._accept("EXISTS"):
            return lambda values: values(name) is not MISSING
        _, sign = self._take()
        kind, text = self._take()
        if kind == "operator":
            raise InvalidFilterPattern()
        return _comparison(name, sign, kind, text)


def _comparison(name: str, sign: str, kind: str, text: str) -> Condition:
    if sign in _ORDER:
        limit = number(text) if kind == "word" else None
        if limit is None:
            raise InvalidFilterPattern()
        compare = _ORDER[sign]
        return lambda values: (found := number(values(name))) is not None and compare(found, limit)
    if sign not in ("=", "!="):
        raise InvalidFilterPattern()
    equal = _equality(kind, text)
    if sign == "=":
        return lambda values: (found := values(name)) is not MISSING and equal(found)
    return lambda values: (found := values(name)) is not MISSING and not equal(found)


def _equality(kind: str, text: str) -> Callable[[Any], bool]:
    if kind == "word" and (wanted := number(text)) is not None:
        return lambda found: number(found) == wanted
    if kind == "regex":
        expression = compiled(text[1:-1])
        return lambda found: isinstance(found, str) and expression.search(found) is not None
    pattern = wildcard(unquoted(text) if kind == "string" else text)
    return lambda found: isinstance(found, str) and pattern.fullmatch(found) is not None


def compiled(text: str) -> Expression:
    """Return a `%regular expression%`. Raises InvalidFilterPattern."""
    try:
        return Expression(text.replace("\\%", "%"))
    except BadExpression:
        raise InvalidFilterPattern() from None


def wildcard(text: str) -> re.Pattern[str]:
    """Return a pattern in which `*` stands for anything."""
    return re.compile(between([re.escape(part) for part in text.split("*")]), re.DOTALL)


def unquoted(text: str) -> str:
    """Return what a quoted string says."""
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def number(value: Any) -> float | None:
    """Return a number, or the number a text is; None if it is neither."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
