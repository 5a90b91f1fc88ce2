"""Access keys."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import callers, credentials, entities, pages
from cloudarium.services.iam.errors import NoSuchAccessKey


def create_access_key(ctx: Context, request: Request) -> Response:
    """Make an access key; its secret is told only now."""
    user = callers.user_of(ctx, request)
    key = credentials.create_access_key(ctx, user)
    return {
        "AccessKey": {
            "UserName": user.name,
            "AccessKeyId": key.id,
            "Status": key.status,
            "SecretAccessKey": key.secret,
            "CreateDate": key.created_at,
        }
    }


def list_access_keys(ctx: Context, request: Request) -> Response:
    """List a user's access keys."""
    user = callers.user_of(ctx, request)
    keys = credentials.access_keys(ctx, user)
    shown, rest = pages.page(request, keys, lambda key: key.id)
    metadata = [
        {
            "UserName": user.name,
            "AccessKeyId": key.id,
            "Status": key.status,
            "CreateDate": key.created_at,
        }
        for key in shown
    ]
    return {"AccessKeyMetadata": metadata, **rest}


def update_access_key(ctx: Context, request: Request) -> None:
    """Activate or deactivate an access key."""
    user = callers.user_of(ctx, request)
    key = credentials.access_key_of(ctx, user, request["AccessKeyId"])
    credentials.set_access_key_status(ctx, key, request["Status"])


def delete_access_key(ctx: Context, request: Request) -> None:
    """Delete an access key."""
    user = callers.user_of(ctx, request)
    credentials.remove_access_key(ctx, credentials.access_key_of(ctx, user, request["AccessKeyId"]))


def get_access_key_last_used(ctx: Context, request: Request) -> Response:
    """Tell when, for which service and where an access key was last used."""
    key = credentials.access_key(ctx.db, request["AccessKeyId"])
    user = entities.by_id(ctx.db, key.user_id) if key else None
    if key is None or user is None or user.account != ctx.account:
        raise NoSuchAccessKey(id=request["AccessKeyId"])
    return {
        "UserName": user.name,
        "AccessKeyLastUsed": {
            "LastUsedDate": key.last_used_at,
            "ServiceName": key.last_used_service or "N/A",
            "Region": key.last_used_region or "N/A",
        },
    }
