"""What several operations check the same way: tags, pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from cloudarium.services.codepipeline import errors, limits

T = TypeVar("T")


def tags(given: dict[str, str]) -> dict[str, str]:
    """Return the tags or raise for reserved keys or too many."""
    for key in given:
        if key.lower().startswith("aws:"):
            raise errors.InvalidTags(key=key)
    if len(given) > limits.TAGS_PER_PIPELINE:
        raise errors.TooManyTags(limit=limits.TAGS_PER_PIPELINE)
    return given


def page(items: Sequence[T], token: str | None, size: int) -> tuple[list[T], str | None]:
    """Return one page of `items` and the token of the next one, if there is one."""
    if token is not None and not token.isdecimal():
        raise errors.InvalidNextToken()
    start = int(token or 0)
    end = start + size
    return list(items[start:end]), str(end) if end < len(items) else None
