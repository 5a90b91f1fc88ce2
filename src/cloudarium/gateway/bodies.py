"""OpenAPI documents that templates leave in S3."""

from __future__ import annotations

from typing import Any

from cloudarium.core.resources import ResourceRequest
from cloudarium.wire.http import content


async def from_s3(resource: ResourceRequest) -> bytes | None:
    """Return the object that a resource's `BodyS3Location` names; None if it names none."""
    place: dict[str, Any] | None = resource.properties.get("BodyS3Location")
    if not place:
        return None
    params = {"Bucket": place["Bucket"], "Key": place["Key"]}
    if "Version" in place:
        params["VersionId"] = place["Version"]
    found = b""

    async def read() -> bool:
        nonlocal found
        answer = await resource.call("s3", "GetObject", params)
        found = await content(answer["Body"])
        return True

    # Under `poll` the answer, which is a stream, is not kept for a repetition of the step.
    await resource.poll(read)
    return found
