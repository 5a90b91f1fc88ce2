"""Passwords for the AWS Management Console: who has one, and the account's policy.

There is no console to sign in to with them: a password is held against the policy and forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.iam.entities import Entity
from cloudarium.services.iam.errors import (
    LoginProfileExists,
    MustDeleteLoginProfile,
    NoPasswordPolicy,
    NoSuchLoginProfile,
    PasswordViolation,
)
from cloudarium.services.iam.limits import DEFAULT_PASSWORD_SIZE

# The words are recorded: "Password should meet 1 more of the following requirements: Password
# should have at least one uppercase letter, Password should have at least one symbol".
_KINDS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("RequireUppercaseCharacters", "uppercase letter", str.isupper),
    ("RequireLowercaseCharacters", "lowercase letter", str.islower),
    ("RequireNumbers", "number", str.isdigit),
    ("RequireSymbols", "symbol", lambda character: not character.isalnum()),
)
# Without a policy of the account's, three of the four kinds do ("Set an account password policy
# for IAM users", IAM User Guide).
_WANTED_KINDS = 3


@dataclass(frozen=True)
class LoginProfile:
    """That a user has a password. `created_at` is epoch seconds."""

    user_id: str
    created_at: float
    reset_required: bool


def of(ctx: Context, user: Entity) -> LoginProfile | None:
    """Return the user's login profile, or None."""
    row = ctx.db.execute("SELECT * FROM login_profiles WHERE user_id = ?", (user.id,)).fetchone()
    if row is None:
        return None
    return LoginProfile(row["user_id"], row["created_at"], bool(row["reset_required"]))


def find(ctx: Context, user: Entity) -> LoginProfile:
    """Return the user's login profile. Raises NoSuchEntity."""
    found = of(ctx, user)
    if found is None:
        raise NoSuchLoginProfile(name=user.name)
    return found


def create(ctx: Context, user: Entity, password: str, reset_required: bool) -> LoginProfile:
    """Give the user a password. Raises EntityAlreadyExists, PasswordPolicyViolation."""
    if of(ctx, user):
        raise LoginProfileExists(name=user.name)
    check(ctx, password)
    ctx.db.execute(
        "INSERT INTO login_profiles VALUES (?, ?, ?)", (user.id, ctx.now, int(reset_required))
    )
    return find(ctx, user)


def require_reset(ctx: Context, profile: LoginProfile, reset_required: bool) -> None:
    """Say whether the user has to choose another password at the next sign-in."""
    ctx.db.execute(
        "UPDATE login_profiles SET reset_required = ? WHERE user_id = ?",
        (int(reset_required), profile.user_id),
    )


def remove(ctx: Context, profile: LoginProfile) -> None:
    """Take the user's password away."""
    ctx.db.execute("DELETE FROM login_profiles WHERE user_id = ?", (profile.user_id,))


def check_unused(ctx: Context, user: Entity) -> None:
    """Raise DeleteConflict while the user has a password."""
    if of(ctx, user):
        raise MustDeleteLoginProfile()


def policy(ctx: Context) -> dict[str, Any]:
    """Return the account's password policy; empty if it has none."""
    row = ctx.db.execute(
        "SELECT policy FROM password_policies WHERE account = ?", (ctx.account,)
    ).fetchone()
    found: dict[str, Any] = json.loads(row["policy"]) if row else {}
    return found


def find_policy(ctx: Context) -> dict[str, Any]:
    """Return the account's password policy. Raises NoSuchEntity."""
    found = policy(ctx)
    if not found:
        raise NoPasswordPolicy(account=ctx.account)
    return found


def put_policy(ctx: Context, wanted: Mapping[str, Any]) -> None:
    """Give the account a password policy in place of the one it has."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO password_policies VALUES (?, ?)", (ctx.account, json.dumps(wanted))
    )


def remove_policy(ctx: Context) -> None:
    """Take the account's password policy away. Raises NoSuchEntity."""
    find_policy(ctx)
    ctx.db.execute("DELETE FROM password_policies WHERE account = ?", (ctx.account,))


def check(ctx: Context, password: str) -> None:
    """Hold a password against the account's policy. Raises PasswordPolicyViolation."""
    found = policy(ctx)
    size = found.get("MinimumPasswordLength", DEFAULT_PASSWORD_SIZE)
    if len(password) < size:
        raise PasswordViolation(message=f"Password should have a minimum length of {size}")
    missing = {
        setting: f"Password should have at least one {kind}"
        for setting, kind, fits in _KINDS
        if not any(map(fits, password))
    }
    if not found:
        _check_kinds(list(missing.values()))
    elif required := [text for setting, text in missing.items() if found.get(setting)]:
        raise PasswordViolation(message=", ".join(required))


def _check_kinds(missing: list[str]) -> None:
    more = _WANTED_KINDS - (len(_KINDS) - len(missing))
    if more > 0:
        requirements = ", ".join(missing)
        text = f"Password should meet {more} more of the following requirements: {requirements}"
        raise PasswordViolation(message=text)
