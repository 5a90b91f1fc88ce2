"""Number semantics and key order: pure logic, against Python's own decimals and sorting."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloudarium.core.errors import AwsError
from cloudarium.services.dynamodb import keys, numbers

_digits = st.integers(min_value=0, max_value=10**38 - 1)


@st.composite
def decimals(draw: st.DrawFn) -> Decimal:
    """A number within DynamoDB's range."""
    digits = draw(_digits)
    spare = len(str(digits)) - 1
    exponent = draw(st.integers(min_value=-130, max_value=125 - spare))
    return Decimal((draw(st.sampled_from((0, 1))), tuple(map(int, str(digits))), exponent))


@given(decimals())
def test_canonical_text_keeps_the_value_and_is_a_fixed_point(number: Decimal) -> None:
    text = numbers.canonical(str(number))
    assert Decimal(text) == number
    assert "E" not in text
    assert numbers.canonical(text) == text
    assert 1 <= numbers.size(text) <= 22


@given(decimals(), st.integers(min_value=0, max_value=5))
def test_equal_numbers_have_one_text(number: Decimal, zeros: int) -> None:
    plain = f"{number:f}" if number else "0"
    other = plain + ("." if "." not in plain else "") + "0" * zeros
    assert numbers.canonical(other) == numbers.canonical(str(number))


@given(decimals(), decimals())
def test_number_keys_sort_by_value(left: Decimal, right: Decimal) -> None:
    a, b = (numbers.ordered(numbers.canonical(str(each))) for each in (left, right))
    assert (a < b) == (left < right)
    assert (a == b) == (left == right)


@given(st.text(max_size=8), st.text(max_size=8))
def test_string_keys_sort_by_their_bytes(left: str, right: str) -> None:
    a, b = keys.ordered({"S": left}), keys.ordered({"S": right})
    assert (a < b) == (left.encode() < right.encode())


@given(st.binary(max_size=6), st.binary(max_size=6), st.binary(max_size=3), st.binary(max_size=3))
def test_encoded_keys_can_follow_each_other(a: bytes, b: bytes, c: bytes, d: bytes) -> None:
    def joined(first: bytes, second: bytes) -> bytes:
        return keys.ordered({"B": first}) + keys.ordered({"B": second})

    assert (joined(a, c) < joined(b, d)) == ((a, c) < (b, d))


@given(st.binary(max_size=4), st.binary(max_size=6))
def test_a_prefix_bounds_what_begins_with_it(prefix: bytes, value: bytes) -> None:
    low = keys.beginning({"B": prefix})
    high = keys.after(low)
    inside = low <= keys.ordered({"B": value}) and (
        high is None or keys.ordered({"B": value}) < high
    )
    assert inside == value.startswith(prefix)


@pytest.mark.parametrize("total", [1, 2, 3, 7, 1000])
def test_segments_cover_everything_once(total: int) -> None:
    ranges = [keys.segment(number, total) for number in range(total)]
    assert ranges[0][0] == bytes(8)
    assert ranges[-1][1] is None
    assert all(ranges[at][1] == ranges[at + 1][0] for at in range(total - 1))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1e3", "1000"),
        ("1000", "1000"),
        ("+1", "1"),
        ("-0", "0"),
        ("0.10", "0.1"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        ("-1.50E-3", "-0.0015"),
        ("1E-130", "0." + "0" * 129 + "1"),
        ("9.9E+125", "99" + "0" * 124),
    ],
)
def test_texts_of_numbers(text: str, canonical: str) -> None:
    assert numbers.canonical(text) == canonical


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The parameter cannot be converted to a numeric value"),
        ("b", "The parameter cannot be converted to a numeric value: b"),
        ("NaN", "The parameter cannot be converted to a numeric value: NaN"),
        ("١", "The parameter cannot be converted to a numeric value: ١"),
        (
            "1" * 39,
            "Attempting to store more than 38 significant digits in a Number",
        ),
        (
            "1e126",
            "Number overflow. "
            "Attempting to store a number with magnitude larger than supported range",
        ),
        (
            "-1e-131",
            "Number underflow. "
            "Attempting to store a number with magnitude smaller than supported range",
        ),
    ],
)
def test_what_is_no_number(text: str, message: str) -> None:
    with pytest.raises(AwsError) as refused:
        numbers.canonical(text)
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("text", "size"),
    [("0", 1), ("1", 2), ("12", 2), ("123", 3), ("1000", 2), ("-1", 3), ("0.1", 2), ("1.2", 3)],
)
def test_sizes_of_numbers(text: str, size: int) -> None:
    assert numbers.size(text) == size


def test_sums_are_exact_or_refused() -> None:
    assert numbers.plus("0.1", "0.2") == "0.3"
    assert numbers.minus("1", "1") == "0"
    assert numbers.plus("9" * 38, "1") == "1" + "0" * 38
    with pytest.raises(AwsError):
        numbers.plus("1" + "0" * 38, "1")
