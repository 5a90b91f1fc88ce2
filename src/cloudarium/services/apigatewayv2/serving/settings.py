"""A stage's settings for one route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def of_route(stage: Mapping[str, Any], route_key: str) -> Mapping[str, Any]:
    """Return the reference's RouteSettings that hold for a route: its own over the default."""
    own: Mapping[str, Any] = stage["RouteSettings"].get(route_key, {})
    default: Mapping[str, Any] = stage["DefaultRouteSettings"]
    return {**default, **own} if own else default
