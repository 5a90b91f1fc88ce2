"""What goes along with an integration request besides its body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

Pairs = list[tuple[str, str]]


@dataclass
class Parameters:
    """What goes along with an integration request: path values by name, query, headers."""

    path: dict[str, str] = field(default_factory=dict)
    query: Pairs = field(default_factory=list)
    headers: Pairs = field(default_factory=list)


def filled(path: str, values: Mapping[str, str]) -> str:
    """Return a URI with its `{name}` and `{name+}` filled in; values stay within the path."""
    for name, value in values.items():
        safe = quote(value, safe="/%:@!$&'()*+,;=-._~")
        path = path.replace(f"{{{name}}}", safe).replace(f"{{{name}+}}", safe)
    return path
