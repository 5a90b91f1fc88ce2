"""Users."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import (
    attachments,
    boundaries,
    callers,
    credentials,
    entities,
    pages,
    passwords,
    tags,
    views,
)
from cloudarium.services.iam.errors import MustRemoveUsers


def create_user(ctx: Context, request: Request) -> Response:
    """Make a user."""
    boundary = boundaries.checked(ctx, request)
    user = entities.create(
        ctx, "user", request["UserName"], request.get("Path") or "/", boundary=boundary
    )
    tags.put(ctx, user.id, request.get("Tags"))
    return {"User": views.user(ctx, user)}


def get_user(ctx: Context, request: Request) -> Response:
    """Tell about a user."""
    return {"User": views.user(ctx, callers.user_of(ctx, request))}


def list_users(ctx: Context, request: Request) -> Response:
    """List the account's users below a path."""
    users = entities.listed(ctx, "user", request.get("PathPrefix") or "/")
    shown, rest = pages.page(request, users, lambda user: user.name)
    return {"Users": [views.listed_user(user) for user in shown], **rest}


def update_user(ctx: Context, request: Request) -> None:
    """Rename or move a user."""
    user = entities.find(ctx, "user", request["UserName"])
    name, path = request.get("NewUserName"), request.get("NewPath")
    entities.rename(ctx, user, name or user.name, path or user.path)


def delete_user(ctx: Context, request: Request) -> None:
    """Delete a user who has nothing left."""
    user = entities.find(ctx, "user", request["UserName"])
    attachments.check_unused(ctx, user)
    credentials.check_unused(ctx, user)
    passwords.check_unused(ctx, user)
    if entities.groups_of(ctx, user):
        raise MustRemoveUsers()
    entities.remove(ctx, user)


def tag_user(ctx: Context, request: Request) -> None:
    """Add tags to a user."""
    tags.put(ctx, entities.find(ctx, "user", request["UserName"]).id, request["Tags"])


def untag_user(ctx: Context, request: Request) -> None:
    """Remove tags from a user."""
    tags.remove(ctx, entities.find(ctx, "user", request["UserName"]).id, request["TagKeys"])


def list_user_tags(ctx: Context, request: Request) -> Response:
    """List a user's tags."""
    user = entities.find(ctx, "user", request["UserName"])
    shown, rest = pages.page(request, tags.shown(ctx, user.id), lambda tag: tag["Key"])
    return {"Tags": shown, **rest}


def put_user_permissions_boundary(ctx: Context, request: Request) -> None:
    """Set a user's permissions boundary."""
    user = entities.find(ctx, "user", request["UserName"])
    entities.change(ctx, user, boundary=boundaries.checked(ctx, request))


def delete_user_permissions_boundary(ctx: Context, request: Request) -> None:
    """Remove a user's permissions boundary."""
    entities.remove_boundary(ctx, entities.find(ctx, "user", request["UserName"]))
