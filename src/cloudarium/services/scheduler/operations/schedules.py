"""Schedules: create, get, update, delete, list."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.scheduler import errors, firing, groups, limits, schedules, tokens
from cloudarium.services.scheduler.schedules import Schedule
from cloudarium.services.scheduler.settings import checked


def create_schedule(ctx: Context, request: Request) -> Response:
    """Create a schedule and set its first moment."""
    return tokens.once(ctx, "CreateSchedule", request, lambda: _create(ctx, request))


def get_schedule(ctx: Context, request: Request) -> Response:
    """Return a schedule with its settings."""
    schedule = _found(ctx, request)
    return {
        **schedule.settings,
        "Arn": schedule.arn,
        "GroupName": schedule.group,
        "Name": schedule.name,
        "CreationDate": schedule.created_at,
        "LastModificationDate": schedule.modified_at,
    }


def update_schedule(ctx: Context, request: Request) -> Response:
    """Replace all settings of a schedule, also those that are not given, and its next moment."""
    return tokens.once(ctx, "UpdateSchedule", request, lambda: _update(ctx, request))


def delete_schedule(ctx: Context, request: Request) -> Response:
    """Remove a schedule; what is under way is not tried again."""
    return tokens.once(ctx, "DeleteSchedule", request, lambda: _delete(ctx, request))


def list_schedules(ctx: Context, request: Request) -> Response:
    """List schedules by group and name. Raises ResourceNotFoundException for a group's name."""
    token, size = request.get("NextToken"), request.get("MaxResults", limits.PAGE)
    group = request.get("GroupName")
    if group is not None:
        groups.find(ctx, group)
    found = schedules.listed(
        ctx,
        group=group,
        prefix=request.get("NamePrefix", ""),
        state=request.get("State"),
        after=pages.key_of(token, errors.InvalidNextToken()) if token else "",
        limit=size + 1,
    )
    shown = found[:size]
    more = len(found) > size
    return {
        "Schedules": [_summary(schedule) for schedule in shown],
        "NextToken": pages.token_of(f"{shown[-1].group}/{shown[-1].name}") if more else None,
    }


def _create(ctx: Context, request: Request) -> Response:
    group = groups.find(ctx, request.get("GroupName", groups.DEFAULT))
    if schedules.lookup(ctx, group.name, request["Name"]) is not None:
        raise errors.ScheduleExists(name=request["Name"])
    settings = checked(ctx, request, group.arn)
    schedule = Schedule(
        *(ctx.account, ctx.region, group.name, request["Name"], ctx.ids.uuid(), settings),
        created_at=ctx.now,
        modified_at=ctx.now,
    )
    schedules.put(ctx, schedule)
    firing.start(ctx, schedule)
    return {"ScheduleArn": schedule.arn}


def _update(ctx: Context, request: Request) -> Response:
    known = _found(ctx, request)
    settings = checked(ctx, request, known.group_arn)
    schedule = replace(known, settings=settings, modified_at=ctx.now)
    schedules.put(ctx, schedule)
    firing.plan(ctx, schedule)
    return {"ScheduleArn": schedule.arn}


def _delete(ctx: Context, request: Request) -> Response:
    schedule = _found(ctx, request)
    firing.stop(ctx, schedule)
    schedules.delete(ctx, schedule)
    return {}


def _found(ctx: Context, request: Request) -> Schedule:
    return schedules.find(ctx, request.get("GroupName", groups.DEFAULT), request["Name"])


def _summary(schedule: Schedule) -> Response:
    return {
        "Arn": schedule.arn,
        "Name": schedule.name,
        "GroupName": schedule.group,
        "State": schedule.settings["State"],
        "CreationDate": schedule.created_at,
        "LastModificationDate": schedule.modified_at,
        "Target": {"Arn": schedule.target["Arn"]},
    }
