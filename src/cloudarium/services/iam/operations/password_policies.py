"""The account's password policy."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.iam import passwords
from cloudarium.services.iam.limits import DEFAULT_POLICY_PASSWORD_SIZE

_SWITCHES = (
    "RequireSymbols",
    "RequireNumbers",
    "RequireUppercaseCharacters",
    "RequireLowercaseCharacters",
    "AllowUsersToChangePassword",
)
_OPTIONS = ("MaxPasswordAge", "PasswordReusePrevention", "HardExpiry")


def update_account_password_policy(ctx: Context, request: Request) -> None:
    """Replace the policy: what is not given goes back to its default."""
    policy: dict[str, Any] = {
        "MinimumPasswordLength": request.get("MinimumPasswordLength")
        or DEFAULT_POLICY_PASSWORD_SIZE,
        **{name: bool(request.get(name)) for name in _SWITCHES},
        "ExpirePasswords": bool(request.get("MaxPasswordAge")),
    }
    policy.update({name: request[name] for name in _OPTIONS if name in request})
    passwords.put_policy(ctx, policy)


def get_account_password_policy(ctx: Context, request: Request) -> Response:
    """Tell the policy, if the account has one."""
    return {"PasswordPolicy": passwords.find_policy(ctx)}


def delete_account_password_policy(ctx: Context, request: Request) -> None:
    """Take the policy away."""
    passwords.remove_policy(ctx)
