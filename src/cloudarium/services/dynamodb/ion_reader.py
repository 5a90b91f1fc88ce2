"""Text of Amazon Ion read as items, as imports take them.

Sources: Developer Guide, "Amazon S3 import formats for DynamoDB", Amazon Ion, for what becomes
which type; the specification of Ion for the text. What is no item is a ValueError,
KeyError or ArithmeticError.
"""

import base64
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from .values import AttributeValue, Item

_TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*.*?\*/
    |(?P<blob>\{\{[A-Za-z0-9+/=\s]*\}\})
    |(?P<long>'''(?:[^'\\]|\\.|'(?!''))*''')
    |(?P<string>"(?:[^"\\\n]|\\.)*")
    |(?P<quoted>'(?:[^'\\\n]|\\.)*')
    |(?P<number>[+-]?\d[\d_]*(?:\.[\d_]*)?(?:[dDeE][+-]?\d+)?(?![\w.:]))
    |(?P<name>[A-Za-z_$][\w$]*(?:\.[a-z]+)?)
    |(?P<mark>::|[{}\[\],:])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n|.)", re.DOTALL)
_ESCAPED = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "v": "\v"}
_VERSION = "$ion_1_0"
_SET_MARK = "$dynamodb_"
_DEPTH = 64  # far more than an item's 32 levels

Token = tuple[str, str]


def items(text: str) -> Iterator[Item]:
    """The items of a text, each the `Item` of a struct; a list of such structs is read as well."""
    reader = _Reader(text)
    while not reader.is_at("end", ""):
        if reader.skip("name", _VERSION):
            continue
        found = reader.value()
        for record in found.get("L", [found]):
            yield record["M"]["Item"]["M"]


class _Reader:
    """The tokens of a text, and the values they are."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = next(self._tokens)
        self._depth = 0

    def is_at(self, kind: str, text: str) -> bool:
        """Whether this comes next."""
        return self._next == (kind, text)

    def skip(self, kind: str, text: str) -> bool:
        """Whether this came next; then it is passed."""
        found = self.is_at(kind, text)
        if found:
            self._take()
        return found

    def _take(self) -> Token:
        taken = self._next
        self._next = next(self._tokens, ("end", ""))
        return taken

    def value(self) -> AttributeValue:
        """The next value."""
        kind, text = self._take()
        if kind in ("name", "quoted") and self.skip("mark", "::"):
            return _set(_content(kind, text), self.value())
        if (kind, text) in (("mark", "{"), ("mark", "[")):
            self._depth += 1
            if self._depth > _DEPTH:
                raise ValueError(text)
            found: AttributeValue = {"M": self._struct()} if text == "{" else {"L": self._list()}
            self._depth -= 1
            return found
        if kind == "long":
            while self._next[0] == "long":
                text = text[:-3] + self._take()[1][3:]
            return {"S": _unescaped(text[3:-3])}
        return _scalar(kind, text)

    def _struct(self) -> Item:
        members: Item = {}
        while not self.skip("mark", "}"):
            kind, text = self._take()
            if kind not in ("name", "quoted", "string") or not self.skip("mark", ":"):
                raise ValueError(text)
            members[_content(kind, text)] = self.value()
            if not self.skip("mark", ",") and not self.is_at("mark", "}"):
                raise ValueError(self._next[1])
        return members

    def _list(self) -> list[AttributeValue]:
        elements: list[AttributeValue] = []
        while not self.skip("mark", "]"):
            elements.append(self.value())
            if not self.skip("mark", ",") and not self.is_at("mark", "]"):
                raise ValueError(self._next[1])
        return elements


def _tokens(text: str) -> Iterator[Token]:
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ValueError(text[position : position + 20])
        if found.lastgroup:
            yield found.lastgroup, found[0]
        position = found.end()
    yield "end", ""


def _content(kind: str, text: str) -> str:
    return text if kind == "name" else _unescaped(text[1:-1])


def _unescaped(text: str) -> str:
    """What a text is without its escapes; half a pair of surrogates is a ValueError."""
    plain = _ESCAPE.sub(_character, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16")


def _character(found: re.Match[str]) -> str:
    escaped = found[1]
    if escaped[0] in "xuU" and len(escaped) > 1:
        return chr(int(escaped[1:], 16))
    return "" if escaped in ("\n", "\r\n") else _ESCAPED.get(escaped, escaped)


def _scalar(kind: str, text: str) -> AttributeValue:
    if kind == "string":
        return {"S": _unescaped(text[1:-1])}
    if kind == "number":
        return {"N": _number(text)}
    if kind == "blob":
        return {"B": base64.b64decode("".join(text[2:-2].split()), validate=True)}
    if kind == "name" and text in ("true", "false"):
        return {"BOOL": text == "true"}
    if kind == "name" and text.partition(".")[0] == "null":
        return {"NULL": True}
    raise ValueError(text)


def _number(text: str) -> str:
    plain = text.replace("_", "").replace("d", "e").replace("D", "e")
    return str(Decimal(plain))


def _set(mark: str, value: dict[str, Any]) -> AttributeValue:
    """What is annotated so: a set, if it is a list that says so."""
    kind = mark.removeprefix(_SET_MARK)
    if mark == kind or kind not in ("SS", "NS", "BS"):
        return value
    return {kind: [element[kind[0]] for element in value["L"]]}
