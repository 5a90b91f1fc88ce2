"""The account's settings."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import account_limits
from cloudarium.services.apigateway import errors
from cloudarium.services.apigateway.patches import Patches, text

_PATCHES = Patches({"/cloudwatchRoleArn": text("cloudwatchRoleArn", ("add", "replace", "remove"))})


def get_account(ctx: Context, request: Request) -> Response:
    """Return the account's settings."""
    row = ctx.db.execute(
        "SELECT role_arn FROM accounts WHERE account = ? AND region = ?",
        (ctx.account, ctx.region),
    ).fetchone()
    rate, burst = account_limits.read(ctx)
    settings: Response = {
        "throttleSettings": {"burstLimit": burst, "rateLimit": rate},
        "features": ["UsagePlans"],
        "apiKeyVersion": "4",
    }
    if row is not None and row["role_arn"]:
        settings["cloudwatchRoleArn"] = row["role_arn"]
    return settings


def update_account(ctx: Context, request: Request) -> Response:
    """Set the role under which API Gateway writes logs."""
    settings = _PATCHES.apply(get_account(ctx, request), request.get("patchOperations"))
    role = settings.get("cloudwatchRoleArn")
    if role is not None and not role.startswith("arn:"):
        raise errors.CloudWatchRoleMissing()
    ctx.db.execute(
        "INSERT OR REPLACE INTO accounts VALUES (?, ?, ?)", (ctx.account, ctx.region, role)
    )
    return settings
