"""What AWS says of payloads that are no JSON: recorded from it, the rarer from Jackson's source."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from botocore.exceptions import ClientError
from hypothesis import assume, given
from hypothesis import strategies as st

from cloudarium.services.lambda_ import malformed

PARSING = "Could not parse request body into json: Could not parse payload into json: "
SOURCE = "Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)"
VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
START = f"start marker at [{SOURCE}; line: 1, column: 1]"


PARTS = [
    *[b"{", b"}", b"[", b"]", b":", b",", b'"', b"\\", b"-", b"+", b".", b"e", b"0", b"1", b"/"],
    *[b"n", b"t", b"null", b"true", b"NaN", b"Infinity", b" ", b"\n", b"\r", b"\0", b"$"],
    *[b"\xc3", b"\xff", b"\\u12", b"\\ud800", b'"a"'],
]
QUOTE = "has to be escaped using backslash to be included in string value"
FEATURE = "`JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS`"


def odd(character: str, wanted: str) -> str:
    """What is said of a character that should not be there."""
    return f"Unexpected character ('{character}' (code {ord(character)})){wanted}"


DIGIT = " in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value"
NAME = ": was expecting double-quote to start field name"
COLON = ": was expecting a colon to separate field name and value"
COMMA = ": was expecting comma to separate {} entries"


@pytest.mark.parametrize(
    ("payload", "problem", "line", "column"),
    [
        (b"hello", f"Unrecognized token 'hello': was expecting {VALUES}", 1, 6),
        (b'{"a": \nno way}', f"Unrecognized token 'no': was expecting {VALUES}", 2, 4),
        (
            b"\x99abc",
            f"Unexpected character ((CTRL-CHAR, code 153)): expected a valid value {VALUES}",
            *(1, 1),
        ),
        (b"'a'", odd("'", f": expected a valid value {VALUES}"), 1, 1),
        (b"[1,]", odd("]", ": expected a value"), 1, 4),
        (b"n\x87abc", "Invalid UTF-8 start byte 0x87", 1, 3),
        (b'{"a": "\xe2-"}', "Invalid UTF-8 middle byte 0x2d", 1, 10),
        (b"------WebKit", odd("-", DIGIT), 1, 2),
        (b"{'a': 1}", odd("'", NAME), 1, 2),
        (b'{"a" 1}', odd("1", COLON), 1, 6),
        (b'{"a": 1 "b"', odd('"', COMMA.format("Object")), 1, 9),
        (b"[1 2]", odd("2", COMMA.format("Array")), 1, 4),
        (b"12a", odd("a", ": Expected space separating root-level values"), 1, 3),
        (b'{"a": 1', f"Unexpected end-of-input: expected close marker for Object ({START})", 1, 8),
        (b'{"a":', "Unexpected end-of-input within/between Object entries", 1, 6),
        (b'{"a', "Unexpected end-of-input in field name", 1, 4),
        (b'["a', "Unexpected end-of-input in VALUE_STRING", 1, 4),
        (b'"\\x"', "Unrecognized character escape 'x' (code 120)", 1, 3),
        (b'"a\nb"', f"Illegal unquoted character ((CTRL-CHAR, code 10)): {QUOTE}", 1, 3),
        (b"-", "Unexpected end-of-input in null", 1, 2),
        (b"{}-", "Unexpected end-of-input in END_OBJECT", 1, 4),
        (b'{"a": -', "Unexpected end-of-input in FIELD_NAME", 1, 8),
        (b"[1, -", "Unexpected end-of-input in VALUE_NUMBER_INT", 1, 6),
        (b"[NaN]", f"Non-standard token 'NaN': enable {FEATURE} to allow", 1, 5),
        (b" ", "No content to map due to end-of-input", 1, 2),
    ],
)
def test_a_payload_that_is_no_json(
    functions: Any, payload: bytes, problem: str, line: int, column: int
) -> None:
    functions.make("def handler(event, context): return 1")
    with pytest.raises(ClientError) as caught:
        functions.client.invoke(FunctionName="hello", Payload=payload)
    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidRequestContentException"
    place = f"{SOURCE}; line: {line}, column: {column}"
    assert error["Message"] == f"{PARSING}{problem}\n at [{place}]"


def test_a_payload_that_is_nested_too_deeply(functions: Any) -> None:
    functions.make("def handler(event, context): return 1")
    with pytest.raises(ClientError, match="Document nesting depth"):
        functions.client.invoke(FunctionName="hello", Payload=b"[" * 100_000 + b"]" * 100_000)


@given(st.lists(st.sampled_from(PARTS), max_size=9).map(b"".join))
def test_whatever_is_no_json_has_words(payload: bytes) -> None:
    try:
        orjson.loads(payload)
    except ValueError:
        assert malformed.problem(payload)
    else:
        assume(False)
