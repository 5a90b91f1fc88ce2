"""Targets of rules."""

from __future__ import annotations

import orjson

from cloudarium.core import arn as arns
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.events import buses, delivery, errors, limits, rules
from cloudarium.services.events.rules import Rule, Target

_INPUTS = ("Input", "InputPath", "InputTransformer")


def put_targets(ctx: Context, request: Request) -> Response:
    """Add or replace targets; all of them or, if one is wrong, none."""
    rule = _rule(ctx, request)
    known = {target["Id"] for target in rules.targets(ctx, rule)}
    wanted = request["Targets"]
    if len(known | {target["Id"] for target in wanted}) > limits.MAX_TARGETS_PER_RULE:
        raise errors.TooManyTargets()
    for target in wanted:
        _check(target, rule)
        rules.put_target(ctx, rule, target)
    return {"FailedEntryCount": 0, "FailedEntries": []}


def remove_targets(ctx: Context, request: Request) -> Response:
    """Remove targets by id."""
    rule = _rule(ctx, request)
    known = {target["Id"] for target in rules.targets(ctx, rule)}
    failed = []
    for identifier in request["Ids"]:
        if identifier in known:
            rules.remove_target(ctx, rule, identifier)
        else:
            message = f"Target {identifier} does not exist on Rule {rule.name}."
            failed.append(
                {
                    "TargetId": identifier,
                    "ErrorCode": "ResourceNotFoundException",
                    "ErrorMessage": message,
                }
            )
    return {"FailedEntryCount": len(failed), "FailedEntries": failed}


def list_targets_by_rule(ctx: Context, request: Request) -> Response:
    """List a rule's targets."""
    return {"Targets": rules.targets(ctx, _rule(ctx, request))}


def _rule(ctx: Context, request: Request) -> Rule:
    bus = buses.find(ctx, buses.name_of(request.get("EventBusName"))).name
    return rules.find(ctx, bus, request["Rule"])


def _group(target: Target) -> str:
    """Return the message group that messages to a queue belong to, which FIFO queues need."""
    return str(target.get("SqsParameters", {}).get("MessageGroupId", ""))


def _check(target: Target, rule: Rule) -> None:
    parts = arns.parse(target["Arn"])
    if parts is None:
        raise errors.InvalidTarget(arn=target["Arn"])
    if parts.service not in delivery.SENDERS:
        raise errors.UnsupportedTarget(arn=target["Arn"], service=parts.service)
    if parts.service in delivery.ROLE_NEEDED and not (target.get("RoleArn") or rule.role_arn):
        raise errors.RoleNeeded(arn=target["Arn"])
    if parts.resource.endswith(".fifo") and parts.service == "sqs" and not _group(target):
        raise errors.ParametersNeeded(name="SqsParameters", id=target["Id"])
    if parts.service == "events" and any(name in target for name in _INPUTS):
        reason = "An event bus is sent the event as it is."
        raise errors.InvalidInput(name="Input", id=target["Id"], reason=reason)
    ways = [name for name in _INPUTS if name in target]
    if len(ways) > 1:
        raise errors.InvalidInput(
            name=ways[1], id=target["Id"], reason="Only one of the inputs can be given."
        )
    if "Input" in target:
        try:
            orjson.loads(target["Input"])
        except orjson.JSONDecodeError:
            raise errors.InvalidInput(
                name="Input", id=target["Id"], reason="It is not JSON."
            ) from None
