"""Event patterns that are nested, and events that are."""

from __future__ import annotations

import pytest

from cloudarium.core.documents import depth
from cloudarium.core.patterns import PatternError, compile_kept, compile_pattern


def _nested(levels: int, inner: str) -> str:
    return '{"a":' * levels + inner + "}" * levels


def test_how_deep_a_value_is() -> None:
    values = [1, [], {"a": 1}, {"a": [1, {"b": []}]}, [[], [[]]]]
    assert [depth(value) for value in values] == [0, 1, 1, 4, 3]


def test_a_pattern_may_be_nested_but_not_too_deeply() -> None:
    matches = compile_pattern(_nested(99, "[1]"))
    event: dict[str, object] = {"a": 1}
    for _ in range(98):
        event = {"a": event}
    assert matches(event)
    for levels in (100, 500):
        with pytest.raises(PatternError):
            compile_pattern(_nested(levels, "[1]"))


def test_events_may_be_nested_as_deeply_as_they_like() -> None:
    lists: object = 1
    for _ in range(5000):
        lists = [lists]
    assert compile_pattern('{"a": [1]}')({"a": lists})
    assert not compile_pattern('{"a": [2]}')({"a": lists})
    dotted = ".".join(["a"] * 1500)
    assert not compile_pattern(f'{{"{dotted}": [1]}}')({"a": lists})


def test_a_kept_pattern_that_would_be_refused_now_does_no_harm() -> None:
    assert compile_kept('{"a": [1]}')({"a": 1})
    for text in ('{"a": [{"wildcard": "**"}]}', "{}", "no pattern"):
        assert not compile_kept(text)({"a": 1})
