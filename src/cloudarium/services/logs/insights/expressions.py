"""Expressions of Insights queries: fields, comparisons, arithmetic, functions."""

from __future__ import annotations

import inspect
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.matching import BadExpression, Expression
from cloudarium.services.logs.insights.lexer import END, MalformedQuery, Token
from cloudarium.services.logs.insights.records import Instant, Record
from cloudarium.services.logs.patterns.grammar import number

Compute = Callable[[Record], Any]

_SPANS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "sqrt": lambda value: math.sqrt(value) if value >= 0 else None,
    "strlen": lambda value: len(_text(value)),
    "tolower": lambda value: _text(value).lower(),
    "toupper": lambda value: _text(value).upper(),
    "trim": lambda value: _text(value).strip(),
    "concat": lambda *values: "".join(map(_text, values)),
    "replace": lambda value, old, new: _text(value).replace(old, new),
    "coalesce": lambda *values: next((each for each in values if each is not None), None),
    "ispresent": lambda value: value is not None,
    "isempty": lambda value: value in (None, ""),
    "isblank": lambda value: not _text(value).strip(),
    "strcontains": lambda value, part: int(_text(part) in _text(value)),
    "bin": lambda at, span: Instant(at // span * span),
}
_DEEPEST = 50  # levels of a query, a sum's terms included
_NUMERIC = frozenset({"abs", "bin", "ceil", "floor", "sqrt"})
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ARITHMETIC: tuple[Mapping[str, Callable[[float, float], float]], ...] = (
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": operator.truediv, "%": operator.mod},
    {"^": operator.pow},
)


