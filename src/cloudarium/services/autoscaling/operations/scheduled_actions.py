"""Scheduled actions: put, describe, delete."""

from __future__ import annotations

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.autoscaling import (
    errors,
    limits,
    scheduled_actions,
    scheduling,
    targets,
)
from cloudarium.services.autoscaling.scheduled_actions import ScheduledAction
from cloudarium.services.autoscaling.targets import Key

_KEPT = ("Schedule", "Timezone", "ScalableTargetAction")
_TIMES = ("StartTime", "EndTime")


def put_scheduled_action(ctx: Context, request: Request) -> Response:
    """Make or change a scheduled action; start and end are forgotten unless they are given."""
    target = targets.find(ctx, Key.of(request))
    name = request["ScheduledActionName"]
    known = scheduled_actions.lookup(ctx, target.key, name)
    before = (
        {each: known.settings[each] for each in _KEPT if each in known.settings} if known else {}
    )
    settings = {**before, **{each: request[each] for each in (*_KEPT, *_TIMES) if each in request}}
    for needed in ("Schedule", "ScalableTargetAction"):
        if needed not in settings:
            raise errors.ScheduleNeeded(name=needed)
    bounds = settings["ScalableTargetAction"]
    if not bounds:
        raise errors.ScheduleNeeded(name="MinCapacity or MaxCapacity")
    if min(bounds.values()) < 0:
        raise errors.NegativeCapacity()
    if bounds.get("MinCapacity", 0) > bounds.get("MaxCapacity", bounds.get("MinCapacity", 0)):
        raise errors.CapacityOrder()
    identifier = known.id if known else ctx.ids.uuid()
    created = known.created_at if known else ctx.now
    where = (ctx.account, ctx.region, target.key, name)
    action = ScheduledAction(*where, identifier, settings, created)
    scheduling.plan(ctx, action)
    scheduled_actions.put(ctx, action)
    return {}


def describe_scheduled_actions(ctx: Context, request: Request) -> Response:
    """Describe a service namespace's scheduled actions."""
    names = request.get("ScheduledActionNames")
    found = [
        action
        for action in scheduled_actions.listed(ctx, request["ServiceNamespace"])
        if (not names or action.name in names)
        and request.get("ResourceId") in (None, action.key.resource)
        and request.get("ScalableDimension") in (None, action.key.dimension)
    ]
    size = request.get("MaxResults", limits.PAGE)
    page, token = pages.page(found, request.get("NextToken"), size, errors.InvalidNextToken())
    return {"ScheduledActions": [_shown(action) for action in page], "NextToken": token}


def delete_scheduled_action(ctx: Context, request: Request) -> Response:
    """Remove a scheduled action."""
    action = scheduled_actions.find(ctx, Key.of(request), request["ScheduledActionName"])
    scheduling.stop(ctx, action)
    scheduled_actions.delete(ctx, action)
    return {}


def _shown(action: ScheduledAction) -> Response:
    return {
        **action.settings,
        "ScheduledActionName": action.name,
        "ScheduledActionARN": action.arn,
        **action.key.shown,
        "CreationTime": action.created_at,
    }
