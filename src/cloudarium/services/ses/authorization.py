"""Which IAM action on which ARN each operation needs (service authorization reference, Amazon
SES)."""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Yield what the operation needs; receipt rules are no resources of their own."""
    yield Access(f"ses:{operation}", "*")
    for action in request.get("Rule", {}).get("Actions") or []:
        role = action.get("S3Action", {}).get("IamRoleArn")
        if role:
            yield Access("iam:PassRole", role, {"iam:PassedToService": "ses.amazonaws.com"})
