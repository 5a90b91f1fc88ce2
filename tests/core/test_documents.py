"""JSON documents of clients."""

from __future__ import annotations

import pytest

from cloudarium.core.documents import json_object


def test_an_object_is_read() -> None:
    assert json_object('{"a": [1, null]}') == {"a": [1, None]}


@pytest.mark.parametrize("text", ["", "[]", "1", "{", '{"a":' * 5000 + "1" + "}" * 5000, "{NaN}"])
def test_anything_else_is_none(text: str) -> None:
    assert json_object(text) is None
