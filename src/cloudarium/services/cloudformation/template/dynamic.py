"""Dynamic references: `{{resolve:ssm:name:version}}` in resources' properties and in parameters.

Functions are carried out first: a reference may be put together by them, and none sees its value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.services.cloudformation.errors import unsupported

_REFERENCE = re.compile(r"\{\{resolve:([^{}]*)\}\}")


def named(text: str) -> list[str]:
    """Return what the references in a text ask for: `ssm:name:version`."""
    return _REFERENCE.findall(text)


def filled(value: Any, found: Mapping[str, str]) -> Any:
    """Return `value` with its references replaced by what was found for them."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: _given(match, found), value)
    if isinstance(value, list):
        return [filled(item, found) for item in value]
    if isinstance(value, dict):
        return {name: filled(item, found) for name, item in value.items()}
    return value


def _given(match: re.Match[str], found: Mapping[str, str]) -> str:
    if match[1] not in found:
        raise unsupported(f"The dynamic reference {match[0]}, made of what a resource gives,")
    return found[match[1]]
