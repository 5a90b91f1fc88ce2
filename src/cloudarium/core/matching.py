"""Texts against what users write: wildcards and regular expressions.

The standard library's expressions can take for ever on a short text (`(a+)+b`, or many wildcards),
and the whole cloud would wait: nothing here takes longer than a moment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, cast

import regex

_SECONDS, _TIMEOUTS = 0.1, 10
_LONGEST, _LARGEST = 10_000, 1_000_000
_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(?P<least>\d{1,9})?(?:,(?P<most>\d{1,9})?)?\}|.", re.DOTALL
)


class BadExpression(ValueError):
    """A regular expression is malformed; the text says how."""


def between(parts: Sequence[str]) -> str:
    """Return the expression of `parts`, which are expressions, with anything between them.

    What stands between two wildcards is found at its first place and never looked for again (atomic
    groups), which is enough for wildcards and keeps the time linear in the text.
    """
    first, *rest = parts
    if not rest:
        return first
    inner = "".join(f"(?>.*?{part})" for part in rest[:-1] if part)
    return f"{first}{inner}.*{rest[-1]}"


def wildcards(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern in which `*` stands for anything and `?` for any letter."""
    parts = [re.escape(part).replace(r"\?", ".") for part in pattern.split("*")]
    return re.compile(between(parts), re.DOTALL | flags)


def _written_out(text: str) -> int:
    """Return how many letters and classes an expression has if its `{n}` were written out."""
    sizes, last = [0], 0
    for token in _TOKEN.finditer(text):
        if token[0] == "(":
            sizes.append(0)
        elif token[0] == ")" and len(sizes) > 1:
            last = sizes.pop()
            sizes[-1] += last
        elif times := max(int(token["least"] or 0), int(token["most"] or 0)):
            sizes[-1] += last * (times - 1)
            last *= times
        else:
            sizes[-1] += 1
            last = 1
    return sum(sizes)


def compiled(text: str) -> regex.Pattern[str]:
    """Return a user's regular expression, which may match for ever. Raises BadExpression."""
    if len(text) > _LONGEST or _written_out(text) > _LARGEST:  # the library writes them out
        raise BadExpression("it is too long")
    try:
        return regex.compile(text)
    except (regex.error, RecursionError, OverflowError) as error:
        raise BadExpression(str(error)) from None


class Expression:
    """A user's regular expression.

    What takes a tenth of a second does not match, and one with which that has happened too often
    matches nothing any more.
    """

    def __init__(self, text: str) -> None:
        """Raises BadExpression."""
        self._compiled = compiled(text)
        self._timeouts = 0
        self.names = list(self._compiled.groupindex)
        self.groups = self._compiled.groups

    def fullmatch(self, text: str) -> regex.Match[str] | None:
        """Return the match of all of `text`, if it matches."""
        return self._timed(self._compiled.fullmatch, text)

    def search(self, text: str) -> regex.Match[str] | None:
        """Return the first match within `text`, if there is one."""
        return self._timed(self._compiled.search, text)

    def _timed(self, find: Callable[..., Any], text: str) -> regex.Match[str] | None:
        if self._timeouts >= _TIMEOUTS:
            return None
        try:
            return cast("regex.Match[str] | None", find(text, timeout=_SECONDS))
        except TimeoutError:
            self._timeouts += 1
            return None


@lru_cache(1024)
def expression(text: str) -> Expression:
    """Return a user's regular expression. Raises BadExpression."""
    return Expression(text)


@lru_cache(1024)
def kept(text: str) -> Expression:
    """Return a regular expression that was once accepted; one that is not now never matches."""
    try:
        return Expression(text)
    except BadExpression:
        return Expression(r"(?!)")
