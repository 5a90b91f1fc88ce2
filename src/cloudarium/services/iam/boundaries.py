"""Permissions boundaries."""

from __future__ import annotations

from cloudarium.core.context import Context, Request
from cloudarium.services.iam import policies


def checked(ctx: Context, request: Request) -> str | None:
    """Return the policy ARN `request` names as boundary, if any. Raises NoSuchEntity."""
    arn = request.get("PermissionsBoundary")
    return policies.attachable(ctx, arn).arn if arn else None
