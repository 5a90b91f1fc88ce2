"""Login profiles: the passwords of users."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import callers, entities, passwords
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.passwords import LoginProfile


def _shown(user: Entity, profile: LoginProfile) -> dict[str, Any]:
    return {
        "UserName": user.name,
        "CreateDate": profile.created_at,
        "PasswordResetRequired": profile.reset_required,
    }


def create_login_profile(ctx: Context, request: Request) -> Response:
    """Give a user a password."""
    user = callers.user_of(ctx, request)
    reset_required = bool(request.get("PasswordResetRequired"))
    profile = passwords.create(ctx, user, request.get("Password") or "", reset_required)
    return {"LoginProfile": _shown(user, profile)}


def get_login_profile(ctx: Context, request: Request) -> Response:
    """Tell whether a user has a password."""
    user = callers.user_of(ctx, request)
    return {"LoginProfile": _shown(user, passwords.find(ctx, user))}


def update_login_profile(ctx: Context, request: Request) -> None:
    """Give a user another password, or have it changed at the next sign-in."""
    profile = passwords.find(ctx, entities.find(ctx, "user", request["UserName"]))
    if "Password" in request:
        passwords.check(ctx, request["Password"])
    if "PasswordResetRequired" in request:
        passwords.require_reset(ctx, profile, request["PasswordResetRequired"])


def delete_login_profile(ctx: Context, request: Request) -> None:
    """Take a user's password away."""
    passwords.remove(ctx, passwords.find(ctx, callers.user_of(ctx, request)))
