"""JSON as json-smart reads it when it is permissive, which is how AWS reads payloads.

Names and texts need no quotes, or may have single ones; commas may be too many; what follows the
document is left unread. Source: json-smart's `JSONParserBase` (`MODE_PERMISSIVE`, the default of
Jayway's JsonPath). That mocks' payloads are read so was measured on AWS by LocalStack
(`test_mock_integration.py`), and the AWS CDK relies on it: its mocks for CORS say
`{ statusCode: 200 }`.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

_SPACE = re.compile(r"[ \r\n\t]*")
_BARE = {
    "": re.compile(r".*", re.DOTALL),
    ":": re.compile(r"[^:]*"),
    ",}": re.compile(r"[^,}]*"),
    ",]": re.compile(r"[^,\]]*"),
}
_QUOTED = {
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL),
    "'": re.compile(r"'((?:[^'\\]|\\.)*)'", re.DOTALL),
}
_NUMBER = re.compile(r"-?\d+(?P<decimal>\.\d*)?(?P<power>[eE][+-]?\d+)?")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[^ux])|[\x00-\x1f\x7f]", re.DOTALL)
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"} | {one: one for one in "\\/'\""}
_WORDS = {"null": None, "true": True, "false": False, "NaN": float("nan")}
_DEPTH = 200  # ours: json-smart's is 400, but Python's stack is short
_LONGEST = 1 << 18  # ours: this reader is too slow for longer ones


def read(text: str) -> Any:
    """Return the value of a text. Raises ValueError."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        if len(text) > _LONGEST:
            raise
        return _Reader(text).value("", _DEPTH)


def member(text: str | bytes, name: str) -> Any:
    """Return a member of the object a text is; None if it is none, or has no such member."""
    try:
        found = read(text if isinstance(text, str) else text.decode())
    except ValueError:
        return None
    return found.get(name) if isinstance(found, dict) else None


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def _peek(self) -> str:
        """Skip space; return the next character, "" at the end."""
        self._taken(_SPACE)
        return self._text[self._at : self._at + 1]

    def _unexpected(self) -> NoReturn:
        raise ValueError(f"unexpected at position {self._at}: {self._peek() or 'the end'}")

    def value(self, stops: str, depth: int) -> Any:
        """Return the value that begins here; one without quotes ends at one of `stops`."""
        first = self._peek()
        if depth == 0 or first in ("", ":", "}", "]"):
            self._unexpected()
        if first == "{":
            return self._object(depth - 1)
        if first == "[":
            return self._list(depth - 1)
        if first in "\"'":
            return self._quoted(first)
        return _meant(self._bare(stops))

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self._at += 1
        while (first := self._peek()) != "}":
            if first == ",":
                self._at += 1
                continue
            if first in ("", ":", "]", "[", "{"):
                self._unexpected()
            name = self._quoted(first) if first in "\"'" else self._bare(":")
            if self._peek() != ":":
                self._unexpected()
            self._at += 1
            found[name] = self.value(",}", depth)
            if self._peek() not in (",", "}"):
                self._unexpected()
        self._at += 1
        return found

    def _list(self, depth: int) -> list[Any]:
        found = []
        self._at += 1
        while (first := self._peek()) != "]":
            if first == ",":
                self._at += 1
            else:
                found.append(self.value(",]", depth))
        self._at += 1
        return found

    def _bare(self, stops: str) -> str:
        """Return a text without quotes, which ends before one of `stops`."""
        return self._taken(_BARE[stops])[0].strip()

    def _quoted(self, quote: str) -> str:
        text = _ESCAPE.sub(_unescaped, self._taken(_QUOTED[quote])[1])
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")

    def _taken(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self._text, self._at)
        if match is None:
            self._unexpected()
        self._at = match.end()
        return match


def _unescaped(found: re.Match[str]) -> str:
    """Return what an escape stands for; unknown ones and control characters are left out."""
    what = found[1] or ""
    return chr(int(what[1:], 16)) if len(what) > 1 else _ESCAPED.get(what, "")


def _meant(bare: str) -> Any:
    """Return what a text without quotes stands for: a word, a number, or itself."""
    if bare in _WORDS:
        return _WORDS[bare]
    if match := _NUMBER.fullmatch(bare):
        return float(bare) if match["decimal"] or match["power"] else int(bare)
    return bare
