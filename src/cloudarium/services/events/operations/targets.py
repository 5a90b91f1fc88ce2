"""Targets of rules."""

from __future__ import annotations

import orjson

from cloudarium.core import arn as arns
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.events import (
    buses,
    dead_letters,
    delivery,
    errors,
    limits,
    log_events,
    rules,
    transform,
)
from cloudarium.services.events.rules import Rule, Target

# What targets have that are refused (badmintoncryer/cdk-preflight: any may have SqsParameters).
_OF_OTHERS = (
    "EcsParameters",
    "KinesisParameters",
    "BatchParameters",
    "HttpParameters",
    "RedshiftDataParameters",
    "RunCommandParameters",
    "SageMakerPipelineParameters",
    "AppSyncParameters",
)
_INPUTS = ("Input", "InputPath", "InputTransformer")


def put_targets(ctx: Context, request: Request) -> Response:
    """Add or replace targets; all of them or, if one is wrong, none."""
    rule = _rule(ctx, request)
    known = {target["Id"] for target in rules.targets(ctx, rule)}
    wanted = request["Targets"]
    _check_ids(wanted)
    if len(known | {target["Id"] for target in wanted}) > limits.MAX_TARGETS_PER_RULE:
        raise errors.TooManyTargets()
    for target in wanted:
        _check(target, rule)
        rules.put_target(ctx, rule, target)
    return {"FailedEntryCount": 0, "FailedEntries": []}


def _check_ids(wanted: list[Target]) -> None:
    seen = set()
    for target in wanted:
        if target["Id"] in seen:
            raise errors.IdTwice(id=target["Id"])
        seen.add(target["Id"])


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
    if parts.service == "logs":
        log_events.check(target)
    if parts.service in delivery.ROLE_NEEDED and not (target.get("RoleArn") or rule.role_arn):
        raise errors.RoleNeeded(arn=target["Arn"])
    if parts.resource.endswith(".fifo") and parts.service == "sqs" and not _group(target):
        raise errors.ParametersNeeded(name="SqsParameters", id=target["Id"])
    for name in _OF_OTHERS:
        if name in target:
            raise errors.ParametersNotSupported(name=name, id=target["Id"])
    dead_letters.check(target)
    _check_input(target, is_bus=parts.service == "events")


def _check_input(target: Target, *, is_bus: bool) -> None:
    ways = [name for name in _INPUTS if name in target]
    if is_bus and ways:
        raise errors.NoInputOfBus(id=target["Id"])
    if len(ways) > 1:
        raise errors.OneInput(id=target["Id"])
    if "Input" in target:
        try:
            orjson.loads(target["Input"])
        except orjson.JSONDecodeError:
            raise errors.InputNotJson(id=target["Id"]) from None
    transform.check(target)
