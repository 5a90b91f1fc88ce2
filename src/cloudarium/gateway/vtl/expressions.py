"""References and expressions: parsed once, to functions of a rendering's frame.

Grammar: Velocity User Guide, "VTL Reference".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.gateway.vtl import values
from cloudarium.gateway.vtl.java import method
from cloudarium.gateway.vtl.values import Frame, RenderError, Unsupported

Evaluate = Callable[[Frame], Any]
Assign = Callable[[Frame, Any], None]

_NESTING = 50
_NAME = r"[A-Za-z_][\w-]*"
START = re.compile(rf"\$(!)?(\{{)?({_NAME})", re.ASCII)
_PROPERTY = re.compile(rf"\.({_NAME})", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_SPACE = re.compile(r"\s*")
_CODE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "null": None}

# Operators of one precedence, the loosest first: as a pattern, with what each means.
_LEVELS: tuple[re.Pattern[str], ...] = (
    re.compile(r"\|\||or\b"),
    re.compile(r"&&|and\b"),
    re.compile(r"==|!=|eq\b|ne\b"),
    re.compile(r"<=|>=|<|>|le\b|ge\b|lt\b|gt\b"),
    re.compile(r"\+|-"),
    re.compile(r"\*|/|%"),
)
_MEANINGS: Mapping[str, str] = {"eq": "==", "ne": "!=", "le": "<=", "ge": ">=", "lt": "<"} | {
    "gt": ">",
    "or": "||",
    "and": "&&",
}


@dataclass(frozen=True)
class Reference:
    """`$name…`: how to read it, how to set it (None for a call's result), and how it is written."""

    root: str
    evaluate: Evaluate
    assign: Assign | None
    is_quiet: bool
    end: int


class Expressions:
    """A cursor over a text with references and expressions.

    `interpolated` compiles the inside of a double-quoted string.
    """

    def __init__(self, text: str, interpolated: Callable[[str], Evaluate]) -> None:
        self.text = text
        self.at = 0
        self._interpolated = interpolated
        self._depth = 0

    def fail(self) -> Unsupported:
        """Return the error for what stands at the cursor."""
        return Unsupported(self.text[self.at : self.at + 20] or "unexpected end")

    def take(self, token: str) -> bool:
        """Go past `token`, and the space before it, if it is next."""
        space = _SPACE.match(self.text, self.at)
        at = space.end() if space else self.at
        if self.text.startswith(token, at):
            self.at = at + len(token)
            return True
        return False

    def expect(self, token: str) -> None:
        """Go past `token`, or raise Unsupported."""
        if not self.take(token):
            raise self.fail()

    def reference(self, start: re.Match[str]) -> Reference:
        """Return the reference that begins with `start`, a match of START."""
        root = start.group(3)
        self.at = start.end()
        evaluate: Evaluate = lambda frame: frame.names.get(root)  # noqa: E731
        assign: Assign | None = lambda frame, value: frame.names.__setitem__(root, value)  # noqa: E731
        while True:
            if step := _PROPERTY.match(self.text, self.at):
                self.at = step.end()
                if self.text.startswith("(", self.at):
                    self.at += 1
                    evaluate = _call(evaluate, step.group(1), self._list(")"))
                    assign = None
                else:
                    assign = _setter(evaluate, _constant(step.group(1)))
                    evaluate = _property(evaluate, step.group(1))
            elif self.text.startswith("[", self.at):
                before = self.at
                self.at += 1
                try:
                    index = self.expression()
                    self.expect("]")
                except Unsupported:
                    self.at = before
                    break
                assign = _setter(evaluate, index)
                evaluate = _element(evaluate, index)
            else:
                break
        if start.group(2):
            if not self.text.startswith("}", self.at):
                raise self.fail()
            self.at += 1
        return Reference(root, evaluate, assign, bool(start.group(1)), self.at)

    def expression(self, level: int = 0) -> Evaluate:
        """Return the expression at the cursor, of operators at least as tight as `level`."""
        if level == len(_LEVELS):
            return self._unary()
        left = self.expression(level + 1)
        while True:
            space = _SPACE.match(self.text, self.at)
            operator = _LEVELS[level].match(self.text, space.end() if space else self.at)
            if operator is None:
                return left
            self.at = operator.end()
            right = self.expression(level + 1)
            token = operator.group()
            left = _binary(_MEANINGS.get(token, token), left, right)

    def _unary(self) -> Evaluate:
        self._depth += 1
        if self._depth > _NESTING:
            raise Unsupported("an expression nested too deeply")
        try:
            if self.take("!") or self._word("not"):
                inner = self._unary()
                return lambda frame: not values.is_true(inner(frame))
            return self._primary()
        finally:
            self._depth -= 1

    def _word(self, word: str) -> bool:
        space = _SPACE.match(self.text, self.at)
        found = _WORD.match(self.text, space.end() if space else self.at)
        if found is None or found.group() != word:
            return False
        self.at = found.end()
        return True

    def _primary(self) -> Evaluate:
        if self.take("("):
            inner = self.expression()
            self.expect(")")
            return inner
        if self.take("["):
            return self._bracket()
        if self.take("{"):
            return self._map()
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        if self.text[self.at : self.at + 1] in ("'", '"'):
            return self._string(self.text[self.at])
        if start := START.match(self.text, self.at):
            return self.reference(start).evaluate
        if self.text.startswith("-$", self.at):
            self.at += 1
            return _binary("-", lambda frame: 0, self._primary())
        if number := _NUMBER.match(self.text, self.at):
            self.at = number.end()
            written = number.group()
            value: Any = int(written) if re.fullmatch(r"-?\d+", written) else float(written)
            return lambda frame: value
        word = _WORD.match(self.text, self.at)
        if word is None or word.group() not in _CONSTANTS:
            raise self.fail()
        self.at = word.end()
        constant = _CONSTANTS[word.group()]
        return lambda frame: constant

    def _string(self, quote: str) -> Evaluate:
        end = self.at + 1
        while True:
            end = self.text.find(quote, end)
            if end < 0:
                raise self.fail()
            if self.text[end + 1 : end + 2] != quote:
                break
            end += 2
        inside = self.text[self.at + 1 : end].replace(quote * 2, quote)
        self.at = end + 1
        if quote == "'":
            return lambda frame: inside
        return self._interpolated(_CODE.sub(lambda match: chr(int(match[1], 16)), inside))

    def _list(self, end: str) -> list[Evaluate]:
        found: list[Evaluate] = []
        if self.take(end):
            return found
        while True:
            found.append(self.expression())
            if self.take(end):
                return found
            self.expect(",")

    def _bracket(self) -> Evaluate:
        """A list `[a, b]` or a range `[1..3]`."""
        if self.take("]"):
            return lambda frame: []
        first = self.expression()
        if self.take(".."):
            last = self.expression()
            self.expect("]")
            return lambda frame: _range(first(frame), last(frame))
        items = [first]
        if not self.take("]"):
            self.expect(",")
            items += self._list("]")
        return lambda frame: [one(frame) for one in items]

    def _map(self) -> Evaluate:
        pairs: list[tuple[Evaluate, Evaluate]] = []
        while not self.take("}"):
            if pairs:
                self.expect(",")
            key = self.expression()
            self.expect(":")
            pairs.append((key, self.expression()))
        return lambda frame: {key(frame): value(frame) for key, value in pairs}


def _constant(value: Any) -> Evaluate:
    return lambda frame: value


def _range(first: Any, last: Any) -> list[int] | None:
    if not isinstance(first, int) or not isinstance(last, int):
        return None
    if abs(last - first) > values.STEPS:
        raise RenderError("a range of the template is too long")
    step = 1 if last >= first else -1
    return list(range(first, last + step, step))


def _property(target: Evaluate, name: str) -> Evaluate:
    def evaluate(frame: Frame) -> Any:
        value = target(frame)
        if isinstance(value, Mapping):
            found = value.get(name)
            return not value if found is None and name == "empty" else found
        if isinstance(value, list | str):
            return not value if name == "empty" else None
        return getattr(value, f"vtl_{name}", None)

    return evaluate


def _element(target: Evaluate, index: Evaluate) -> Evaluate:
    def evaluate(frame: Frame) -> Any:
        value, at = target(frame), index(frame)
        if isinstance(value, Mapping):
            return value.get(at)
        if isinstance(value, list) and isinstance(at, int):
            if -len(value) <= at < len(value):
                return value[at]
            raise RenderError(f"index {at} is out of a list of {len(value)}")
        return None

    return evaluate


def _setter(target: Evaluate, key: Evaluate) -> Assign:
    def assign(frame: Frame, value: Any) -> None:
        holder, at = target(frame), key(frame)
        is_item = isinstance(holder, list) and isinstance(at, int) and 0 <= at < len(holder)
        if is_item or isinstance(holder, dict):
            holder[at] = value

    return assign


def _call(target: Evaluate, name: str, arguments: list[Evaluate]) -> Evaluate:
    def evaluate(frame: Frame) -> Any:
        frame.go_on()
        value = target(frame)
        given = [one(frame) for one in arguments]
        own = getattr(value, f"call_{name}", None)
        try:
            if own is not None:
                return own(*given)
            known = method(value, name)
            return None if known is None else known(value, *given)
        except (TypeError, ValueError, KeyError, OverflowError) as error:
            raise RenderError(f"{name}: {error}") from error

    return evaluate


def _binary(operator: str, left: Evaluate, right: Evaluate) -> Evaluate:
    true = values.is_true
    match operator:
        case "||":
            return lambda frame: true(left(frame)) or true(right(frame))
        case "&&":
            return lambda frame: true(left(frame)) and true(right(frame))
        case "==":
            return lambda frame: values.equal(left(frame), right(frame))
        case "!=":
            return lambda frame: not values.equal(left(frame), right(frame))
        case "+":
            return lambda frame: values.add(left(frame), right(frame))
    arithmetic = _ARITHMETIC[operator]

    def evaluate(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        if values.is_number(one) and values.is_number(other):
            return arithmetic(one, other)
        return False if operator in ("<", "<=", ">", ">=") else None

    return evaluate


def _times(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > 4096:
            raise RenderError("a number of the template is too large")
        return left * right
    return left * right


_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "-": lambda left, right: left - right,
    "*": _times,
    "/": values.divide,
    "%": values.modulo,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
