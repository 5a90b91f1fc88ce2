"""Wildcards against a plain reading of what they mean."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cloudarium.services.iam.evaluation.matching import glob

TEXTS = st.text(alphabet="ab:/.*?\n", max_size=8)


def _means(pattern: str, text: str) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(_means(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and _means(pattern[1:], text[1:])


@given(TEXTS, TEXTS)
def test_wildcards_mean_what_the_documentation_says(pattern: str, text: str) -> None:
    assert glob(pattern)(text) is _means(pattern, text)


@given(TEXTS)
def test_a_text_matches_itself_and_a_star(text: str) -> None:
    assert glob(text)(text) and glob("*")(text) and glob(f"{text[:1]}*")(text)


def test_many_wildcards_take_no_time_to_speak_of() -> None:
    assert not glob("*a" * 40 + "b")("a" * 5000)
