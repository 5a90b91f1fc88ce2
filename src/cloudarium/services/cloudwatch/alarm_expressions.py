"""The rules of composite alarms: `ALARM("a") AND NOT (OK(b) OR FALSE)`; pure logic.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cloudarium.core.errors import AwsError
from cloudarium.services.cloudwatch import errors

States = Callable[[str], str]
Test = Callable[[States], bool]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<function>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"(?P<quoted>[^"]+)"|'(?P<single>[^']+)'
        |(?P<bare>[^\s()"']+))\s*\)
    | (?P<word>AND|OR|NOT|TRUE|FALSE)\b
    | (?P<sign>[()])
    )""",
    re.VERBOSE,
)

_WORD = re.compile(r"\w+|\S")


@dataclass(frozen=True)
class Rule:
    """A rule: whether it holds in given states, and the alarms it names."""

    holds: Test
    alarms: tuple[str, ...]


def parse(text: str) -> Rule:
    """Return the rule a text is. Raises ValidationError."""
    parser = _Parser(text)
    return Rule(parser.whole(), tuple(dict.fromkeys(parser.alarms)))


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._place = 0
        self.alarms: list[str] = []

    def whole(self) -> Test:
        test = self._either()
        if self._place != len(self._tokens):
            raise errors.InvalidRule()
        return test

    def _accept(self, word: str) -> bool:
        if self._place == len(self._tokens) or self._tokens[self._place] != ("", word):
            return False
        self._place += 1
        return True

    def _either(self) -> Test:
        tests = [self._both()]
        while self._accept("OR"):
            tests.append(self._both())
        return lambda states: any(test(states) for test in tests)

    def _both(self) -> Test:
        tests = [self._single()]
        while self._accept("AND"):
            tests.append(self._single())
        return lambda states: all(test(states) for test in tests)

    def _single(self) -> Test:
        if self._accept("NOT"):
            inner = self._single()
            return lambda states: not inner(states)
        if self._accept("("):
            inner = self._either()
            if not self._accept(")"):
                raise errors.InvalidRule()
            return inner
        for word, truth in (("TRUE", True), ("FALSE", False)):
            if self._accept(word):
                return lambda states: truth
        return self._state()

    def _state(self) -> Test:
        if self._place == len(self._tokens) or not self._tokens[self._place][0]:
            raise errors.InvalidRule()
        wanted, name = self._tokens[self._place]
        self._place += 1
        self.alarms.append(name)
        return lambda states: states(name) == wanted


def _unreadable(text: str, place: int) -> AwsError:
    """The error of a rule that cannot be read on; AWS's words are known where it begins."""
    word = _WORD.search(text)
    if place or word is None:
        return errors.InvalidRule()
    return errors.InvalidRuleStart(token=word[0], place=word.start())


def _tokens(text: str) -> list[tuple[str, str]]:
    """Return (state, alarm's name) for what asks a state, ("", word) for the rest."""
    found: list[tuple[str, str]] = []
    text, place = text.rstrip(), 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise _unreadable(text, place)
        name = match["quoted"] or match["single"] or match["bare"]
        if name is None:
            found.append(("", match["word"] or match["sign"]))
        else:
            found.append((match["function"], name.rpartition(":alarm:")[2]))
        place = match.end()
    return found
