"""Schedule groups: create, get, delete, list."""

from __future__ import annotations

from cloudarium.core import pages, tags
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.scheduler import errors, firing, groups, limits, schedules, tokens
from cloudarium.services.scheduler.groups import Group


def create_schedule_group(ctx: Context, request: Request) -> Response:
    """Create a group."""
    return tokens.once(ctx, "CreateScheduleGroup", request, lambda: _create(ctx, request))


def get_schedule_group(ctx: Context, request: Request) -> Response:
    """Return a group."""
    return _shown(groups.find(ctx, request["Name"]))


def delete_schedule_group(ctx: Context, request: Request) -> Response:
    """Remove a group and all its schedules, at once."""
    return tokens.once(ctx, "DeleteScheduleGroup", request, lambda: _delete(ctx, request))


def list_schedule_groups(ctx: Context, request: Request) -> Response:
    """List groups by name, the default one among them."""
    token, size = request.get("NextToken"), request.get("MaxResults", limits.PAGE)
    after = pages.key_of(token, errors.InvalidNextToken()) if token else ""
    found = groups.listed(ctx, request.get("NamePrefix", ""), after, size + 1)
    shown = found[:size]
    return {
        "ScheduleGroups": [_shown(group) for group in shown],
        "NextToken": pages.token_of(shown[-1].name) if len(found) > size else None,
    }


def _create(ctx: Context, request: Request) -> Response:
    name = request["Name"]
    if name == groups.DEFAULT:
        raise errors.DefaultGroupStays()
    if groups.lookup(ctx, name) is not None:
        raise errors.GroupExists(name=name)
    group = Group(ctx.account, ctx.region, name, tags.from_list(request.get("Tags")), ctx.now)
    groups.put(ctx, group)
    return {"ScheduleGroupArn": group.arn}


def _delete(ctx: Context, request: Request) -> Response:
    if request["Name"] == groups.DEFAULT:
        raise errors.DefaultGroupStays()
    group = groups.find(ctx, request["Name"])
    for schedule in schedules.listed(ctx, group=group.name):
        firing.stop(ctx, schedule)
        schedules.delete(ctx, schedule)
    groups.delete(ctx, group)
    return {}


def _shown(group: Group) -> Response:
    return {
        "Arn": group.arn,
        "Name": group.name,
        "State": "ACTIVE",
        "CreationDate": group.created_at,
        "LastModificationDate": group.created_at,
    }
