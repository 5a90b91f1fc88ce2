"""YAML within bounds."""

from __future__ import annotations

import datetime

import pytest
import yaml

from cloudarium.core.yaml_loader import TooDeep, TooLarge, load

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefg", "bcdefgh", strict=True)
)


def test_documents_are_read_as_by_the_safe_loader() -> None:
    text = "a: &a [1, 2.5, yes]\nb: *a\nc: {<<: {x: 1}, y: ~}\nd: 2026-01-02\n"
    assert load(text) == {
        "a": [1, 2.5, True],
        "b": [1, 2.5, True],
        "c": {"x": 1, "y": None},
        "d": datetime.date(2026, 1, 2),
    }
    assert load(b"a: \xc3\xa9") == {"a": "é"}
    assert load("[" * 199 + "]" * 199)


@pytest.mark.parametrize(
    "text, problem",
    [
        ("- " * 100_000 + "x", TooDeep),
        ("[" * 100_000, TooDeep),
        ("{a: " * 100_000, TooDeep),
        ("[" * 20_000 + "]" * 20_000, TooDeep),
        (LAUGHS, TooLarge),
        ("&a [*a]", TooLarge),
        ("&a {b: *a}", TooLarge),
        ("a: b: c", yaml.YAMLError),
        ("!!python/object/apply:os.getcwd []", yaml.YAMLError),
    ],
)
def test_what_is_refused(text: str, problem: type[Exception]) -> None:
    with pytest.raises(problem):
        load(text)
