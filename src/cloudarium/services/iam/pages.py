"""Answers in pages: `Marker`, `MaxItems` and `IsTruncated`."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

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
    after = _decode(request["Marker"]) if request.get("Marker") else None
    rest = [item for item in items if after is None or key(item) > after]
    shown = rest[:size]
    if len(rest) <= size:
        return shown, {"IsTruncated": False}
    return shown, {"IsTruncated": True, "Marker": _encode(key(shown[-1]))}


def _encode(text: str) -> str:
    return base64.urlsafe_b64encode(b"1:" + text.encode()).decode()


def _decode(marker: str) -> str:
    try:
        text = base64.urlsafe_b64decode(marker.encode()).decode()
    except (binascii.Error, UnicodeError) as error:
        raise InvalidMarker() from error
    if not text.startswith("1:"):
        raise InvalidMarker()
    return text[2:]
