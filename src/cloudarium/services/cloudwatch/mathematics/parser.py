"""From an expression's text to a function of a scope."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass

from cloudarium.services.cloudwatch.mathematics.functions import (
    FUNCTIONS,
    KEYWORDS,
    Argument,
    Scope,
    value_of,
)
from cloudarium.services.cloudwatch.mathematics.values import (
    MathError,
    Number,
    Value,
    as_array,
    combined,
    mapped,
)

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)
    | (?P<name>[A-Za-z_]\w*)
    | (?P<string>"[^"]*"|'[^']*')
    | (?P<sign>&&|\|\||==|!=|<=|>=|[-+*/^<>(),\[\]])
    )""",
    re.VERBOSE,
)
Compute = Callable[[Scope], Argument]


def _divided(left: float, right: float) -> float | None:
    return left / right if right else None


def _power(left: float, right: float) -> float | None:
    try:
        found = left**right
    except (OverflowError, ZeroDivisionError):
        return None
    return None if isinstance(found, complex) else float(found)


def _truth(compare: Callable[[float, float], bool]) -> Number:
    return lambda left, right: float(compare(left, right))


_LEVELS: tuple[dict[str, Number], ...] = (
    {
        "OR": _truth(lambda left, right: bool(left or right)),
        "||": _truth(lambda left, right: bool(left or right)),
    },
    {
        "AND": _truth(lambda left, right: bool(left and right)),
        "&&": _truth(lambda left, right: bool(left and right)),
    },
    {
        "==": _truth(operator.eq),
        "!=": _truth(operator.ne),
        "<=": _truth(operator.le),
        ">=": _truth(operator.ge),
        "<": _truth(operator.lt),
        ">": _truth(operator.gt),
    },
    {"+": operator.add, "-": operator.sub},
    {"*": operator.mul, "/": _divided},
)


@dataclass(frozen=True)
class Expression:
    """An expression ready to be computed, and the ids it names."""

    compute: Callable[[Scope], Value]
    names: frozenset[str]


def parse(text: str) -> Expression:
    """Return the expression a text is. Raises MathError."""
    parser = _Parser(_tokens(text))
    compute = parser.whole()
    return Expression(lambda scope: value_of(compute(scope)), frozenset(parser.names))


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    text, place = text.rstrip(), 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise MathError(f"Unexpected character at position {place}")
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0
        self.names: set[str] = set()

    def whole(self) -> Compute:
        compute = self._level(0)
        if self._place != len(self._tokens):
            raise MathError(f"Unexpected '{self._next}'")
        return compute

    @property
    def _next(self) -> str:
        return self._tokens[self._place][1] if self._place < len(self._tokens) else ""

    def _accept(self, text: str) -> bool:
        if self._next != text:
            return False
        self._place += 1
        return True

    def _expect(self, text: str) -> None:
        if not self._accept(text):
            raise MathError(f"Expected '{text}' instead of '{self._next or 'the end'}'")

    def _level(self, level: int) -> Compute:
        if level == len(_LEVELS):
            return self._unary()
        left = self._level(level + 1)
        while self._next in _LEVELS[level]:
            function = _LEVELS[level][self._next]
            self._place += 1
            left = _binary(function, left, self._level(level + 1))
        return left

    def _unary(self) -> Compute:
        if self._accept("-"):
            inner = self._unary()
            return lambda scope: mapped(operator.neg, value_of(inner(scope)))
        return self._exponent()

    def _exponent(self) -> Compute:
        base = self._primary()
        return _binary(_power, base, self._unary()) if self._accept("^") else base

    def _primary(self) -> Compute:
        if self._accept("("):
            inner = self._level(0)
            self._expect(")")
            return inner
        if self._accept("["):
            return _array(self._list("]"))
        if self._place >= len(self._tokens):
            raise MathError("Unexpected end")
        kind, text = self._tokens[self._place]
        self._place += 1
        if kind == "number":
            number = float(text)
            return lambda scope: number
        if kind == "string":
            return lambda scope: text[1:-1]
        if kind == "name":
            return self._named(text)
        raise MathError(f"Unexpected '{text}'")

    def _named(self, name: str) -> Compute:
        if self._accept("("):
            function = FUNCTIONS.get(name.upper())
            if function is None:
                raise MathError(f"Unsupported function '{name}'")
            arguments = self._list(")")
            return lambda scope: function(scope, [each(scope) for each in arguments])
        if name in KEYWORDS:
            return lambda scope: name
        self.names.add(name)
        return lambda scope: scope.value(name)

    def _list(self, closing: str) -> list[Compute]:
        found: list[Compute] = []
        if self._accept(closing):
            return found
        found.append(self._level(0))
        while self._accept(","):
            found.append(self._level(0))
        self._expect(closing)
        return found


def _binary(function: Number, left: Compute, right: Compute) -> Compute:
    return lambda scope: combined(function, value_of(left(scope)), value_of(right(scope)))


def _array(parts: list[Compute]) -> Compute:
    return lambda scope: [each for part in parts for each in as_array(value_of(part(scope)))]
