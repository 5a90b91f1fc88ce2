"""Pages of lists: `MaxResults` items behind `NextToken`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from cloudarium.core.pages import page as whole_page
from cloudarium.services.apigatewayv2 import errors, limits

T = TypeVar("T")
Document = dict[str, Any]


def page(
    request: Mapping[str, Any], items: Sequence[T], answer: Callable[[T], Document]
) -> Document:
    """Return the page of `items` a request asks for. Raises TokenInvalid, MaxResultsInvalid."""
    token = request.get("NextToken")
    shown, following = whole_page(items, token, _size(request), errors.TokenInvalid(token=token))
    response: Document = {"Items": [answer(one) for one in shown]}
    if following is not None:
        response["NextToken"] = following
    return response


def _size(request: Mapping[str, Any]) -> int:
    value = request.get("MaxResults")
    if value is None:
        return limits.PAGE_DEFAULT
    if not (value.isascii() and value.isdigit() and int(value[:9]) > 0):
        raise errors.MaxResultsInvalid(value=value)
    return min(int(value[:9]), limits.PAGE_MAX)
