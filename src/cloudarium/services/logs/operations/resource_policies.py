"""Resource policies."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.logs import errors, limits, resource_policies
from cloudarium.services.logs.resource_policies import ResourcePolicy

# Those of a single log group.
_OF_A_GROUP = ("resourceArn", "expectedRevisionId")


def _shown(policy: ResourcePolicy) -> dict[str, Any]:
    return {
        "policyName": policy.name,
        "policyDocument": policy.document,
        "lastUpdatedTime": policy.updated_at,
        "policyScope": "ACCOUNT",
    }


def _name(request: Request) -> str:
    for parameter in _OF_A_GROUP:
        if parameter in request:
            raise errors.NotSupported(parameter=parameter)
    if "policyName" not in request:
        raise errors.ParameterRequired(parameter="policyName")
    return str(request["policyName"])


def put_resource_policy(ctx: Context, request: Request) -> Response:
    """Let AWS services write to log groups."""
    name = _name(request)
    if "policyDocument" not in request:
        raise errors.ParameterRequired(parameter="policyDocument")
    return {"resourcePolicy": _shown(resource_policies.put(ctx, name, request["policyDocument"]))}


def describe_resource_policies(ctx: Context, request: Request) -> Response:
    """List the policies by name; none is of a single log group."""
    is_of_groups = request.get("policyScope") == "RESOURCE" or "resourceArn" in request
    found = [] if is_of_groups else resource_policies.listed(ctx)
    after = request.get("nextToken", "")
    rest = [policy for policy in found if policy.name > after]
    size = request.get("limit", limits.MAX_DESCRIBED)
    return {
        "resourcePolicies": [_shown(policy) for policy in rest[:size]],
        "nextToken": rest[size - 1].name if len(rest) > size else None,
    }


def delete_resource_policy(ctx: Context, request: Request) -> Response:
    """Take a policy away."""
    resource_policies.delete(ctx, _name(request))
    return {}
