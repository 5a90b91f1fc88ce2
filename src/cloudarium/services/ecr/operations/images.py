"""DescribeImages, ListImages: there are none."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.ecr import errors, repositories


def describe_images(ctx: Context, request: Request) -> Response:
    """Return no images; those named are not found."""
    found = repositories.asked(ctx, request)
    named: list[dict[str, Any]] = request.get("imageIds") or []
    if named:
        raise errors.ImageNotFound(
            digest=named[0].get("imageDigest", "null"),
            tag=named[0].get("imageTag", "null"),
            name=found.name,
            registry=ctx.account,
        )
    return {"imageDetails": []}


def list_images(ctx: Context, request: Request) -> Response:
    """Return no images."""
    repositories.asked(ctx, request)
    return {"imageIds": []}