class Reader:
    """Reads expressions from tokens."""

    def __init__(self, tokens: list[Token], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._depth = 0
        self.place = 0

    @property
    def ahead(self) -> Token:
        """The next token."""
        return self._tokens[self.place] if self.place < len(self._tokens) else END

    def take(self) -> Token:
        """Return the next token and pass it."""
        token = self.ahead
        self.place += 1
        return token

    def accept(self, *words: str) -> bool:
        """Pass the next tokens if they are these keywords or signs."""
        found = [token.word for token in self._tokens[self.place : self.place + len(words)]]
        if found != list(words):
            return False
        self.place += len(words)
        return True

    def expect(self, word: str) -> None:
        """Pass a keyword or sign. Raises MalformedQuery if it is not there."""
        if not self.accept(word):
            raise MalformedQuery(f"unexpected symbol found {self.ahead.text or 'end of query'}")

    def text_since(self, place: int) -> str:
        """Return the query's text from the token at `place` up to the present one."""
        first, last = self._tokens[place], self._tokens[self.place - 1]
        return self._text[first.start : last.end].strip("`")

    @contextmanager
    def _within(self, levels: int = 1) -> Iterator[None]:
        """Read what stands `levels` deeper. Raises MalformedQuery where that is too deep."""
        self._depth += levels
        if self._depth > _DEEPEST:
            raise MalformedQuery("the query is nested too deeply")
        yield
        self._depth -= levels

    def condition(self) -> Compute:
        """Read a condition."""
        parts = [self._all()]
        while self.accept("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else lambda record: any(p(record) for p in parts)

    def _all(self) -> Compute:
        parts = [self._not()]
        while self.accept("and"):
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else lambda record: all(p(record) for p in parts)

    def _not(self) -> Compute:
        if self.accept("not"):
            with self._within():
                inner = self._not()
            return lambda record: not inner(record)
        return self._comparison()

    def _comparison(self) -> Compute:
        left = self.value()
        for words, positive in ((("not", "like"), False), (("like",), True), (("=~",), True)):
            if self.accept(*words):
                matches = self._pattern()
                return lambda record: matches(_text(left(record))) is positive
        for words, positive in ((("not", "in"), False), (("in",), True)):
            if self.accept(*words):
                choices = self._choices()
                return lambda record: (
                    any(equal(left(record), c(record)) for c in choices) is positive
                )
        if self.accept("="):
            right = self.value()
            return lambda record: equal(left(record), right(record))
        if self.accept("!="):
            right = self.value()
            return lambda record: not equal(left(record), right(record))
        if self.ahead.text in _ORDER:
            compare, right = _ORDER[self.take().text], self.value()
            return lambda record: _ordered(compare, left(record), right(record))
        return left

    def _pattern(self) -> Callable[[str], bool]:
        token = self.take()
        if token.kind == "string":
            part = unquoted(token.text)
            return lambda text: part in text
        if token.kind != "regex":
            raise MalformedQuery(f"unexpected symbol found {token.text}")
        search = regular(token.text).search
        return lambda text: search(text) is not None

    def _choices(self) -> list[Compute]:
        self.expect("[")
        found = [self.value()]
        while self.accept(","):
            found.append(self.value())
        self.expect("]")
        return found

    def value(self, level: int = 0) -> Compute:
        """Read a value: arithmetic over fields, constants and functions."""
        if level == len(_ARITHMETIC):
            return self._primary()
        left, links = self.value(level + 1), 0
        while self.ahead.kind == "sign" and self.ahead.text in _ARITHMETIC[level]:
            function, links = _ARITHMETIC[level][self.take().text], links + 1
            with self._within(links):
                left = _calculated(function, left, self.value(level + 1))
        return left

    def _primary(self) -> Compute:
        if self.accept("("):
            with self._within():
                inner = self.condition()
            self.expect(")")
            return inner
        if self.accept("-"):
            with self._within():
                return _calculated(operator.sub, lambda _: 0.0, self._primary())
        token = self.take()
        if token.kind in ("number", "string", "span"):
            constant = _constant(token)
            return lambda _: constant
        if token.kind != "field":
            raise MalformedQuery(f"unexpected symbol found {token.text or 'end of query'}")
        if self.ahead.text == "(":
            with self._within():
                return self._call(token.word)
        name = token.text.strip("`")
        return lambda record: record.get(name)

    def _call(self, name: str) -> Compute:
        function = FUNCTIONS.get(name)
        if function is None:
            raise MalformedQuery(f"unknown function {name}")
        arguments = self.arguments()
        if name == "bin":
            arguments = [lambda record: record["@timestamp"], *arguments]
        try:
            inspect.signature(function).bind(*arguments)
        except TypeError:
            raise MalformedQuery(f"wrong number of arguments for {name}") from None

        def compute(record: Record) -> Any:
            values = [each(record) for each in arguments]
            if name in _NUMERIC:
                values = [number(each) for each in values]
            if name in _NUMERIC and (None in values or not all(values[1:])):
                return None
            return function(*values)

        return compute

    def arguments(self) -> list[Compute]:
        """Read what stands in a function's parentheses."""
        self.expect("(")
        found: list[Compute] = []
        if not self.accept(")"):
            found.append(self.value())
            while self.accept(","):
                found.append(self.value())
            self.expect(")")
        return found


def _constant(token: Token) -> Any:
    if token.kind == "string":
        return unquoted(token.text)
    if token.kind == "number":
        return float(token.text) if "." in token.text else int(token.text)
    amount, unit = re.fullmatch(r"(\d+)(\w+)", token.text).groups()  # type: ignore[union-attr]
    return int(amount) * _SPANS[unit]


def _calculated(
    function: Callable[[float, float], float], left: Compute, right: Compute
) -> Compute:
    def compute(record: Record) -> float | None:
        one, other = number(left(record)), number(right(record))
        if one is None or other is None:
            return None
        try:
            found = function(one, other)
        except ArithmeticError:
            return None
        return None if isinstance(found, complex) else found

    return compute


def equal(left: Any, right: Any) -> bool:
    """Tell whether two values are equal, as numbers if both are."""
    one, other = number(left), number(right)
    if one is not None and other is not None:
        return one == other
    return left is not None and shown(left) == shown(right)


def _ordered(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    one, other = number(left), number(right)
    if one is not None and other is not None:
        return compare(one, other)
    return isinstance(left, str) and isinstance(right, str) and compare(left, right)


def unquoted(text: str) -> str:
    """Return what a quoted string says."""
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def regular(text: str) -> Expression:
    """Return a `/regular expression/`. Raises MalformedQuery."""
    try:
        return Expression(text[1:-1].replace("\\/", "/"))
    except BadExpression as error:
        raise MalformedQuery(f"invalid regular expression: {error}") from None


def shown(value: Any) -> str:
    """Return a value as results show it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Instant):
        moment = datetime.fromtimestamp(value / 1000, UTC)
        return f"{moment:%Y-%m-%d %H:%M:%S}.{value % 1000:03d}"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else f"{value:.4f}".rstrip("0")
    return str(value)
