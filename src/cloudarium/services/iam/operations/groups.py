"""Groups and who is in them."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import attachments, entities, pages, views
from cloudarium.services.iam.errors import MustRemoveUsers, NoSuchNamedEntity, QuotaExceeded
from cloudarium.services.iam.limits import GROUPS_PER_USER


def create_group(ctx: Context, request: Request) -> Response:
    """Make a group."""
    group = entities.create(ctx, "group", request["GroupName"], request.get("Path") or "/")
    return {"Group": views.group(group)}


def get_group(ctx: Context, request: Request) -> Response:
    """Tell about a group and its users."""
    group = entities.find(ctx, "group", request["GroupName"])
    users = entities.members_of(ctx, group)
    shown, rest = pages.page(request, users, lambda user: user.name)
    return {
        "Group": views.group(group),
        "Users": [views.listed_user(user) for user in shown],
        **rest,
    }


def list_groups(ctx: Context, request: Request) -> Response:
    """List the account's groups below a path."""
    groups = entities.listed(ctx, "group", request.get("PathPrefix") or "/")
    shown, rest = pages.page(request, groups, lambda group: group.name)
    return {"Groups": [views.group(group) for group in shown], **rest}


def update_group(ctx: Context, request: Request) -> None:
    """Rename or move a group."""
    group = entities.find(ctx, "group", request["GroupName"])
    name, path = request.get("NewGroupName"), request.get("NewPath")
    entities.rename(ctx, group, name or group.name, path or group.path)


def delete_group(ctx: Context, request: Request) -> None:
    """Delete a group that has no users and policies."""
    group = entities.find(ctx, "group", request["GroupName"])
    attachments.check_unused(ctx, group)
    if entities.members_of(ctx, group):
        raise MustRemoveUsers()
    entities.remove(ctx, group)


def add_user_to_group(ctx: Context, request: Request) -> None:
    """Put a user into a group."""
    group = entities.find(ctx, "group", request["GroupName"])
    user = entities.find(ctx, "user", request["UserName"])
    present = entities.groups_of(ctx, user)
    if group not in present and len(present) >= GROUPS_PER_USER:
        raise QuotaExceeded(quota="GroupsPerUser", limit=GROUPS_PER_USER)
    entities.join(ctx, group, user)


def remove_user_from_group(ctx: Context, request: Request) -> None:
    """Take a user out of a group."""
    group = entities.find(ctx, "group", request["GroupName"])
    user = entities.find(ctx, "user", request["UserName"])
    if not entities.leave(ctx, group, user):
        raise NoSuchNamedEntity(kind="user", name=user.name)


def list_groups_for_user(ctx: Context, request: Request) -> Response:
    """List the groups a user is in."""
    groups = entities.groups_of(ctx, entities.find(ctx, "user", request["UserName"]))
    shown, rest = pages.page(request, groups, lambda group: group.name)
    return {"Groups": [views.group(group) for group in shown], **rest}
