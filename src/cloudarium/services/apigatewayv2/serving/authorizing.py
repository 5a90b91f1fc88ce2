"""Whether a request to an HTTP API may pass: its route's authorization."""

from __future__ import annotations

import json

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Access
from cloudarium.gateway.verdicts import Verdicts
from cloudarium.services.apigatewayv2.serving import events, functions, tokens, verdicts
from cloudarium.services.apigatewayv2.serving.exchange import Exchange
from cloudarium.services.apigatewayv2.serving.failures import forbidden, unauthorized
from cloudarium.services.apigatewayv2.serving.mapping import evaluated, request_source

SIGNING_NAME = "execute-api"
# As access logs tell it (`$context.authorizer.error`), recorded publicly.
_UNSIGNED = "The request for the IAM Authorizer doesn't match the format that API Gateway expects."


async def authorize(ctx: Context, exchange: Exchange) -> None:
    """Raise Failure unless the request may pass."""
    assert exchange.route is not None
    kind = exchange.route.kind
    if kind == "AWS_IAM":
        _by_policy(ctx, exchange)
    elif kind == "JWT":
        await tokens.authorize(ctx, exchange)
    elif kind == "CUSTOM":
        await _by_function(ctx, exchange)


def _by_policy(ctx: Context, exchange: Exchange) -> None:
    request = exchange.request
    if "authorization" not in request.headers and "X-Amz-Signature" not in request.query:
        raise forbidden(_UNSIGNED)
    try:
        caller = ctx.runtime.authenticate(request)
        if caller.service != SIGNING_NAME:
            raise forbidden(f"Credential should be scoped to correct service: '{SIGNING_NAME}'.")
        access = Access("execute-api:Invoke", exchange.arn)
        conditions: dict[str, str | list[str]] = {
            "aws:SourceIp": request.client,
            "aws:RequestedRegion": exchange.stage.region,
            "aws:SecureTransport": str(request.is_secure).lower(),
        }
        ctx.runtime.kernel.authorize(caller.principal, access, conditions)
    except AwsError as error:
        raise forbidden(error.message) from error
    who = exchange.principal = caller.principal
    exchange.access_key = caller.access_key_id
    exchange.authorizer = {
        "iam": {
            "accessKey": caller.access_key_id,
            "accountId": who.account,
            "callerId": who.id,
            "cognitoIdentity": None,
            "principalOrgId": None,
            "userArn": who.arn,
            "userId": who.id,
        }
    }


async def _by_function(ctx: Context, exchange: Exchange) -> None:
    assert exchange.route is not None and exchange.route.authorizer is not None
    authorizer, stage = exchange.route.authorizer, exchange.stage
    source = request_source(exchange)
    identity = [evaluated(one, source) for one in authorizer.get("IdentitySource", [])]
    if not all(identity):
        raise unauthorized("An identity source is missing")
    key = (stage.api_id, stage.name, stage.deployment_id, authorizer["AuthorizerId"], *identity)
    kept, seconds = ctx.state(Verdicts), authorizer["AuthorizerResultTtlInSeconds"]
    verdict = kept.get(key) if seconds else None
    simple = authorizer["EnableSimpleResponses"]
    if verdict is None:
        version = authorizer["AuthorizerPayloadFormatVersion"]
        event = events.authorizer_event(exchange, version, identity)
        answer = await functions.authorizer(
            ctx, stage, authorizer, json.dumps(event, ensure_ascii=False), exchange.trace_id
        )
        verdict = verdicts.read(*answer, simple=simple)
        if seconds:
            kept.put(key, verdict, seconds)
    verdicts.check(ctx, dict(verdict), exchange.arn, exchange.request.client, simple=simple)
    told = dict(verdict.get("context") or {})
    if not simple and "principalId" in verdict:
        told = {"principalId": verdict["principalId"], **told}
    exchange.authorizer = {"lambda": told}
