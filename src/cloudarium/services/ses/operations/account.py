"""GetSendQuota, GetSendStatistics, and whether the account may send."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.ses import account, limits


def get_send_quota(ctx: Context, request: Request) -> Response:
    """Return how much may be sent, and was in the last 24 hours."""
    return {
        "Max24HourSend": limits.SENT_IN_24_HOURS,
        "MaxSendRate": limits.SENT_PER_SECOND,
        "SentLast24Hours": account.sent_lately(ctx),
    }


def get_send_statistics(ctx: Context, request: Request) -> Response:
    """Return what was sent in the last two weeks, by the quarter of an hour."""
    return {"SendDataPoints": account.statistics(ctx)}


def get_account_sending_enabled(ctx: Context, request: Request) -> Response:
    """Tell whether the account may send in this region."""
    return {"Enabled": account.sending_enabled(ctx)}


def update_account_sending_enabled(ctx: Context, request: Request) -> Response:
    """Let the account send in this region, or stop it."""
    account.set_sending_enabled(ctx, bool(request.get("Enabled")))
    return {}
