"""Delivery: the call a target stands for, made as the schedule's role."""

from __future__ import annotations

from typing import Any

from cloudarium.core import arn as arns
from cloudarium.core.context import Context
from cloudarium.core.identity import Principal
from cloudarium.services.scheduler import errors, limits
from cloudarium.services.scheduler.targets import templated, universal
from cloudarium.services.scheduler.targets.payloads import Attempt


def check(ctx: Context, target: dict[str, Any]) -> None:
    """Raise ValidationException unless the target can be called."""
    parts = arns.parse(target["Arn"])
    if parts is None:
        raise errors.InvalidTargetArn(arn=target["Arn"])
    if len(target.get("Input", "").encode()) > limits.MAX_INPUT_BYTES:
        raise errors.InputTooLarge(limit=limits.MAX_INPUT_BYTES)
    if universal.is_universal(parts):
        universal.check(ctx, target)
    else:
        templated.check(target, parts)
        if parts.region != ctx.region:
            raise errors.OtherRegion(region=ctx.region)


async def deliver(ctx: Context, attempt: Attempt, text: str) -> None:
    """Call the target. Raises AwsError."""
    target = attempt.schedule.target
    parts = arns.parse(target["Arn"])
    assert parts is not None
    if universal.is_universal(parts):
        model, operation, params = universal.call(ctx, target, text)
    else:
        model, operation, params = templated.call(target, parts, text, attempt.key)
    principal = await role(ctx, attempt)
    answer = await ctx.call(
        model, operation, params, principal=principal, idempotency_key=attempt.key
    )
    templated.check_answer(answer)


async def role(ctx: Context, attempt: Attempt) -> Principal:
    """Return a session of the schedule's role. Raises AccessDenied.

    The `aws:SourceArn` is that of the schedule's group:
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    schedule = attempt.schedule
    return await ctx.assume_role(
        schedule.target["RoleArn"], attempt.execution, source_arn=schedule.group_arn
    )


def queue_url(arn: str) -> str:
    """Return a URL by which SQS finds the queue."""
    return templated.queue_url(arn)
