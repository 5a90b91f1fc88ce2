"""Answers in pages of CloudFormation's size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from cloudarium.core import pages
from cloudarium.core.context import Request
from cloudarium.services.cloudformation.errors import BadNextToken
from cloudarium.services.cloudformation.limits import PAGE

T = TypeVar("T")


def page(items: Sequence[T], request: Request) -> tuple[list[T], str | None]:
    """Return the page of `items` a request asks for, and the `NextToken` of the next.

    Raises ValidationError.
    """
    return pages.page(items, request.get("NextToken"), PAGE, BadNextToken())


def position(request: Request) -> int | None:
    """Return the position a request's `NextToken` stands for, None without one.

    Raises ValidationError.
    """
    token = request.get("NextToken")
    return None if token is None else pages.position(token, BadNextToken())
