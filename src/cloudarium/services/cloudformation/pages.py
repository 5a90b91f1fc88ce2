"""Answers in pages: a `NextToken` is the position of the next one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from cloudarium.services.cloudformation.errors import BadNextToken
from cloudarium.services.cloudformation.limits import PAGE

T = TypeVar("T")


def position(token: str | None) -> int | None:
    """Return the position a `NextToken` stands for; raises ValidationError if it is none."""
    if token is None:
        return None
    if not token.isdigit():
        raise BadNextToken()
    return int(token)


def page(items: Sequence[T], token: str | None) -> tuple[list[T], str | None]:
    """Return one page of `items` and the token of the next, if there is one."""
    begin = position(token) or 0
    end = begin + PAGE
    return list(items[begin:end]), str(end) if end < len(items) else None
