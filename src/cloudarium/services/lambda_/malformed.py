"""What is wrong with a payload that is no JSON, in the words of Jackson, which AWS reads it with.

Places and words as recorded from AWS; those of rarer mistakes as in Jackson's source
(FasterXML/jackson-core: `UTF8StreamJsonParser`, `ParserMinimalBase`).
"""

from __future__ import annotations

import json
import re

_SOURCE = "Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)"
_VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_COMMENT = (
    "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not"
    " enabled for parser)"
)
_TOO_DEEP = (
    "Document nesting depth (1001) exceeds the maximum allowed (1000, from"
    " `StreamReadConstraints.getMaxNestingDepth()`)"
)
_STRING = re.compile(rb'"(?:\\.|[^"\\])*"?', re.DOTALL)
_TOKENS = {
    b"": "null",
    b"{": "START_OBJECT",
    b"[": "START_ARRAY",
    b"}": "END_OBJECT",
    b"]": "END_ARRAY",
    b'"': "VALUE_STRING",
    b"l": "VALUE_NULL",
}
_KINDS = {ord("{"): "Object", ord("["): "Array"}


class _Wrong(Exception):
    """What is wrong, and how many bytes stand before the place that is told."""

    def __init__(self, message: str, before: int) -> None:
        super().__init__(message)
        self.before = before


def problem(payload: bytes) -> str:
    """What is wrong with a payload, and where."""
    try:
        _read(payload)
    except _Wrong as wrong:
        return f"{wrong}\n at [{_place(payload, wrong.before)}]"
    return "Unexpected content"


def _place(payload: bytes, before: int) -> str:
    lines = re.split(rb"\r\n|\r|\n", payload[:before])
    return f"{_SOURCE}; line: {len(lines)}, column: {len(lines[-1]) + 1}"


def _read(payload: bytes) -> None:
    at, kind = len(payload), ""
    try:
        json.loads(payload.decode("latin-1"))  # one character per byte
    except json.JSONDecodeError as error:
        at, kind = error.pos, error.msg
    except RecursionError:
        raise _Wrong(_TOO_DEEP, 0) from None
    _decode(payload, 0, at)
    if not kind:
        _find_constant(payload)
        return
    if at >= len(payload) or kind.startswith("Unterminated"):
        raise _Wrong(f"Unexpected end-of-input{_ended(payload, at, kind)}", len(payload))
    if kind.startswith("Invalid \\"):
        shown = _shown(payload[at + 1 : at + 2])
        raise _Wrong(f"Unrecognized character escape {shown}", at + 1)
    shown = _shown(payload[at : at + 1])
    if kind.startswith("Invalid control"):
        hint = "has to be escaped using backslash to be included in string value"
        raise _Wrong(f"Illegal unquoted character ({shown}): {hint}", at)
    if payload[at] < ord(" "):
        hint = "only regular white space (\\r, \\n, \\t) is allowed between tokens"
        raise _Wrong(f"Illegal character ({shown}): {hint}", at)
    raise _Wrong(f"Unexpected character ({shown}){_expected(payload, at, kind)}", at)


def _find_constant(payload: bytes) -> None:
    """Raises that there is what Python's JSON has more than JSON."""
    if found := re.search(rb"NaN|-?Infinity", _without_strings(payload)):
        feature = "`JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS`"
        message = f"Non-standard token '{found[0].decode()}': enable {feature} to allow"
        raise _Wrong(message, found.end())


def _decode(payload: bytes, start: int, end: int) -> None:
    """Raises what is wrong with the UTF-8 of a part."""
    try:
        payload[start:end].decode()
    except UnicodeDecodeError as error:
        at, what = start + error.start, "start"
        if "start" not in error.reason:
            at, what = start + error.end, "middle"
        if at < end:
            message = f"Invalid UTF-8 {what} byte {payload[at]:#x}"
            raise _Wrong(message, at + 1) from None


def _shown(character: bytes) -> str:
    """A byte as Jackson shows it, which takes it for a character."""
    text = character.decode("latin-1")
    if not " " <= text < "\x7f" and text < "\xa0":
        return f"(CTRL-CHAR, code {ord(text)})"
    return f"'{text}' (code {ord(text)})"


def _expected(payload: bytes, at: int, kind: str) -> str:
    found = payload[at : at + 1].decode("latin-1")
    if found == "/":
        return f": {_COMMENT}"
    if kind.startswith("Expecting property name"):
        return ": was expecting double-quote to start field name"
    if kind.startswith("Expecting ':'"):
        return ": was expecting a colon to separate field name and value"
    if kind.startswith("Expecting ','"):
        return f": was expecting comma to separate {_opened(payload[:at])[0]} entries"
    if kind == "Extra data" and payload[at - 1 : at].isdigit():
        return ": Expected space separating root-level values"
    if found == "-":
        following = payload[at + 1 : at + 2]
        if not following:
            raise _Wrong(f"Unexpected end-of-input in {_token_before(payload[:at])}", len(payload))
        hint = "expected digit (0-9) to follow minus sign, for valid numeric value"
        message = f"Unexpected character ({_shown(following)}) in numeric value: {hint}"
        raise _Wrong(message, at + 1)
    if found.isalpha() or found in "$_":
        _token(payload, at)
    return ": expected a value" if found in ",]}" else f": expected a valid value {_VALUES}"


def _token_before(payload: bytes) -> str:
    """Return the name of the last token of a part of a payload."""
    before = payload.rstrip()
    if before.endswith(b":"):
        return "FIELD_NAME"
    last = before.removesuffix(b",").rstrip()[-1:]
    return _TOKENS.get(last, "VALUE_NUMBER_INT")


def _token(payload: bytes, at: int) -> None:
    """Raises that a word is no value; its first byte is taken for a character."""
    text = payload[at + 1 :].decode("utf-8", "surrogateescape")
    rest = text[: next((n for n, each in enumerate(text) if not _is_of_word(each)), len(text))]
    end = at + 1 + len(rest.encode())
    if _is_undecoded(text[len(rest) : len(rest) + 1]):
        _decode(payload, at + 1, len(payload))
    word = payload[at : at + 1].decode("latin-1") + rest
    message = f"Unrecognized token '{word}': was expecting {_VALUES}"
    raise _Wrong(message, min(end + 1, len(payload)))


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character in "$_"


def _is_undecoded(character: str) -> bool:
    return "\udc80" <= character <= "\udcff"


def _ended(payload: bytes, at: int, kind: str) -> str:
    """What a payload ends within."""
    before = payload[:at].rstrip()
    inside, start = _opened(payload[:at])
    if kind.startswith("Unterminated"):
        is_name = inside == "Object" and not before.endswith(b":")
        return " in field name" if is_name else " in VALUE_STRING"
    if not before:
        raise _Wrong("No content to map due to end-of-input", at)
    if before.endswith((b",", b":")) or "':'" in kind:
        return f" within/between {inside} entries"
    return f": expected close marker for {inside} (start marker at [{_place(payload, start)}])"


def _opened(payload: bytes) -> tuple[str, int]:
    """Which scope is open at the end of a part of a payload, and where it starts."""
    scopes: list[tuple[str, int]] = [("root", 0)]
    for at, character in enumerate(_without_strings(payload)):
        if character in _KINDS:
            scopes.append((_KINDS[character], at))
        elif character in b"]}" and len(scopes) > 1:
            scopes.pop()
    return scopes[-1]


def _without_strings(payload: bytes) -> bytes:
    return _STRING.sub(lambda found: b" " * len(found[0]), payload)
