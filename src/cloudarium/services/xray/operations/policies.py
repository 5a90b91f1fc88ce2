"""Resource policies: put, list, delete."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.xray import policies


def put_resource_policy(ctx: Context, request: Request) -> Response:
    """Make or replace a resource policy."""
    policy = policies.put(
        ctx, request["PolicyName"], request["PolicyDocument"], request.get("PolicyRevisionId")
    )
    return {"ResourcePolicy": policy.told()}


def list_resource_policies(ctx: Context, request: Request) -> Response:
    """List the resource policies; there are five at most."""
    return {"ResourcePolicies": [policy.told() for policy in policies.listed(ctx)]}


def delete_resource_policy(ctx: Context, request: Request) -> Response:
    """Remove a resource policy."""
    policies.delete(ctx, request["PolicyName"], request.get("PolicyRevisionId"))
    return {}
