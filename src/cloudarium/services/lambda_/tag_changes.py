"""What an update of a stack's resource does to its tags."""

from __future__ import annotations

from cloudarium.core import tags
from cloudarium.core.resources import ResourceRequest


async def apply(resource: ResourceRequest, arn: str) -> None:
    """Untag and tag what the resource is, named by its ARN."""
    removed, put = tags.changes(resource)
    if removed:
        await resource.call("lambda", "UntagResource", {"Resource": arn, "TagKeys": removed})
    if put:
        await resource.call("lambda", "TagResource", {"Resource": arn, "Tags": put})
