"""An expression's text as tokens, and the reader all parsers share."""

import re
from dataclasses import dataclass

from .. import limits
from . import errors
from .syntax import Function, Operand, Path, PathRef, ValueRef

_TOKEN = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<alias>\#[A-Za-z0-9_]+)"
    r"|(?P<value>:[A-Za-z0-9_]+)"
    r"|(?P<number>0|[1-9][0-9]*)"
    r"|(?P<mark><=|>=|<>|[^\s])",
    re.ASCII,
)
_OPERATORS = frozenset(
    ("and", "or", "not", "between", "in", "=", "<", ">", "<=", ">=", "<>", "+", "-")
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token: what kind it is, its text and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of an expression, an empty `end` token last."""
    if not text.strip():
        raise errors.ExpressionEmpty()
    if len(text.encode()) > limits.EXPRESSION_BYTES:
        raise errors.ExpressionTooLong(size=len(text.encode()))
    found = [
        Token(str(match.lastgroup), match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
    ]
    if sum(token.text.lower() in _OPERATORS for token in found) > limits.EXPRESSION_OPERATORS:
        raise errors.TooManyOperators()
    found.append(Token("end", "<EOF>", len(text), len(text)))
    return found


@dataclass(frozen=True, slots=True)
class _Call:
    """A function, or only parentheses, that is still open: where, and the operands so far."""

    name: str
    opened: int
    operands: list[Operand]


class Reader:
    """Walks over the tokens of an expression; `keywords` are no attribute names in it."""

    keywords: frozenset[str] = frozenset()

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.redundant_parentheses = False
        self._depth = 0
        self._last_group = (-1, -1)

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.at]

    def fail(self) -> Exception:
        """The syntax error at the next token: it and its two neighbours are quoted."""
        token = self.token
        first = self.tokens[max(self.at - 1, 0)]
        last = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        near = self.text[first.start : last.end] if token.kind != "end" else first.text
        return errors.Syntax(token=token.text, near=near.rstrip())

    def sees(self, text: str) -> bool:
        """Whether the next token is this mark or, whatever its case, this keyword."""
        token = self.token
        return token.text.upper() == text and token.kind in ("mark", "name")

    def take(self, text: str) -> bool:
        """Reads the mark or keyword if it is next."""
        if self.sees(text):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Reads the mark or keyword, or fails."""
        if not self.take(text):
            raise self.fail()

    def finish(self) -> None:
        """Fails unless everything is read."""
        if self.token.kind != "end":
            raise self.fail()

    def open_group(self) -> int:
        """Reads `(`; its position, for `close_group`."""
        self.expect("(")
        self._depth += 1
        return self.at - 1

    def close_group(self, opened: int) -> None:
        """Reads `)`; notes when the pair only wraps another pair."""
        self.expect(")")
        self._depth -= 1
        if self._last_group == (opened + 1, self.at - 2):
            self.redundant_parentheses = True
        self._last_group = (opened, self.at - 1)

    @property
    def grouped(self) -> bool:
        """Whether a `(` is still open."""
        return self._depth > 0

    def name(self) -> str:
        """Reads an attribute name or its placeholder."""
        token = self.token
        if token.kind not in ("name", "alias") or token.text.upper() in self.keywords:
            raise self.fail()
        self.at += 1
        return token.text

    def path(self) -> PathRef:
        """Reads a document path."""
        elements: list[str | int] = [self.name()]
        while True:
            if self.take("."):
                elements.append(self.name())
            elif self.take("["):
                if self.token.kind != "number":
                    raise self.fail()
                elements.append(int(self.token.text))
                self.at += 1
                self.expect("]")
            else:
                return PathRef(tuple(elements))

    def operand(self) -> Operand:
        """Reads a path, a value, a function, or one of them in parentheses.

        What is still open is a list, not Python's stack: no expression is too deep to be read.
        """
        calls: list[_Call] = []
        while True:
            if (call := self._opened(calls)) is not None:
                calls.append(call)
                continue
            found = self._atom()
            while calls:
                calls[-1].operands.append(found)
                if calls[-1].name and self.take(","):
                    break
                found = self._closed(calls.pop())
            else:
                return found

    def _opened(self, calls: list[_Call]) -> _Call | None:
        """Reads a `(` and the function's name before it, if they are next."""
        name = ""
        if self.token.kind == "name" and self.tokens[self.at + 1].text == "(":
            name = self.name()
            if sum(bool(call.name) for call in calls) >= limits.FUNCTION_DEPTH:
                raise errors.MisusedFunction(name=name)
        return _Call(name, self.open_group(), []) if self.sees("(") else None

    def _closed(self, call: _Call) -> Operand:
        if not call.name:
            self.close_group(call.opened)
            return call.operands[0]
        self.close_list(call.opened)
        return Function(call.name, tuple(call.operands))

    def _atom(self) -> Operand:
        if self.token.kind == "value":
            self.at += 1
            return ValueRef(self.tokens[self.at - 1].text)
        return self.path()

    def close_list(self, opened: int) -> None:
        """Reads the `)` of a list of operands, around which parentheses are none too many."""
        self._last_group = (-1, -1)
        self.close_group(opened)
        self._last_group = (-1, -1)

    def operands(self) -> tuple[Operand, ...]:
        """Reads `(operand, ...)`."""
        opened = self.open_group()
        found = [self.operand()]
        while self.take(","):
            found.append(self.operand())
        self.close_list(opened)
        return tuple(found)


def spelled(path: Path) -> str:
    """A resolved path as AWS's messages show it: `[a, [1], b]`."""
    return "[" + ", ".join(f"[{e}]" if isinstance(e, int) else e for e in path) + "]"
