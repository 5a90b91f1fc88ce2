"""Requests about the caller itself: where `UserName` may be left out."""

from __future__ import annotations

from cloudarium.core.context import Context, Request
from cloudarium.services.iam import entities
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.errors import UserNameNeeded


def user_of(ctx: Context, request: Request) -> Entity:
    """Return the user `request` names, or the caller. Raises NoSuchEntity, ValidationError."""
    return entities.find(ctx, "user", user_name(ctx, request))


def user_name(ctx: Context, request: Request) -> str:
    """Return the name of the user `request` is about. Raises ValidationError."""
    name = request.get("UserName")
    if name:
        return str(name)
    if ctx.principal.kind != "user":
        raise UserNameNeeded()
    return ctx.principal.name
