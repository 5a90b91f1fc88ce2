"""Test invocations: a method or an authorizer as it now is, asked without a deployment.

Of a method, authorization, API keys, throttles and caches are left out. Source: TestInvokeMethod,
TestInvokeAuthorizer.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from cloudarium.core.context import Context
from cloudarium.services.apigateway.serving import (
    authorizers,
    checks,
    execution_log,
    integrations,
    user_pools,
)
from cloudarium.services.apigateway.serving.addresses import Address
from cloudarium.services.apigateway.serving.compiled import Compiled, Method
from cloudarium.services.apigateway.serving.exchange import Exchange, ServedStage
from cloudarium.services.apigateway.serving.failures import Failure
from cloudarium.services.apigateway.serving.refusals import refusal
from cloudarium.wire.http import Body, HttpRequest, HttpResponse, content

Document = dict[str, Any]
_STAGE = "test-invoke-stage"
# The stage that an authorizer under test finds in its `methodArn`.
_AUTHORIZER_STAGE = "ESTestInvoke-stage"


async def run(
    ctx: Context, api: Compiled, method: Method, parameters: dict[str, str], given: Document
) -> Document:
    """Return the reference's TestInvokeMethodResponse."""
    exchange = _exchange(ctx, api, method, parameters, given)
    exchange.notes, exchange.notes_data = [], True
    execution_log.start(exchange)
    failure: Failure | None = None
    try:
        if method.check is not None:
            checks.validate(exchange, method.check)
        response = await integrations.run(ctx, exchange, method)
        if method.is_traced:
            response.headers.insert(0, ("X-Amzn-Trace-Id", exchange.trace_id))
    except Failure as raised:
        failure = raised
        response = refusal(exchange, raised)
        response.headers = [one for one in response.headers if one[0] != "Content-Type"]
    lines = execution_log.finish(exchange, response, failure)
    return await _answer(ctx, exchange, response, lines)


def _exchange(
    ctx: Context, api: Compiled, method: Method, parameters: dict[str, str], given: Document
) -> Exchange:
    pairs = [
        (name, value)
        for name, values in (given.get("multiValueHeaders") or {}).items()
        for value in values
    ]
    known = {name for name, _ in pairs}
    pairs += [one for one in (given.get("headers") or {}).items() if one[0] not in known]
    request = HttpRequest(
        given["httpMethod"] if given["httpMethod"] != "ANY" else "GET",
        given.get("pathWithQueryString") or method.resource_path,
        {name.lower(): value for name, value in pairs},
        Body((given.get("body") or "").encode()),
        pairs,
        "test-invoke-source-ip",
    )
    variables = given.get("stageVariables") or {}
    stage = ServedStage(
        given["restApiId"], ctx.account, ctx.region, _STAGE, "", {"variables": variables}, api
    )
    address = Address(stage.api_id, _STAGE, unquote(request.path))
    kernel = ctx.runtime.kernel
    exchange = Exchange(kernel, ctx.request_id, request, address, stage, method, parameters)
    exchange.headers = pairs
    return exchange


async def authorizer(ctx: Context, api: Compiled, given: Document) -> Document:
    """Return the reference's TestInvokeAuthorizerResponse."""
    document = api.authorizers[given["authorizerId"]]
    path = given.get("pathWithQueryString") or "/"
    method = Method("test-invoke-resource-id", path.partition("?")[0], {"httpMethod": "GET"}, None)
    exchange = _exchange(ctx, api, method, {}, {**given, "httpMethod": "GET"})
    exchange.stage = replace(exchange.stage, name=_AUTHORIZER_STAGE)
    exchange.context.update(given.get("additionalContext") or {})
    exchange.notes, exchange.notes_data = [], True
    answer: Document = {"clientStatus": 0}
    try:
        identity = authorizers.identity_of(exchange, document)
        if document["type"] == "COGNITO_USER_POOLS":
            await user_pools.authorize(ctx, exchange, document, identity[0], [])
            answer["claims"] = exchange.context["authorizer"]["claims"]
        else:
            verdict = await authorizers.ask(ctx, exchange, document, identity)
            answer["principalId"] = verdict["principalId"]
            answer["policy"] = json.dumps(verdict["policyDocument"])
    except Failure as failure:
        exchange.note(f"Unauthorized request: {exchange.request_id}")
        exchange.note(failure.reason)
        answer["clientStatus"] = refusal(exchange, failure).status
    log = _log(ctx, exchange, exchange.notes or [])
    return {**answer, "log": log, "latency": _latency(ctx, exchange)}


def _log(ctx: Context, exchange: Exchange, lines: list[str]) -> str:
    moment = datetime.fromtimestamp(ctx.now, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    heading = f"Execution log for request {exchange.request_id}"
    return "\n".join([heading, *(f"{moment} : {line}" for line in lines), ""])


def _latency(ctx: Context, exchange: Exchange) -> int:
    return round((ctx.clock.wall() - exchange.started) * 1000)


async def _answer(
    ctx: Context, exchange: Exchange, response: HttpResponse, lines: list[str]
) -> Document:
    many: dict[str, list[str]] = {}
    for name, value in response.headers:
        many.setdefault(name, []).append(value)
    return {
        "status": response.status,
        "body": (await content(response.body)).decode("utf-8", "replace"),
        "headers": {name: values[-1] for name, values in many.items()},
        "multiValueHeaders": many,
        "log": _log(ctx, exchange, lines),
        "latency": _latency(ctx, exchange),
    }
