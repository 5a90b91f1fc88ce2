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
    r"|(?P<number>[0-9]+)"
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
        if self._depth > limits.EXPRESSION_DEPTH:
            raise errors.TooManyOperators()
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
        """Reads a path, a value, a function, or one of them in parentheses."""
        if self.sees("("):
            opened = self.open_group()
            operand = self.operand()
            self.close_group(opened)
            return operand
        if self.token.kind == "value":
            self.at += 1
            return ValueRef(self.tokens[self.at - 1].text)
        if self.token.kind == "name" and self.tokens[self.at + 1].text == "(":
            return self._function()
        return self.path()

    def _function(self) -> Function:
        name = self.name()
        return Function(name, self.operands())

    def operands(self) -> tuple[Operand, ...]:
        """Reads `(operand, ...)`."""
        opened = self.open_group()
        found = [self.operand()]
        while self.take(","):
            found.append(self.operand())
        self._last_group = (-1, -1)  # parentheses around a list are none too many
        self.close_group(opened)
        self._last_group = (-1, -1)
        return tuple(found)


def spelled(path: Path) -> str:
    """A resolved path as AWS's messages show it: `[a, [1], b]`."""
    return "[" + ", ".join(f"[{e}]" if isinstance(e, int) else e for e in path) + "]"
