"""Tags: lists of pairs as the APIs have them, dicts as services keep them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cloudarium.core.resources import ResourceRequest

_SYSTEM = "aws:"
# How the two members of a tag are called; a few services write them small.
CAPITAL = ("Key", "Value")
SMALL = ("key", "value")


def from_list(
    tags: Iterable[Mapping[str, str]] | None, names: tuple[str, str] = CAPITAL
) -> dict[str, str]:
    """Return a list of tags, or none at all, as a dict."""
    key, value = names
    return {tag[key]: tag[value] for tag in tags or ()}


def to_list(tags: Mapping[str, str], names: tuple[str, str] = CAPITAL) -> list[dict[str, str]]:
    """Return tags as a list, in their order."""
    key, value = names
    return [{key: name, value: text} for name, text in tags.items()]


def of_resource(resource: ResourceRequest, *, system: bool = True) -> dict[str, str]:
    """Return the tags of a stack's resource: the stack's, and its property `Tags` over them.

    Without `system` AWS's own (`aws:cloudformation:...`) are left out: some services take them
    from nobody.
    """
    return _together(resource.tags, resource.properties, system)


def changes(resource: ResourceRequest, *, system: bool = True) -> tuple[list[str], dict[str, str]]:
    """Return the keys an update of a resource removes, and the tags it puts.

    `system` as for `of_resource`.
    """
    before = _together(resource.previous_tags, resource.previous, system)
    after = of_resource(resource, system=system)
    gone = sorted(before.keys() - after.keys())
    return gone, {key: value for key, value in after.items() if before.get(key) != value}


def _together(
    stack: Mapping[str, str], properties: Mapping[str, Any], system: bool
) -> dict[str, str]:
    kept = {key: value for key, value in stack.items() if system or not key.startswith(_SYSTEM)}
    own = from_list(properties.get("Tags"))
    return {**kept, **{key: _text(value) for key, value in own.items()}}


def _text(value: object) -> str:
    """A value as CloudFormation makes a string of it: templates have numbers and booleans too."""
    return str(value).lower() if isinstance(value, bool) else str(value)
