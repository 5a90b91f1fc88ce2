"""Repository triggers: a message to an SNS topic or a Lambda function for what was pushed."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from cloudarium.core.arn import Arn, parse
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.codecommit import errors, limits
from cloudarium.services.codecommit.git import bare
from cloudarium.services.codecommit.repositories import Repository

_EVENTS = ("all", "updateReference", "createReference", "deleteReference")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")


def checked(ctx: Context, triggers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the triggers as they are kept. Raises CodeCommit's error for an invalid one."""
    if len(triggers) > limits.TRIGGERS_PER_REPOSITORY:
        raise errors.MaximumTriggersExceeded()
    for trigger in triggers:
        _check(ctx, trigger)
    return [{**trigger, "branches": trigger.get("branches", [])} for trigger in triggers]


def _check(ctx: Context, trigger: dict[str, Any]) -> None:
    if not _NAME.fullmatch(trigger["name"]):
        raise errors.InvalidTriggerName(name=trigger["name"])
    target = parse(trigger["destinationArn"])
    if target is None or target.service not in ("sns", "lambda"):
        raise errors.InvalidTriggerDestination(arn=trigger["destinationArn"])
    if target.region != ctx.region:
        raise errors.InvalidTriggerRegion()
    if len(trigger.get("customData", "")) > limits.TRIGGER_DATA_CHARACTERS:
        raise errors.InvalidTriggerCustomData()
    if len(trigger.get("branches", [])) > limits.BRANCHES_PER_TRIGGER:
        raise errors.MaximumBranchesExceeded()
    if not trigger["events"]:
        raise errors.TriggerEventsRequired()
    for event in trigger["events"]:
        if event not in _EVENTS:
            raise errors.InvalidTriggerEvents(event=event)


def schedule(
    ctx: Context, repository: Repository, changes: list[dict[str, Any]], caller_arn: str
) -> None:
    """Have every trigger that asks for some of `changes` sent."""
    for trigger in repository.triggers:
        wanted = [change for change in changes if _wants(trigger, change)]
        if wanted:
            references = [_reference(change) for change in wanted]
            record = _record(ctx, repository, trigger, references, caller_arn)
            ctx.schedule("trigger", {"trigger": trigger, "record": record})


def _wants(trigger: dict[str, Any], change: dict[str, Any]) -> bool:
    branches = trigger["branches"]
    name = change["name"].removeprefix(bare.BRANCHES)
    if branches and name not in branches:
        return False
    kind = "createReference" if change["old"] is None else "updateReference"
    kind = "deleteReference" if change["new"] is None else kind
    return bool({"all", kind} & set(trigger["events"]))


def _reference(change: dict[str, Any]) -> dict[str, Any]:
    reference = {"commit": change["new"] or bare.NO_COMMIT, "ref": change["name"]}
    if change["old"] is None:
        reference["created"] = True
    if change["new"] is None:
        reference["deleted"] = True
    return reference


def _record(
    ctx: Context,
    repository: Repository,
    trigger: dict[str, Any],
    references: list[dict[str, Any]],
    caller_arn: str,
) -> dict[str, Any]:
    """Return the record a trigger sends ("Example: Lambda function" in the user guide)."""
    at = datetime.fromtimestamp(ctx.now, UTC)
    return {
        "awsRegion": repository.region,
        "codecommit": {"references": references},
        "customData": trigger.get("customData"),
        "eventId": ctx.ids.uuid(),
        "eventName": "ReferenceChanges",
        "eventPartNumber": 1,
        "eventSource": "aws:codecommit",
        "eventSourceARN": repository.arn,
        "eventTime": at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}+0000",
        "eventTotalParts": 1,
        "eventTriggerConfigId": repository.triggers_id,
        "eventTriggerName": trigger["name"],
        "eventVersion": "1.0",
        "userIdentityARN": caller_arn,
    }


async def send(ctx: Context, payload: dict[str, Any]) -> None:
    """Send one trigger; a destination that refuses it is the owner's to mend, not ours to retry."""
    try:
        await _deliver(ctx, payload["trigger"], payload["record"])
    except AwsError as error:
        ctx.telemetry.log(
            "/aws/codecommit/triggers", payload["trigger"]["name"], f"{error.code}: {error.message}"
        )


async def test(ctx: Context, repository: Repository, trigger: dict[str, Any]) -> str | None:
    """Send a test message; return why that failed, or None."""
    reference = {"commit": bare.NO_COMMIT, "ref": f"{bare.BRANCHES}{_test_branch(trigger)}"}
    record = _record(ctx, repository, trigger, [reference], ctx.principal.arn)
    try:
        await _deliver(ctx, trigger, {**record, "eventName": "TriggerEventTest"})
    except AwsError as error:
        return error.message
    return None


def _test_branch(trigger: dict[str, Any]) -> str:
    branches = trigger["branches"]
    return branches[0] if branches else "any-branch"


async def _deliver(ctx: Context, trigger: dict[str, Any], record: dict[str, Any]) -> None:
    body = json.dumps({"Records": [record]})
    target = parse(trigger["destinationArn"])
    assert isinstance(target, Arn)
    if target.service == "sns":
        model, operation = "sns", "Publish"
        params: dict[str, Any] = {
            "TopicArn": str(target),
            "Message": body,
            "Subject": "UPDATE: AWS CodeCommit event",
        }
    else:
        model, operation = "lambda", "Invoke"
        params = {
            "FunctionName": str(target),
            "InvocationType": "Event",
            "Payload": body.encode(),
        }
    await ctx.call(
        model,
        operation,
        params,
        account=target.account,
        region=target.region,
        source_arn=record["eventSourceARN"],
        idempotency_key=record["eventId"],
    )
