"""A query's tokens."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""(?:
      (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    | (?P<regex>/(?:\\.|[^/\\\n])+/)
    | (?P<span>\d+(?:ms|s|m|h|d|w)\b)
    | (?P<number>\d+\.?\d*)
    | (?P<field>`[^`]+`|@?[A-Za-z_][\w.]*(?:-[A-Za-z_]\w*)*)
    | (?P<sign>=~|!=|<=|>=|[-+*/%^=<>(),|\[\]])
    )""",
    re.VERBOSE,
)
_PASSED_OVER = re.compile(r"(?:\s|#[^\n]*)*")
# Elsewhere than after these (and a field after `parse`) a slash divides.
_BEFORE_REGEX = ("like", "=~", "parse")
_DIVIDED = re.compile("(?P<sign>/)")


class MalformedQuery(Exception):
    """A query that cannot be read; the text says why."""


class Token(NamedTuple):
    """A token, its kind (string, regex, span, number, field, sign or end) and its place."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The token as a keyword."""
        return self.text.lower() if self.kind in ("field", "sign") else ""


END = Token("end", "", 0, 0)


def tokens(text: str) -> list[Token]:
    """Return a query's tokens. Raises MalformedQuery."""
    found: list[Token] = []
    place = _after_blanks(text, 0)
    while place < len(text):
        divides = not any(token.word in _BEFORE_REGEX for token in found[-2:])
        match = (_DIVIDED.match(text, place) if divides else None) or _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise MalformedQuery(f"unexpected symbol found {text[place:].strip()[:1]}")
        kind = match.lastgroup
        found.append(Token(kind, match[kind], match.start(kind), match.end(kind)))
        place = _after_blanks(text, match.end())
    return found


def _after_blanks(text: str, place: int) -> int:
    """Return where the next token begins, past blanks and comments."""
    match = _PASSED_OVER.match(text, place)
    return match.end() if match else place
