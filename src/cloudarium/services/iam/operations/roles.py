"""Roles."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import (
    attachments,
    boundaries,
    documents,
    entities,
    instance_profiles,
    pages,
    tags,
    views,
)
from cloudarium.services.iam.limits import DEFAULT_ROLE_SESSION


def create_role(ctx: Context, request: Request) -> Response:
    """Make a role with its trust policy."""
    documents.check_trust(ctx, request["AssumeRolePolicyDocument"])
    role = entities.create(
        ctx,
        "role",
        request["RoleName"],
        request.get("Path") or "/",
        boundary=boundaries.checked(ctx, request),
        trust_policy=request["AssumeRolePolicyDocument"],
        description=request.get("Description"),
        max_session_duration=request.get("MaxSessionDuration") or DEFAULT_ROLE_SESSION,
    )
    tags.put(ctx, role.id, request.get("Tags"))
    shown = views.role(ctx, role)
    return {"Role": {name: value for name, value in shown.items() if name != "RoleLastUsed"}}


def get_role(ctx: Context, request: Request) -> Response:
    """Tell about a role."""
    return {"Role": views.role(ctx, entities.find(ctx, "role", request["RoleName"]))}


def list_roles(ctx: Context, request: Request) -> Response:
    """List the account's roles below a path."""
    roles = entities.listed(ctx, "role", request.get("PathPrefix") or "/")
    shown, rest = pages.page(request, roles, lambda role: role.name)
    return {"Roles": [views.listed_role(role) for role in shown], **rest}


def update_role(ctx: Context, request: Request) -> Response:
    """Change a role's description or maximum session duration (seconds)."""
    role = entities.find(ctx, "role", request["RoleName"])
    if "Description" in request:
        entities.change(ctx, role, description=request["Description"])
    if "MaxSessionDuration" in request:
        entities.change(ctx, role, max_session_duration=request["MaxSessionDuration"])
    return {}


def update_role_description(ctx: Context, request: Request) -> Response:
    """Change a role's description."""
    role = entities.find(ctx, "role", request["RoleName"])
    entities.change(ctx, role, description=request["Description"])
    return {"Role": views.role(ctx, entities.find(ctx, "role", role.name))}


def update_assume_role_policy(ctx: Context, request: Request) -> None:
    """Replace a role's trust policy."""
    role = entities.find(ctx, "role", request["RoleName"])
    documents.check_trust(ctx, request["PolicyDocument"])
    entities.change(ctx, role, trust_policy=request["PolicyDocument"])


def delete_role(ctx: Context, request: Request) -> None:
    """Delete a role that has no policies and is in no instance profile."""
    role = entities.find(ctx, "role", request["RoleName"])
    instance_profiles.check_unused(ctx, role)
    attachments.check_unused(ctx, role)
    entities.remove(ctx, role)


def tag_role(ctx: Context, request: Request) -> None:
    """Add tags to a role."""
    tags.put(ctx, entities.find(ctx, "role", request["RoleName"]).id, request["Tags"])


def untag_role(ctx: Context, request: Request) -> None:
    """Remove tags from a role."""
    tags.remove(ctx, entities.find(ctx, "role", request["RoleName"]).id, request["TagKeys"])


def list_role_tags(ctx: Context, request: Request) -> Response:
    """List a role's tags."""
    role = entities.find(ctx, "role", request["RoleName"])
    shown, rest = pages.page(request, tags.shown(ctx, role.id), lambda tag: tag["Key"])
    return {"Tags": shown, **rest}


def put_role_permissions_boundary(ctx: Context, request: Request) -> None:
    """Set a role's permissions boundary."""
    role = entities.find(ctx, "role", request["RoleName"])
    entities.change(ctx, role, boundary=boundaries.checked(ctx, request))


def delete_role_permissions_boundary(ctx: Context, request: Request) -> None:
    """Remove a role's permissions boundary."""
    entities.remove_boundary(ctx, entities.find(ctx, "role", request["RoleName"]))
