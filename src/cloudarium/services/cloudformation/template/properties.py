"""Resolved properties against what their resource type declares.

Texts: the `Property validation failure` of stack events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.resources import ResourceType
from cloudarium.services.cloudformation.template.plan import replaces

ANY_PROPERTIES = ("AWS::CloudFormation::CustomResource",)


def violation(resource_type: ResourceType, properties: Mapping[str, Any]) -> str | None:
    """Return why `resource_type` cannot be made with `properties`; None if it can."""
    declared = resource_type.properties
    unknown = [name for name in properties if name not in declared]
    if unknown and resource_type.name not in ANY_PROPERTIES:
        found = f"Encountered unsupported properties in {{/}}: [{', '.join(unknown)}]"
        return f"Property validation failure: [{found}]"
    missing = [name for name, p in declared.items() if p.required and name not in properties]
    if missing:
        listing = ", ".join(f"The property {{/{name}}} is required" for name in missing)
        return f"Property validation failure: [{listing}]"
    return None


def kept_custom_name(
    resource_type: ResourceType,
    physical_id: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> str | None:
    """Return the custom name a replacement would have to take from the resource it replaces.

    A name of one's own is known by being the end of the physical id.
    """
    end = physical_id.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    for name in resource_type.properties:
        if name.endswith("Name") and replaces(resource_type, name):
            value = after.get(name)
            if value is not None and value == before.get(name) and value == end:
                return str(value)
    return None
