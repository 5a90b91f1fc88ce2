"""Answers in pages."""

from __future__ import annotations

import pytest

from cloudarium.core import pages
from cloudarium.core.errors import AwsError

INVALID = AwsError("InvalidNextToken", "no")


def test_pages_follow_each_other_by_position() -> None:
    first, token = pages.page("abcde", None, 2, INVALID)
    assert (first, token) == (["a", "b"], "2")
    assert pages.page("abcde", "4", 2, INVALID) == (["e"], None)
    assert pages.page("abcde", "9", 2, INVALID) == ([], None)


@pytest.mark.parametrize("token", ["", "-1", "x", "٣", "9" * 5000])
def test_what_is_no_position_is_refused(token: str) -> None:
    with pytest.raises(AwsError, match="InvalidNextToken"):
        pages.page("abc", token, 2, INVALID)


def test_a_key_comes_back_out_of_its_token() -> None:
    assert pages.key_of(pages.token_of("a/ü b"), INVALID) == "a/ü b"
    for token in ("x", "////", "ü", pages.token_of("key")[4:]):
        with pytest.raises(AwsError, match="InvalidNextToken"):
            pages.key_of(token, INVALID)
