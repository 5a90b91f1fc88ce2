"""What each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.ssm import names


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the action on each parameter the request names."""
    action = f"ssm:{operation}"
    if operation == "DescribeParameters":
        yield Access(action, "*")
        return
    if operation == "GetParametersByPath":
        yield Access(action, names.arn_of(ctx, request["Path"].rstrip("/")))
        return
    given = request.get("Names") or [request.get("Name") or request.get("ResourceId", "")]
    for each in given:
        resource = each if each.startswith("arn:") else names.arn_of(ctx, each.partition(":")[0])
        yield Access(action, resource)
    if operation == "PutParameter" and request.get("Tags"):
        yield Access("ssm:AddTagsToResource", names.arn_of(ctx, request["Name"]))
