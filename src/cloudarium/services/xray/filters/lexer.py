"""The words of filter expressions."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<word>[A-Za-z_][\w.]*(?::\w+)*)
      | (?P<mark>!=|<=|>=|[=<>!(){},:\[\]])
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")


class SyntaxProblem(Exception):
    """The text is no filter expression; the message says why."""


class Token(NamedTuple):
    """A word: `kind` is string, number, word, mark or end."""

    kind: str
    text: str

    @property
    def lower(self) -> str:
        """The text in lower case, of words only: strings are none."""
        return self.text.lower() if self.kind in ("word", "mark") else ""


def tokens(text: str) -> list[Token]:
    """Return the words of an expression, `end` last. Raises SyntaxProblem."""
    found: list[Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise SyntaxProblem(f"unexpected character at position {position}")
        word = match[match.lastgroup]
        if match.lastgroup == "string":
            word = _ESCAPE.sub(r"\1", word[1:-1])
        found.append(Token(match.lastgroup, word))
        position = match.end()
    return [*found, Token("end", "")]
