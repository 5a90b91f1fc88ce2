"""JSON made into what operations are given."""

from __future__ import annotations

from typing import Any

import pytest

from cloudarium.core.arguments import Misfit, fitted
from cloudarium.wire.model import Models, Shape


def input_of(model: str, operation: str) -> Shape:
    """The input of an operation."""
    found = Models().load(model).operation(operation)
    assert found is not None
    assert found.input is not None
    return found.input


def test_values_take_their_types() -> None:
    entry = {"source": "shop", "Time": "2026-12-24T18:00:00Z", "Resources": ["a"], "detail": "{}"}
    (fit,) = fitted(input_of("events", "PutEvents"), {"entries": [entry]})["Entries"]
    assert fit == {"Source": "shop", "Time": 1798135200.0, "Resources": ["a"], "Detail": "{}"}
    item = {"TableName": "t", "Item": {"id": {"B": "bytes"}, "m": {"M": {"n": {"NULL": True}}}}}
    fit = fitted(input_of("dynamodb", "PutItem"), item)
    assert fit["Item"] == {"id": {"B": b"bytes"}, "m": {"M": {"n": {"NULL": True}}}}
    stored = fitted(input_of("s3", "PutObject"), {"Body": "hello"})["Body"]
    assert stored.read() == b"hello"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"Wings": 2}, "input has no member Wings"),
        ({"Entries": {}}, "input.Entries is not of type list"),
        ({"Entries": [{"Source": True}]}, "input.Entries[0].Source is not of type string"),
        ({"Entries": [{"Time": "noon"}]}, "input.Entries[0].Time is not a timestamp"),
        ({"Entries": [{"Time": True}]}, "input.Entries[0].Time is not of type timestamp"),
    ],
)
def test_what_does_not_fit_is_told(value: Any, message: str) -> None:
    with pytest.raises(Misfit) as caught:
        fitted(input_of("events", "PutEvents"), value)
    assert str(caught.value) == message


def test_what_is_nested_without_end_is_refused() -> None:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(1000):
        value = {"L": [value]}
    with pytest.raises(Misfit, match="nested too deeply"):
        fitted(input_of("dynamodb", "PutItem"), {"TableName": "t", "Item": {"deep": value}})
