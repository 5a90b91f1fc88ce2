"""Inline policies: embedded in one user, group or role."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import attachments, documents, entities, pages
from cloudarium.services.iam.entities import Entity, Kind


def _holder(ctx: Context, kind: Kind, request: Request) -> Entity:
    return entities.find(ctx, kind, request[f"{kind.capitalize()}Name"])


def _put(ctx: Context, kind: Kind, request: Request) -> None:
    holder = _holder(ctx, kind, request)
    attachments.put_inline(ctx, holder, request["PolicyName"], request["PolicyDocument"])


def _get(ctx: Context, kind: Kind, request: Request) -> Response:
    holder = _holder(ctx, kind, request)
    document = attachments.inline_document(ctx, holder, request["PolicyName"])
    return {
        f"{kind.capitalize()}Name": holder.name,
        "PolicyName": request["PolicyName"],
        "PolicyDocument": documents.encoded(document),
    }


def _list(ctx: Context, kind: Kind, request: Request) -> Response:
    names = list(attachments.inline(ctx.db, _holder(ctx, kind, request).id))
    shown, rest = pages.page(request, names, str)
    return {"PolicyNames": shown, **rest}


def _delete(ctx: Context, kind: Kind, request: Request) -> None:
    attachments.remove_inline(ctx, _holder(ctx, kind, request), request["PolicyName"])


def put_user_policy(ctx: Context, request: Request) -> None:
    """Add or replace an inline policy of a user."""
    _put(ctx, "user", request)


def get_user_policy(ctx: Context, request: Request) -> Response:
    """Tell an inline policy of a user."""
    return _get(ctx, "user", request)


def list_user_policies(ctx: Context, request: Request) -> Response:
    """List the names of a user's inline policies."""
    return _list(ctx, "user", request)


def delete_user_policy(ctx: Context, request: Request) -> None:
    """Delete an inline policy of a user."""
    _delete(ctx, "user", request)


def put_group_policy(ctx: Context, request: Request) -> None:
    """Add or replace an inline policy of a group."""
    _put(ctx, "group", request)


def get_group_policy(ctx: Context, request: Request) -> Response:
    """Tell an inline policy of a group."""
    return _get(ctx, "group", request)


def list_group_policies(ctx: Context, request: Request) -> Response:
    """List the names of a group's inline policies."""
    return _list(ctx, "group", request)


def delete_group_policy(ctx: Context, request: Request) -> None:
    """Delete an inline policy of a group."""
    _delete(ctx, "group", request)


def put_role_policy(ctx: Context, request: Request) -> None:
    """Add or replace an inline policy of a role."""
    _put(ctx, "role", request)


def get_role_policy(ctx: Context, request: Request) -> Response:
    """Tell an inline policy of a role."""
    return _get(ctx, "role", request)


def list_role_policies(ctx: Context, request: Request) -> Response:
    """List the names of a role's inline policies."""
    return _list(ctx, "role", request)


def delete_role_policy(ctx: Context, request: Request) -> None:
    """Delete an inline policy of a role."""
    _delete(ctx, "role", request)
