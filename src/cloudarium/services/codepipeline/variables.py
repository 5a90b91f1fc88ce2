"""`#{namespace.name}` in an action's configuration (User Guide, "Variables")."""

from __future__ import annotations

import re
from collections.abc import Mapping

_REFERENCE = re.compile(r"#\{([A-Za-z0-9@_-]+)\.([A-Za-z0-9@_-]+)\}")


class UnresolvedVariable(Exception):
    """A configuration names a variable nothing has produced."""


def resolved(
    configuration: Mapping[str, str], namespaces: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return `configuration` with every variable replaced. Raises UnresolvedVariable."""

    def value(match: re.Match[str]) -> str:
        found = namespaces.get(match[1], {}).get(match[2])
        if found is None:
            raise UnresolvedVariable(match[0])
        return found

    return {key: _REFERENCE.sub(value, text) for key, text in configuration.items()}
