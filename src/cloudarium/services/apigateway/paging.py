"""Pages of lists: `limit` items from `position` on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from cloudarium.services.apigateway import limits

T = TypeVar("T")
Document = dict[str, Any]


def size(request: Mapping[str, Any]) -> int:
    """Return how many items a page has."""
    return max(1, min(request.get("limit") or limits.PAGE_DEFAULT, limits.PAGE_MAX))


def page(
    request: Mapping[str, Any],
    items: Iterable[T],
    key: Callable[[T], str],
    answer: Callable[[T], Document],
) -> Document:
    """Return the page a request asks for of `items`, which are in the order of `key`.

    `position` is the key of the last item before the page.
    """
    after, length = request.get("position") or "", size(request)
    rest = [one for one in items if not after or key(one) > after]
    shown = rest[:length]
    response: Document = {"items": [answer(one) for one in shown]}
    if len(rest) > length:
        response["position"] = key(shown[-1])
    return response
