"""What each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.events import buses

_RULE_NAME = {"PutTargets": "Rule", "RemoveTargets": "Rule", "ListTargetsByRule": "Rule"}
_ON_RULES = frozenset(
    {"PutRule", "DescribeRule", "EnableRule", "DisableRule", "DeleteRule", *_RULE_NAME}
)
_ON_BUSES = frozenset({"CreateEventBus", "DescribeEventBus", "DeleteEventBus", "UpdateEventBus"})


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the action on the rule, bus or `*`, and the passing of roles."""
    action = f"events:{operation}"
    if operation == "PutEvents":
        names = {buses.name_of(entry.get("EventBusName")) for entry in request["Entries"]}
        for bus in (buses.lookup(ctx, name) for name in sorted(names)):
            if bus is not None:
                yield Access(action, bus.arn, policy=bus.policy)
    elif operation in _ON_RULES:
        bus_name = buses.name_of(request.get("EventBusName"))
        name = request[_RULE_NAME.get(operation, "Name")]
        path = name if bus_name == buses.DEFAULT else f"{bus_name}/{name}"
        yield Access(action, ctx.arn(f"rule/{path}"))
    elif operation in _ON_BUSES:
        yield Access(action, ctx.arn(f"event-bus/{buses.name_of(request.get('Name'))}"))
    elif "ArchiveName" in request:
        yield Access(action, ctx.arn(f"archive/{request['ArchiveName']}"))
    elif "ReplayName" in request:
        yield Access(action, ctx.arn(f"replay/{request['ReplayName']}"))
    elif "ResourceARN" in request:
        yield Access(action, request["ResourceARN"])
    else:
        yield Access(action, "*")
    roles = [request.get("RoleArn"), *(t.get("RoleArn") for t in request.get("Targets", []))]
    for role in filter(None, roles):
        yield Access("iam:PassRole", role, {"iam:PassedToService": "events.amazonaws.com"})
