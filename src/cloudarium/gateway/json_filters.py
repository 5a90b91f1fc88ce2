"""Filters of JSONPath: `[?(@.price < 10 && !(@.title =~ /.*war.*/i))]`.

Operands are paths from `@`, numbers, quoted texts, `true`, `false`, `null`, lists and patterns;
operators `== != < <= > >= =~ in nin contains size empty`, `&&`, `||`, `!` and parentheses. Source:
Jayway JsonPath's README, "Filter Operators".
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import orjson

from cloudarium.core.matching import BadExpression, expression
from cloudarium.gateway.vtl.values import RenderError

Test = Callable[[Any], bool]
Operand = Callable[[Any], tuple[bool, Any]]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<path>@(?:\[(?:'[^']*'|"[^"]*"|[^\]'"])*\]|[^\s=!<>&|()\[\]~,])*(?:\(\))?)
    |(?P<pattern>/(?:\\.|[^/\\])*/[a-zA-Z]*)
    |(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
    |(?P<list>\[[^\]]*\])
    |(?P<word>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)
    |(?P<mark>&&|\|\||==|!=|<=|>=|=~|<|>|!|\(|\)|(?:in|nin|contains|size|empty)\b)
    )""",
    re.VERBOSE,
)


class Paths(Protocol):
    """A compiled path."""

    def find(self, document: Any) -> tuple[bool, Any]:
        """Return whether there is something at the path, and what."""


class Filter:
    """A compiled filter; `paths` compiles the paths in it. Raises RenderError if it is none."""

    def __init__(self, text: str, paths: Callable[[str], Paths]) -> None:
        self._text, self._paths = text, paths
        self._tokens = self._split(text)
        self._at = 0
        self.fits: Test = self._any()
        if self._at < len(self._tokens):
            raise self._failure()

    def _failure(self) -> RenderError:
        return RenderError(f"unsupported JSONPath filter: {self._text}")

    def _split(self, text: str) -> list[tuple[str, str]]:
        found, at = [], 0
        while text[at:].strip():
            token = _TOKEN.match(text, at)
            if token is None or token.lastgroup is None:
                raise self._failure()
            found.append((token.lastgroup, token[token.lastgroup]))
            at = token.end()
        return found

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _takes(self, mark: str) -> bool:
        if self._next() != ("mark", mark):
            return False
        self._at += 1
        return True

    def _any(self) -> Test:
        tests = [self._all()]
        while self._takes("||"):
            tests.append(self._all())
        return lambda one: any(test(one) for test in tests)

    def _all(self) -> Test:
        tests = [self._single()]
        while self._takes("&&"):
            tests.append(self._single())
        return lambda one: all(test(one) for test in tests)

    def _single(self) -> Test:
        if self._takes("!"):
            negated = self._single()
            return lambda one: not negated(one)
        if self._takes("("):
            inner = self._any()
            if not self._takes(")"):
                raise self._failure()
            return inner
        left = self._operand()
        kind, mark = self._next()
        if kind != "mark" or mark not in _OPERATORS:
            return lambda one: left(one)[0]
        self._at += 1
        right, meaning = self._operand(), _OPERATORS[mark]

        def test(one: Any) -> bool:
            (is_there, value), (_, other) = left(one), right(one)
            try:
                return is_there and bool(meaning(value, other))
            except TypeError:
                return False

        return test

    def _operand(self) -> Operand:
        kind, text = self._next()
        self._at += 1
        if kind == "path":
            return self._paths("$" + text[1:]).find
        value = self._constant(kind, text)
        return lambda one: (True, value)

    def _constant(self, kind: str, text: str) -> Any:
        try:
            if kind == "text":
                return re.sub(r"\\(.)", r"\1", text[1:-1])
            if kind == "list":
                return orjson.loads(text.replace("'", '"'))
            if kind == "word":
                return orjson.loads(text)
            if kind == "pattern":
                pattern, _, flags = text[1:].rpartition("/")
                return expression(f"(?i){pattern}" if "i" in flags else pattern)
        except (ValueError, BadExpression):
            raise self._failure() from None
        raise self._failure()


def _contains(value: Any, other: Any) -> bool:
    return isinstance(value, list | str) and other in value


_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=~": lambda value, pattern: pattern.fullmatch(value),
    "in": lambda value, items: value in items,
    "nin": lambda value, items: value not in items,
    "contains": _contains,
    "size": lambda value, length: len(value) == length,
    "empty": lambda value, wanted: (len(value) == 0) == wanted,
}
