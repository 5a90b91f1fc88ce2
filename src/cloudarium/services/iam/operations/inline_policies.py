"""Inline policies: embedded in one user, group or role."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import attachments, documents, entities, pages
from cloudarium.services.iam.entities import Kind


def _get(ctx: Context, kind: Kind, request: Request) -> Response:
    member = f"{kind.capitalize()}Name"
    entity = entities.find(ctx, kind, request[member])
    document = attachments.inline_document(ctx, entity, request["PolicyName"])
    return {
        member: entity.name,
        "PolicyName": request["PolicyName"],
        "PolicyDocument": documents.encoded(document),
    }


def _list(ctx: Context, kind: Kind, request: Request) -> Response:
    entity = entities.find(ctx, kind, request[f"{kind.capitalize()}Name"])
    names = list(attachments.inline(ctx.db, entity.id))
    shown, rest = pages.page(request, names, str)
    return {"PolicyNames": shown, **rest}


def put_user_policy(ctx: Context, request: Request) -> None:
    """Add or replace an inline policy of a user."""
    user = entities.find(ctx, "user", request["UserName"])
    attachments.put_inline(ctx, user, request["PolicyName"], request["PolicyDocument"])


def get_user_policy(ctx: Context, request: Request) -> Response:
    """Tell an inline policy of a user."""
    return _get(ctx, "user", request)


def list_user_policies(ctx: Context, request: Request) -> Response:
    """List the names of a user's inline policies."""
    return _list(ctx, "user", request)


def delete_user_policy(ctx: Context, request: Request) -> None:
    """Delete an inline policy of a user."""
    user = entities.find(ctx, "user", request["UserName"])
    attachments.remove_inline(ctx, user, request["PolicyName"])


def put_group_policy(ctx: Context, request: Request) -> None:
    """Add or replace an inline policy of a group."""
    group = entities.find(ctx, "group", request["GroupName"])
    attachments.put_inline(ctx, group, request["PolicyName"], request["PolicyDocument"])


def get_group_policy(ctx: Context, request: Request) -> Response:
    """Tell an inline policy of a group."""
    return _get(ctx, "group", request)


def list_group_policies(ctx: Context, request: Request) -> Response:
    """List the names of a group's inline policies."""
    return _list(ctx, "group", request)


def delete_group_policy(ctx: Context, request: Request) -> None:
    """Delete an inline policy of a group."""
    group = entities.find(ctx, "group", request["GroupName"])
    attachments.remove_inline(ctx, group, request["PolicyName"])


def put_role_policy(ctx: Context, request: Request) -> None:
    """Add or replace an inline policy of a role."""
    role = entities.find(ctx, "role", request["RoleName"])
    attachments.put_inline(ctx, role, request["PolicyName"], request["PolicyDocument"])


def get_role_policy(ctx: Context, request: Request) -> Response:
    """Tell an inline policy of a role."""
    return _get(ctx, "role", request)


def list_role_policies(ctx: Context, request: Request) -> Response:
    """List the names of a role's inline policies."""
    return _list(ctx, "role", request)


def delete_role_policy(ctx: Context, request: Request) -> None:
    """Delete an inline policy of a role."""
    role = entities.find(ctx, "role", request["RoleName"])
    attachments.remove_inline(ctx, role, request["PolicyName"])
