"""Permissions boundaries."""

from __future__ import annotations

from cloudarium.core import arn as arns
from cloudarium.core.context import Context, Request
from cloudarium.services.iam import policies
from cloudarium.services.iam.errors import NoPolicyArn


def checked(ctx: Context, request: Request) -> str | None:
    """Return the policy ARN `request` names as boundary, if any.

    Raises InvalidInput, NoSuchEntity, ValidationError.
    """
    arn = request.get("PermissionsBoundary")
    parsed = arns.parse(arn) if arn else None
    if parsed is not None and not parsed.resource.startswith("policy/"):
        raise NoPolicyArn(arn=arn)
    return policies.attachable(ctx, arn).arn if arn else None
