"""Identities: the addresses and domains mail may be sent from."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.ses import addresses, errors, limits

PENDING, SUCCESS = "Pending", "Success"
_TOKEN_LENGTH = 32
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


@dataclass(frozen=True)
class Identity:
    """An identity; `settings` are those that were set, by their names in the API."""

    name: str
    status: str
    token: str
    settings: dict[str, Any]

    @property
    def is_domain(self) -> bool:
        """Whether it is a domain rather than an address."""
        return "@" not in self.name

    @property
    def is_verified(self) -> bool:
        """Whether mail may be sent from it."""
        return self.status == SUCCESS


def _identity(row: sqlite3.Row) -> Identity:
    return Identity(row["name"], row["status"], row["token"], json.loads(row["settings"]))


def lookup(ctx: Context, name: str) -> Identity | None:
    """Return the identity `name`, in whatever case, or None."""
    row = ctx.db.execute(
        "SELECT * FROM identities WHERE account = ? AND region = ? AND name = ? COLLATE NOCASE",
        (ctx.account, ctx.region, name),
    ).fetchone()
    return _identity(row) if row else None


def find(ctx: Context, name: str) -> Identity:
    """Return the identity `name`. Raises InvalidParameterValue."""
    found = lookup(ctx, name)
    if found is None:
        raise errors.InvalidParameterValue(message=f"Identity {name} does not exist.")
    return found


def of_account(ctx: Context) -> list[Identity]:
    """Return this account's and region's identities by name."""
    rows = ctx.db.execute(
        "SELECT * FROM identities WHERE account = ? AND region = ? ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [_identity(row) for row in rows]


def verify(ctx: Context, name: str) -> Identity:
    """Keep an identity and have it verified; one that is there already stays as it is.

    Raises InvalidParameterValue and LimitExceeded.
    """
    if not (addresses.is_address(name) if "@" in name else addresses.is_domain(name)):
        what = "email address" if "@" in name else "domain name"
        raise errors.InvalidParameterValue(message=f"Invalid {what} {name}.")
    existing = lookup(ctx, name)
    if existing is not None:
        return existing
    if len(of_account(ctx)) >= limits.IDENTITIES:
        raise errors.LimitExceeded(what="identities", limit=limits.IDENTITIES)
    made = Identity(name, PENDING, ctx.ids.token(_TOKEN_LENGTH, _LETTERS), {})
    ctx.db.execute(
        "INSERT INTO identities VALUES (?, ?, ?, ?, ?, '{}')",
        (ctx.account, ctx.region, name, made.status, made.token),
    )
    ctx.schedule("verify", {"identity": name})
    return made


def verified(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: an identity turns out to be its owner's; there is nobody to ask offline."""
    ctx.db.execute(
        "UPDATE identities SET status = ? WHERE account = ? AND region = ? AND name = ?",
        (SUCCESS, ctx.account, ctx.region, payload["identity"]),
    )


def set_setting(ctx: Context, name: str, **settings: Any) -> None:
    """Set settings of an identity; None takes one away. Raises InvalidParameterValue."""
    found = find(ctx, name)
    kept = {
        key: value for key, value in {**found.settings, **settings}.items() if value is not None
    }
    ctx.db.execute(
        "UPDATE identities SET settings = ? WHERE account = ? AND region = ? AND name = ?",
        (json.dumps(kept), ctx.account, ctx.region, found.name),
    )


def delete(ctx: Context, name: str) -> None:
    """Remove an identity, if it is there."""
    ctx.db.execute(
        "DELETE FROM identities WHERE account = ? AND region = ? AND name = ? COLLATE NOCASE",
        (ctx.account, ctx.region, name),
    )


def behind(ctx: Context, address: str) -> Identity | None:
    """Return the identity that stands for an address: itself, its domain, or a domain above."""
    for name in (address, addresses.without_label(address)):
        found = lookup(ctx, name)
        if found is not None:
            return found
    labels = addresses.domain(address).split(".")
    for start in range(len(labels)):
        found = lookup(ctx, ".".join(labels[start:]))
        if found is not None:
            return found
    return None


def arn(ctx: Context, address: str) -> str:
    """Return the ARN of the identity an address is sent from."""
    found = behind(ctx, address)
    return ctx.arn(f"identity/{found.name if found else address}", "ses")


def check_verified(ctx: Context, senders: list[str]) -> None:
    """Raise MessageRejected unless mail may be sent from all these addresses."""
    failed = []
    for sender in senders:
        found = behind(ctx, addresses.bare(sender))
        if (found is None or not found.is_verified) and sender not in failed:
            failed.append(sender)
    if failed:
        raise errors.MessageRejected(
            message="Email address is not verified. The following identities failed the check in "
            f"region {ctx.region.upper()}: {', '.join(failed)}"
        )
