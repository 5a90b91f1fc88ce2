"""Invocations: attempts by the clock until the target takes one, or the retry policy is exhausted.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html and, for the metrics,
https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.scheduler import dead_letters, firing, limits, schedules, timing
from cloudarium.services.scheduler.metrics import count
from cloudarium.services.scheduler.schedules import Schedule
from cloudarium.services.scheduler.targets import delivery, payloads
from cloudarium.services.scheduler.targets.payloads import Attempt

_THROTTLING = ("Throttl", "ThroughputExceeded", "TooManyRequests", "SlowDown")


async def invoke(ctx: Context, payload: dict[str, Any]) -> None:
    """Try once to invoke the target; on failure plan the next attempt, or give up."""
    with ctx.transaction():
        schedule = schedules.lookup(ctx, payload["group"], payload["name"])
    if schedule is None or schedule.id != payload["id"]:
        return
    attempt = Attempt(schedule, payload["at"], payload["execution"], payload["attempt"])
    text = payloads.text(ctx, attempt)
    count(ctx, schedule, "InvocationAttemptCount")
    try:
        await delivery.deliver(ctx, attempt, text)
    except AwsError as error:
        _count_failure(ctx, schedule, error)
        if (condition := _exhausted(ctx, schedule, payload)) is None:
            _try_again(ctx, payload)
            return
        count(ctx, schedule, "InvocationDroppedCount")
        await dead_letters.send(ctx, attempt, text, error, condition)
    _complete(ctx, schedule)


def _count_failure(ctx: Context, schedule: Schedule, error: AwsError) -> None:
    count(ctx, schedule, "TargetErrorCount")
    if any(part in error.code for part in _THROTTLING):
        count(ctx, schedule, "TargetErrorThrottledCount")


def _exhausted(ctx: Context, schedule: Schedule, payload: dict[str, Any]) -> str | None:
    """Return the condition of the retry policy that forbids a further attempt, if one does."""
    policy = schedule.target["RetryPolicy"]
    if payload["attempt"] > policy["MaximumRetryAttempts"]:
        return "MaximumRetryAttempts"
    age = ctx.now + _delay(payload) - payload["since"]
    return "MaximumEventAgeInSeconds" if age > policy["MaximumEventAgeInSeconds"] else None


def _try_again(ctx: Context, payload: dict[str, Any]) -> None:
    """Plan the next attempt, which takes the place of this one's job."""
    again = {**payload, "attempt": payload["attempt"] + 1}
    with ctx.transaction():
        ctx.schedule("invoke", again, at=ctx.now + _delay(payload), key=payload["execution"])


def _delay(payload: dict[str, Any]) -> float:
    retries: int = payload["attempt"] - 1
    return float(min(2**retries, limits.LONGEST_DELAY))


def _complete(ctx: Context, invoked: Schedule) -> None:
    """Remove a schedule that wants to be removed when it has nothing more to do."""
    with ctx.transaction():
        schedule = schedules.lookup(ctx, invoked.group, invoked.name)
        if schedule is None or schedule.id != invoked.id:
            return
        wanted = schedule.settings["ActionAfterCompletion"] == "DELETE"
        if wanted and timing.next_after(schedule, ctx.now) is None:
            firing.stop(ctx, schedule)
            schedules.delete(ctx, schedule)
