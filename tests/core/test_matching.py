"""Wildcards and regular expressions that users write."""

from __future__ import annotations

import re

import pytest

from cloudarium.core.matching import BadExpression, Expression, expression, kept, wildcards

SLOW = r"(x|x\w)+\d"


@pytest.mark.parametrize(
    "pattern, text, fits",
    [
        ("*", "", True),
        ("a*", "abc", True),
        ("*c", "abc", True),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a.c", "abc", False),
        ("**a**", "bab", True),
        ("a\n*", "a\nb\nc", True),
    ],
)
def test_wildcards(pattern: str, text: str, fits: bool) -> None:
    assert bool(wildcards(pattern).fullmatch(text)) is fits


def test_many_wildcards_are_as_quick_as_one() -> None:
    assert not wildcards("*a" * 100 + "b").fullmatch("a" * 100_000)
    assert wildcards("*A" * 100, re.IGNORECASE).fullmatch("a" * 100_000)


def test_an_expression_finds_and_names_what_it_finds() -> None:
    found = Expression(r"id=(?<id>\d+)").search("the id=42;")
    assert found and found["id"] == "42"
    assert Expression(r"id=(?<id>\d+)").names == ["id"]
    assert Expression(r"\d+").fullmatch("42x") is None
    assert Expression(r"[a-z]{1,64}@([a-z{]{1,63}\.){1,4}[a-z]{2,63}").fullmatch("a@b.cd")
    assert expression("a+") is expression("a+")
    for text in (
        "(",
        "(" * 500,
        "(" * 500 + ")" * 500,
        "((((a{99}){99}){99}){99}){99}",
        "((((a{99,}){99,}){99,}){99,}){99,}",
        "a" * 10_001,
    ):
        with pytest.raises(BadExpression):
            Expression(text)


def test_an_expression_kept_from_before_does_no_harm() -> None:
    assert kept("a+").fullmatch("aa")
    assert kept("(").search("(") is None


def test_what_takes_for_ever_does_not_match() -> None:
    slow = Expression(SLOW)
    text = "x" * 60
    assert [slow.search(text) for _ in range(100)] == [None] * 100
    assert slow.search("x1") is None, "it has been given up"
    assert Expression(SLOW).search("x1")
