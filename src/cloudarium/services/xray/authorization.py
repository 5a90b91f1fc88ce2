"""Which IAM action on which ARN each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.xray import groups

_ON_GROUP = frozenset({"CreateGroup", "DeleteGroup", "GetGroup", "UpdateGroup"})
_RULES = {"CreateSamplingRule": "SamplingRule", "UpdateSamplingRule": "SamplingRuleUpdate"}
_TAGGING = frozenset({"TagResource", "UntagResource", "ListTagsForResource"})

# What the service-linked roles of the services that sample may do (APIGatewayServiceRolePolicy).
_SAMPLES = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": ["xray:GetSamplingRules", "xray:GetSamplingTargets"],
            "Resource": "*",
        }
    ],
}


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return what `operation` needs."""
    action = f"xray:{operation}"
    if operation in _ON_GROUP:
        yield Access(action, _group(ctx, operation, request))
    elif operation in _RULES:
        yield Access(action, _rule(ctx, request[_RULES[operation]]))
    elif operation == "DeleteSamplingRule":
        yield Access(action, _rule(ctx, request))
    elif operation in _TAGGING:
        yield Access(action, request["ResourceARN"])
    else:
        policy = _SAMPLES if ctx.principal.kind == "service" else None
        yield Access(action, "*", policy=policy)


def _group(ctx: Context, operation: str, request: Request) -> str:
    arn: str | None = request.get("GroupARN")
    if arn:
        return arn
    name = request.get("GroupName") or ""
    if operation == "CreateGroup" or not name:
        return ctx.arn(f"group/{name}/*")
    return groups.find(ctx, name).arn


def _rule(ctx: Context, named: Request) -> str:
    arn: str | None = named.get("RuleARN")
    return arn or ctx.arn(f"sampling-rule/{named.get('RuleName') or ''}")
