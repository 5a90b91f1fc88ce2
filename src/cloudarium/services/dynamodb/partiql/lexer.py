"""A PartiQL statement's text as tokens, and the reader its parsers share."""

import re
from dataclasses import dataclass

from . import errors
from .keywords import KEYWORDS

_TOKEN = re.compile(
    r"(?P<space>\s+|--[^\n]*|/\*.*?\*/)"
    r"|(?P<string>'(?:[^']|'')*')"
    r'|(?P<quoted>"(?:[^"]|"")*")'
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)"
    r"|(?P<mark><<|>>|<=|>=|<>|!=|\|\||/(?!\*)|[-+*%=<>(){}\[\],.:;?@])",
    re.DOTALL,
)
_INTEGER = 1 << 31


@dataclass(frozen=True, slots=True)
class Token:
    """A token: what kind it is, its text, and where it stands as messages say it."""

    kind: str
    text: str
    at: str

    @property
    def is_keyword(self) -> bool:
        """Whether it cannot be an attribute's name."""
        return self.kind == "name" and self.text.upper() in KEYWORDS


def tokens(text: str) -> list[Token]:
    """The tokens of a statement, an empty `end` token last. ValidationException if unreadable."""
    found: list[Token] = []
    at, line, beginning = 0, 1, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise errors.NotWellFormed(detail="")
        kind, part = str(match.lastgroup), match.group()
        if kind == "number":
            _check_number(part)
        if kind != "space":
            found.append(Token(kind, part, f"{line}:{at - beginning + 1}:{len(part)}"))
        if "\n" in part:
            line += part.count("\n")
            beginning = at + part.rindex("\n") + 1
        at = match.end()
    while found and found[-1].text == ";" and found[-1].kind == "mark":
        found.pop()
    found.append(Token("end", "", f"{line}:{at - beginning + 1}:0"))
    return found


def _check_number(text: str) -> None:
    """Refuses what is no number to Java's BigDecimal: exponent and scale must be 32-bit."""
    mantissa, _, exponent = text.lower().partition("e")
    power = int(exponent[:20] or 0)
    scale = len(mantissa.partition(".")[2]) - power
    if not (-_INTEGER <= power < _INTEGER and -_INTEGER <= scale < _INTEGER):
        raise errors.NotWellFormed(detail="")


class Reader:
    """Walks over the tokens of a statement."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.at = 0
        self.parameters = 0

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.at]

    def next(self) -> Token:
        """Reads a token."""
        token = self.token
        self.at += token.kind != "end"
        return token

    def sees(self, *texts: str) -> bool:
        """Whether the next token is one of these marks or, whatever their case, keywords."""
        token = self.token
        return token.kind in ("mark", "name") and token.text.upper() in texts

    def take(self, text: str) -> bool:
        """Reads the mark or keyword if it is next."""
        found = self.sees(text)
        self.at += found
        return found

    def expect(self, text: str, detail: str = errors.UnexpectedTerm) -> None:
        """Reads the mark or keyword, or fails with this detail."""
        if not self.take(text):
            raise errors.NotWellFormed(detail=detail)

    def finish(self) -> None:
        """Fails unless everything is read."""
        if self.token.kind != "end":
            raise errors.NotWellFormed(detail=errors.LeftOver)


def unquoted(token: Token) -> str:
    """The text that a string or quoted name means."""
    mark = token.text[0]
    return token.text[1:-1].replace(mark * 2, mark) if mark in "'\"" else token.text
