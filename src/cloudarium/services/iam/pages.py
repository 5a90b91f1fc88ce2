"""Answers in pages: `Marker`, `MaxItems` and `IsTruncated`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from cloudarium.core import pages
from cloudarium.services.iam.errors import InvalidMarker

Item = TypeVar("Item")
_DEFAULT = 100


def page(
    request: dict[str, Any], items: Sequence[Item], key: Callable[[Item], str]
) -> tuple[list[Item], dict[str, Any]]:
    """Return the page of `items` (in ascending order of `key`) that `request` asks for.

    The second value holds `IsTruncated` and, if there is more, `Marker`. Raises ValidationError
    for a marker this service did not make.
    """
    size = request.get("MaxItems") or _DEFAULT
    marker = request.get("Marker")
    after = pages.key_of(marker, InvalidMarker()) if marker else None
    rest = [item for item in items if after is None or key(item) > after]
    shown = rest[:size]
    if len(rest) <= size:
        return shown, {"IsTruncated": False}
    return shown, {"IsTruncated": True, "Marker": pages.token_of(key(shown[-1]))}
