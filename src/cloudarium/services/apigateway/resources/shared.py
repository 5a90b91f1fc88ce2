"""What the resource types share: reading properties, writing patches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import ResourceRequest

Document = dict[str, Any]
NOT_FOUND = "NotFoundException"


def is_true(value: Any) -> bool:
    """Read a boolean property, which templates also spell as text."""
    return str(value).lower() == "true"


def as_json(value: Any) -> str:
    """Return a property that may be JSON text or the object itself as JSON text."""
    return value if isinstance(value, str) else json.dumps(value)


def as_text(value: Any) -> str:
    """Return a plain property as a patch operation's value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def camel(properties: Mapping[str, Any], *names: str) -> Document:
    """Return the named properties under the API's own (lower-camel-case) names."""
    return {
        name[0].lower() + name[1:]: properties[name]
        for name in names
        if properties.get(name) is not None
    }


def escaped(part: str) -> str:
    """Return one part of a JSON pointer with its escapes."""
    return part.replace("~", "~0").replace("/", "~1")


def replace(path: str, value: Any) -> Document:
    """Return the patch operation that sets `path`."""
    return {"op": "replace", "path": path, "value": as_text(value)}


def remove(path: str) -> Document:
    """Return the patch operation that takes `path` away."""
    return {"op": "remove", "path": path}


def own_tags(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags that properties give."""
    return {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or []}


def tags(resource: ResourceRequest) -> dict[str, str]:
    """Return the resource's own tags over the stack's."""
    return {**resource.tags, **own_tags(resource.properties)}


async def sync_tags(resource: ResourceRequest, arn: str, known: Mapping[str, str]) -> None:
    """Make the tags of what `arn` names those the template asks for; `known` are those it has."""
    await retag(resource, arn, known, tags(resource))


async def retag(
    resource: ResourceRequest, arn: str, known: Mapping[str, str], wanted: Mapping[str, str]
) -> None:
    """Make the tags of what `arn` names, which has the `known` ones, those `wanted`."""
    changed = {key: value for key, value in wanted.items() if known.get(key) != value}
    gone = [key for key in known if key not in wanted]
    if changed:
        await resource.call("apigateway", "TagResource", {"resourceArn": arn, "tags": changed})
    if gone:
        await resource.call("apigateway", "UntagResource", {"resourceArn": arn, "tagKeys": gone})


async def delete(resource: ResourceRequest, operation: str, params: Document) -> None:
    """Run a delete operation; what is gone already counts as deleted."""
    try:
        await resource.call("apigateway", operation, params)
    except AwsError as error:
        if error.code != NOT_FOUND:
            raise


def physical(*parts: str) -> str:
    """Return the physical id of what has no id of its own: its place, joined."""
    return "|".join(parts)
