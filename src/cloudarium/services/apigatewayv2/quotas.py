"""The quotas of the account that Service Quotas may change: its throttle."""

from __future__ import annotations

from cloudarium.contracts.quotas import QuotaChanged
from cloudarium.core.context import Context
from cloudarium.gateway import account_limits


def on_quota(ctx: Context, fact: QuotaChanged) -> None:
    """Take note of a changed throttle."""
    account_limits.on_quota(ctx, fact)
