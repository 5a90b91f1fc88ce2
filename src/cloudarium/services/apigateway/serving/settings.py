"""A stage's settings for one method.

Settings are kept by `{resource path}/{HTTP method}`, the path with its slashes escaped (`~1`) and
without the first one, or `*/*` for every method.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def key(resource_path: str, http_method: str) -> str:
    """Return the key under which a method's settings are kept."""
    return f"{resource_path.lstrip('/').replace('/', '~1')}/{http_method}"


def of_method(
    settings: Mapping[str, Mapping[str, Any]], resource_path: str, http_method: str
) -> Mapping[str, Any]:
    """Return the settings that hold for a method: its own over those for every method."""
    return {**settings.get("*/*", {}), **settings.get(key(resource_path, http_method), {})}
