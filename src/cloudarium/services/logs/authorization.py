"""What each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.logs import log_groups, resource_policies

_ANYWHERE = frozenset(
    {
        "DeleteQueryDefinition",
        "DeleteResourcePolicy",
        "DescribeQueries",
        "DescribeQueryDefinitions",
        "DescribeResourcePolicies",
        "GetQueryResults",
        "PutQueryDefinition",
        "PutResourcePolicy",
        "StopQuery",
        "TestMetricFilter",
    }
)
# What resource policies are about, and for services only (API_PutResourcePolicy).
_OF_SERVICES = frozenset({"CreateLogStream", "PutLogEvents"})
_ON_STREAM = frozenset({"PutLogEvents", "GetLogEvents", "DeleteLogStream"})


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the action on the log group or stream the request names."""
    action = f"logs:{operation}"
    if operation in _ANYWHERE:
        return [Access(action, "*")]
    if operation == "DescribeLogGroups":
        # The resource AWS's denials name.
        return [Access(action, ctx.arn("log-group::log-stream:"))]
    suffix = f":log-stream:{request['logStreamName']}" if operation in _ON_STREAM else ":*"
    policy = None
    if operation in _OF_SERVICES and ctx.principal.kind == "service":
        policy = resource_policies.together(ctx)
    return [
        Access(action, ctx.arn(f"log-group:{name}{suffix}"), policy=policy)
        for name in _names(request)
    ]


def _names(request: Request) -> list[str]:
    if "logGroupName" in request:
        return [request["logGroupName"]]
    for key in ("logGroupNames", "logGroupIdentifiers"):
        if key in request:
            return [log_groups.name_of(each) for each in request[key]]
    identifier = request.get("logGroupIdentifier") or request.get("resourceArn")
    return [log_groups.name_of(identifier) if identifier else "*"]
