"""The AWS::Include transform: pieces of template kept in S3.

Source: "AWS::Include transform", User Guide.
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.cloudformation import sources
from cloudarium.services.cloudformation.errors import invalid
from cloudarium.services.cloudformation.template.document import parse
from cloudarium.services.cloudformation.template.model import INCLUDE


async def expanded(ctx: Context, document: dict[str, Any]) -> dict[str, Any]:
    """Return `document` with what it includes put in, read as the caller."""
    declared = document.get("Transform", [])
    result = dict(document)
    for entry in declared if isinstance(declared, list) else [declared]:
        if isinstance(entry, dict) and not isinstance(entry.get("Name"), str):
            raise invalid("Key Name of transform definition must be a string.")
        if isinstance(entry, dict) and entry["Name"] == INCLUDE:
            result = {**await _included(ctx, entry), **result}
    filled: dict[str, Any] = await _filled(ctx, result)
    return filled


async def _filled(ctx: Context, value: Any) -> Any:
    if isinstance(value, list):
        return [await _filled(ctx, item) for item in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Any] = {}
    for key, item in value.items():
        if key == "Fn::Transform" and isinstance(item, dict) and item.get("Name") == INCLUDE:
            result.update(await _included(ctx, item))
        else:
            result[key] = await _filled(ctx, item)
    return result


async def _included(ctx: Context, transform: dict[str, Any]) -> dict[str, Any]:
    location = transform.get("Parameters", {}).get("Location")
    if not isinstance(location, str):
        raise invalid(
            f"Transform {INCLUDE} failed with: The location parameter must be a string, "
            "an address of an object in S3."
        )
    return parse(await sources.fetched(ctx, location, ctx.principal))
