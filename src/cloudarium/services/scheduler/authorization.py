"""What each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.scheduler import groups

_ON_SCHEDULES = frozenset({"CreateSchedule", "GetSchedule", "UpdateSchedule", "DeleteSchedule"})
_ON_GROUPS = frozenset({"CreateScheduleGroup", "GetScheduleGroup", "DeleteScheduleGroup"})


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the action on the schedule, group or `*`, and what comes with it."""
    action = f"scheduler:{operation}"
    if operation in _ON_SCHEDULES:
        group = request.get("GroupName", groups.DEFAULT)
        yield Access(action, ctx.arn(f"schedule/{group}/{request['Name']}"))
    elif operation in _ON_GROUPS:
        arn = ctx.arn(f"schedule-group/{request['Name']}")
        yield Access(action, arn)
        if request.get("Tags"):
            yield Access("scheduler:TagResource", arn)
        if operation == "DeleteScheduleGroup":
            yield Access("scheduler:DeleteSchedule", ctx.arn(f"schedule/{request['Name']}/*"))
    else:
        yield Access(action, request.get("ResourceArn", "*"))
    if "Target" in request:
        passed = {"iam:PassedToService": "scheduler.amazonaws.com"}
        yield Access("iam:PassRole", request["Target"]["RoleArn"], passed)
