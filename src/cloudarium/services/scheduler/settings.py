"""What a schedule is asked to be: checked, with AWS's defaults filled in."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.core.errors import AwsError
from cloudarium.core.schedules import At
from cloudarium.services.scheduler import errors, limits, timing
from cloudarium.services.scheduler.schedules import Settings
from cloudarium.services.scheduler.targets import delivery

_OPTIONAL = ("Description", "EndDate", "KmsKeyArn", "StartDate")


def checked(ctx: Context, request: Request, group_arn: str) -> Settings:
    """Return the settings CreateSchedule or UpdateSchedule asks for.

    Raises ValidationException.
    """
    found = timing.expression(request["ScheduleExpression"])
    place = request.get("ScheduleExpressionTimezone", "UTC")
    timing.zone(place)
    if not isinstance(found, At):
        _check_dates(ctx, request)
    _check_window(request["FlexibleTimeWindow"])
    delivery.check(ctx, request["Target"])
    _check_role(ctx, request["Target"]["RoleArn"], group_arn)
    return {
        **{name: request[name] for name in _OPTIONAL if name in request},
        "ScheduleExpression": request["ScheduleExpression"],
        "ScheduleExpressionTimezone": place,
        "FlexibleTimeWindow": request["FlexibleTimeWindow"],
        "State": request.get("State", "ENABLED"),
        "ActionAfterCompletion": request.get("ActionAfterCompletion", "NONE"),
        "Target": _with_defaults(request["Target"]),
    }


def _with_defaults(target: dict[str, Any]) -> dict[str, Any]:
    policy = {
        "MaximumEventAgeInSeconds": limits.RETRY_SECONDS,
        "MaximumRetryAttempts": limits.RETRY_ATTEMPTS,
        **target.get("RetryPolicy", {}),
    }
    return {**target, "RetryPolicy": policy}


def _check_dates(ctx: Context, request: Request) -> None:
    start, end = request.get("StartDate"), request.get("EndDate")
    if start is not None and start < ctx.now - limits.START_DATE_LENIENCE:
        raise errors.StartDateTooEarly()
    if end is not None and start is not None and start >= end:
        raise errors.DatesOutOfOrder()
    if end is not None and end <= ctx.now:
        raise errors.EndDateTooEarly()


def _check_window(window: dict[str, Any]) -> None:
    given = "MaximumWindowInMinutes" in window
    if window["Mode"] == "FLEXIBLE" and not given:
        raise errors.WindowNeeded()
    if window["Mode"] == "OFF" and given:
        raise errors.WindowNotNeeded()


def _check_role(ctx: Context, role: str, group_arn: str) -> None:
    try:
        ctx.role_session(role, "check", source_arn=group_arn)
    except AwsError:
        raise errors.RoleNotAssumable() from None
