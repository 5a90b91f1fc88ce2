"""Receipt filters: which clients' mail an account takes or refuses."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.services.ses import errors, limits, rule_sets

ALLOW = "Allow"
BLOCK = "Block"


@dataclass(frozen=True)
class ReceiptFilter:
    """A filter: `policy` is Allow or Block, `cidr` an address or a range of addresses."""

    name: str
    policy: str
    cidr: str

    def covers(self, client: str) -> bool:
        """Tell whether the IP address `client` lies in the range."""
        return ipaddress.ip_address(client) in ipaddress.ip_network(self.cidr, strict=False)


def of_account(ctx: Context) -> list[ReceiptFilter]:
    """Return this account's and region's filters by name."""
    rows = ctx.db.execute(
        "SELECT name, policy, cidr FROM receipt_filters WHERE account = ? AND region = ?"
        " ORDER BY name",
        (ctx.account, ctx.region),
    )
    return [ReceiptFilter(*row) for row in rows]


def blocks(ctx: Context, client: str) -> bool:
    """Tell whether mail from the IP address `client` is refused.

    An allowed address is taken though a blocked range holds it (developer guide, "IP-based
    control using IP address filters").
    """
    policies = {each.policy for each in of_account(ctx) if each.covers(client)}
    return policies == {BLOCK}


def create(ctx: Context, receipt_filter: ReceiptFilter) -> None:
    """Keep a filter. Raises AlreadyExists, LimitExceeded and InvalidParameterValue."""
    rule_sets.check_name(receipt_filter.name, "receipt filter")
    try:
        ipaddress.ip_network(receipt_filter.cidr, strict=False)
    except ValueError:
        raise errors.InvalidParameterValue(message=f"Invalid CIDR: {receipt_filter.cidr}") from None
    existing = of_account(ctx)
    name = receipt_filter.name
    if any(each.name == name for each in existing):
        raise errors.FilterAlreadyExists(members={"Name": name}, name=name)
    if len(existing) >= limits.RECEIPT_FILTERS:
        raise errors.LimitExceeded(what="receipt filters", limit=limits.RECEIPT_FILTERS)
    ctx.db.execute(
        "INSERT INTO receipt_filters VALUES (?, ?, ?, ?, ?)",
        (ctx.account, ctx.region, name, receipt_filter.policy, receipt_filter.cidr),
    )


def delete(ctx: Context, name: str) -> None:
    """Remove a filter, if it is there."""
    ctx.db.execute(
        "DELETE FROM receipt_filters WHERE account = ? AND region = ? AND name = ?",
        (ctx.account, ctx.region, name),
    )
