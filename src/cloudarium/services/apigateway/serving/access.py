"""Who may call: an API's resource policy and the caller's own policies, evaluated."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS, Access, Principal
from cloudarium.services.apigateway.serving.authentication import denial, resource_policy
from cloudarium.services.apigateway.serving.exchange import Exchange

Document = dict[str, Any]


def policy_of(exchange: Exchange) -> Document | None:
    """Return the API's resource policy, its resources in full and its statements in a list."""
    stage = exchange.stage
    return resource_policy(exchange.api.policy, stage.region, stage.account, stage.api_id)


def evaluate(
    ctx: Context, exchange: Exchange, principal: Principal, policy: Document | None
) -> None:
    """Raise AccessDenied unless the principal may make the request under `policy`."""
    conditions: dict[str, str | list[str]] = {
        "aws:SourceIp": exchange.request.client,
        "aws:RequestedRegion": exchange.stage.region,
        "aws:SecureTransport": str(exchange.request.is_secure).lower(),
    }
    if exchange.api.vpc_endpoint:
        conditions["aws:SourceVpce"] = exchange.api.vpc_endpoint
    access = Access("execute-api:Invoke", exchange.arn, policy=policy)
    ctx.runtime.kernel.authorize(principal, access, conditions)


def check(ctx: Context, exchange: Exchange, principal: Principal) -> None:
    """Raise the 403 Failure unless policies allow the request."""
    try:
        evaluate(ctx, exchange, principal, policy_of(exchange))
    except AwsError as error:
        raise denial(error, principal, exchange.arn, exchange.stage.account) from error


def check_not_denied(ctx: Context, exchange: Exchange) -> None:
    """Raise the 403 Failure if the resource policy denies the request in so many words."""
    if exchange.api.policy is None:
        return
    try:
        evaluate(ctx, exchange, ANONYMOUS, policy_of(exchange))
    except AwsError as error:
        if is_explicit(error):
            raise denial(error, ANONYMOUS, exchange.arn, exchange.stage.account) from error


def is_explicit(error: AwsError) -> bool:
    """Tell whether a statement denied the request, rather than none allowing it."""
    return "explicit deny" in error.message
