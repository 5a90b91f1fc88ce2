"""Authorizers at work: identity sources, a Lambda function's verdict, its cache.

Source: Developer Guide, "Use API Gateway Lambda authorizers".
"""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core import matching
from cloudarium.core.context import Context
from cloudarium.core.documents import json_value
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import ANONYMOUS
from cloudarium.gateway.invocations import FUNCTION_URI
from cloudarium.gateway.verdicts import Verdict, Verdicts
from cloudarium.services.apigateway import authorizers, limits
from cloudarium.services.apigateway.serving import access, functions, lambda_proxy, user_pools
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    authorizer_misconfigured,
    denied_by_authorizer,
    parameter,
    unauthorized,
)

Document = dict[str, Any]


async def authorize(ctx: Context, exchange: Exchange, authorizer: Document) -> None:
    """Let the authorizer decide on a request; what it says of the caller goes into the context.

    The API's resource policy takes part: before a Lambda authorizer is asked it may deny, and
    what it allows the authorizer's policy need not; after a user pool's it must allow. Source:
    Developer Guide, "How API Gateway resource policies affect authorization workflow".
    """
    identity = identity_of(exchange, authorizer)
    if authorizer["type"] == "COGNITO_USER_POOLS":
        method = exchange.method
        scopes = method.document.get("authorizationScopes", []) if method else []
        await user_pools.authorize(ctx, exchange, authorizer, identity[0], scopes)
        if exchange.api.policy is not None:
            access.check(ctx, exchange, ANONYMOUS)
        return
    access.check_not_denied(ctx, exchange)
    verdict = await _verdict(ctx, exchange, authorizer, identity)
    _check(ctx, exchange, verdict["policyDocument"])
    exchange.usage_key = str(verdict.get("usageIdentifierKey") or "")
    told = {name: _told(value) for name, value in (verdict.get("context") or {}).items()}
    exchange.context["authorizer"] = {"principalId": verdict["principalId"], **told}


async def _verdict(
    ctx: Context, exchange: Exchange, authorizer: Document, identity: tuple[str, ...]
) -> Verdict:
    """Return the verdict that still holds, or a new one."""
    stage = exchange.stage
    key = (stage.api_id, stage.name, stage.deployment_id, authorizer["id"], *identity)
    verdicts, seconds = ctx.state(Verdicts), authorizers.ttl(authorizer)
    verdict = verdicts.get(key) if seconds and identity else None
    if verdict is None:
        verdict = await ask(ctx, exchange, authorizer, identity)
        if seconds and identity:
            verdicts.put(key, verdict, seconds)
    return verdict


def _told(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def identity_of(exchange: Exchange, authorizer: Document) -> tuple[str, ...]:
    """Return the values of the identity sources. Raises the 401 Failure if one is missing."""
    scope = {
        "method": exchange.parameters,
        "context": exchange.context,
        "stageVariables": exchange.variables,
    }
    found = tuple(parameter(one, scope) for one in authorizers.identity_sources(authorizer))
    if not all(found):
        raise unauthorized()
    wanted = authorizer.get("identityValidationExpression")
    if authorizer["type"] == "TOKEN" and wanted and not matching.kept(wanted).fullmatch(found[0]):
        raise unauthorized()
    return found


async def ask(
    ctx: Context, exchange: Exchange, authorizer: Document, identity: tuple[str, ...]
) -> Verdict:
    """Return what a Lambda authorizer says of a caller with these identity sources' values."""
    stage = exchange.stage
    exchange.note(f"Starting authorizer: {authorizer['id']} for request: {exchange.request_id}")
    event: Document = {"type": authorizer["type"], "methodArn": exchange.arn}
    if authorizer["type"] == "TOKEN":
        event["authorizationToken"] = identity[0]
    else:
        event |= lambda_proxy.event(exchange)
        del event["body"], event["isBase64Encoded"]
    match = FUNCTION_URI.fullmatch(authorizer["authorizerUri"])
    assert match is not None
    started, exchange.verdict_request_id = ctx.clock.wall(), ctx.ids.uuid()
    payload, error = await functions.invoke(
        ctx,
        exchange,
        match["function"],
        json.dumps(event, ensure_ascii=False).encode(),
        credentials=authorizer.get("authorizerCredentials"),
        source_arn=(
            f"arn:aws:execute-api:{stage.region}:{stage.account}:"
            f"{stage.api_id}/authorizers/{authorizer['id']}"
        ),
        seconds=limits.INTEGRATION_TIMEOUT_MS / 1000,
        request_id=exchange.verdict_request_id,
    )
    exchange.verdict_seconds = ctx.clock.wall() - started
    verdict = _read(payload, bool(error))
    exchange.note("Successfully completed authorizer execution")
    return verdict


def _read(payload: bytes, failed: bool) -> Verdict:
    """Return the function's verdict; an error `Unauthorized` is the caller's, others are not."""
    try:
        answer = json_value(payload)
    except ValueError:
        raise authorizer_misconfigured() from None
    if not isinstance(answer, dict):
        raise authorizer_misconfigured()
    if failed:
        if answer.get("errorMessage") == "Unauthorized":
            raise unauthorized()
        raise authorizer_misconfigured()
    policy, told = answer.get("policyDocument"), answer.get("context") or {}
    if not isinstance(policy, dict) or not isinstance(answer.get("principalId"), str):
        raise authorizer_misconfigured()
    if not isinstance(told, dict) or any(isinstance(one, dict | list) for one in told.values()):
        raise authorizer_misconfigured()
    return answer


def _check(ctx: Context, exchange: Exchange, policy: Document) -> None:
    """Raise the 403 Failure unless the verdict's policy or the API's own allows the request."""
    statements = policy.get("Statement") or []
    whole = statements if isinstance(statements, list) else [statements]
    for_anyone = [{"Principal": "*", **one} for one in whole]
    own = access.policy_of(exchange) or {"Statement": []}
    together = {**policy, "Statement": [*for_anyone, *own["Statement"]]}
    try:
        access.evaluate(ctx, exchange, ANONYMOUS, together)
    except AwsError as error:
        raise denied_by_authorizer(explicitly=access.is_explicit(error)) from error
