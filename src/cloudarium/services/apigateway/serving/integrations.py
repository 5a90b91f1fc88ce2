"""What answers a request: a function, an HTTP endpoint, an AWS service, or nobody (a mock)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar
from urllib.parse import quote, urlencode

import orjson

from cloudarium.core.context import Context
from cloudarium.core.documents import Json
from cloudarium.gateway import aws_actions, http_client, lenient_json, stand_ins
from cloudarium.gateway.http_client import Incoming, Outgoing
from cloudarium.gateway.invocations import error_message, with_variables
from cloudarium.gateway.parameters import Parameters, filled
from cloudarium.services.apigateway import certificates
from cloudarium.services.apigateway.serving import (
    execution_log,
    functions,
    lambda_proxy,
    mapping,
    streams,
)
from cloudarium.services.apigateway.serving.compiled import Method
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    configuration_error,
    malformed_proxy_response,
    timed_out,
    unreachable,
)
from cloudarium.services.apigateway.serving.mapping import Outcome
from cloudarium.wire.http import HttpResponse

T = TypeVar("T")

_INVOCATION = "x-amz-invocation-type"
_HOST = re.compile(r"https?://(\[[0-9a-fA-F:]+\]|[^/?#:@.]+(\.[^/?#:@.]+)*\.?)(:\d+)?([/?#]|$)")


async def run(ctx: Context, exchange: Exchange, method: Method) -> HttpResponse:
    """Return the method's response to the request. Raises Failure."""
    kind = method.integration["type"]
    if kind == "MOCK":
        return mock(exchange, method)
    started = ctx.clock.wall()
    try:
        if kind == "AWS_PROXY" and method.integration.get("requestParameters"):
            mapping.parameters(exchange, method)
        if kind == "AWS_PROXY" and method.is_streamed:
            return await streams.function(ctx, exchange, method)
        if kind == "AWS_PROXY":
            return await _proxied_function(ctx, exchange, method)
        if kind == "AWS" and method.function:
            return await _mapped_function(ctx, exchange, method)
        if kind == "AWS":
            return await _service(ctx, exchange, method)
        return await _endpoint(ctx, exchange, method)
    finally:
        exchange.integration_seconds = ctx.clock.wall() - started


def mock(exchange: Exchange, method: Method) -> HttpResponse:
    """Answer with the integration response for the status code the request template gives.

    Raises Failure.
    """
    return mapping.respond(exchange, method, _mocked(mapping.request_body(exchange, method)))


@lru_cache(1024)
def _mocked(request: bytes) -> Outcome:
    status = lenient_json.member(request, "statusCode")
    if type(status) is not int:
        raise configuration_error("Unable to parse statusCode. It should be an integer.")
    return Outcome(str(status), b"")


async def _proxied_function(ctx: Context, exchange: Exchange, method: Method) -> HttpResponse:
    event = Json(orjson.dumps(lambda_proxy.event(exchange)))
    payload, error = await _invoke(ctx, exchange, method, event)
    if error:
        raise malformed_proxy_response("Lambda execution failed")
    return lambda_proxy.response(payload, exchange)


async def _mapped_function(ctx: Context, exchange: Exchange, method: Method) -> HttpResponse:
    body = mapping.request_body(exchange, method)
    mapped = mapping.parameters(exchange, method)
    kind = next((one for name, one in mapped.headers if name.lower() == _INVOCATION), "")
    payload, _ = await _invoke(ctx, exchange, method, body, waits=kind != "Event")
    # What selection patterns are matched with.
    return mapping.respond(exchange, method, Outcome(error_message(payload), payload))


async def _invoke(
    ctx: Context, exchange: Exchange, method: Method, payload: bytes, *, waits: bool = True
) -> tuple[bytes, str]:
    """Invoke the method's function; return its payload and its kind of error, if it failed."""
    integration, started = method.integration, ctx.clock.wall()
    if integration.get("httpMethod") != "POST":
        raise configuration_error("Invalid permissions on Lambda function")
    name = with_variables(method.function, exchange.variables)
    uri = f"https://lambda.{ctx.region}.amazonaws.com/2015-03-31/functions/{name}/invocations"
    traced = [("X-Amzn-Trace-Id", exchange.trace_id)]
    execution_log.asking(exchange, uri, traced, payload)
    request_id = ctx.ids.uuid()
    answer, error = await functions.invoke(
        ctx,
        exchange,
        method.function,
        payload,
        credentials=integration.get("credentials"),
        source_arn=exchange.method_arn,
        seconds=integration["timeoutInMillis"] / 1000,
        waits=waits,
        request_id=request_id,
    )
    took = ctx.clock.wall() - started
    told = [("x-amzn-RequestId", request_id), *traced]
    execution_log.answered(exchange, 200 if waits else 202, took, told, answer)
    return answer, error


async def _service(ctx: Context, exchange: Exchange, method: Method) -> HttpResponse:
    """Call an AWS service's action or path."""
    integration = method.integration
    where = aws_actions.target(with_variables(integration["uri"], exchange.variables))
    if where is None:
        raise configuration_error("Invalid integration URI")
    body = mapping.request_body(exchange, method)
    mapped = mapping.parameters(exchange, method)
    role = with_variables(integration.get("credentials", ""), exchange.variables)
    name, started = integration["httpMethod"], ctx.clock.wall()
    http_method = exchange.http_method if name == "ANY" else name
    uri = f"https://{where.service}.{where.region}.amazonaws.com/"
    execution_log.asking(exchange, uri, mapped.headers, body)
    answer = await _within(method, aws_actions.send(ctx, where, http_method, mapped, body, role))
    took = ctx.clock.wall() - started
    execution_log.answered(exchange, answer.status, took, answer.headers, answer.body)
    return mapping.respond(exchange, method, _outcome(answer))


async def _endpoint(ctx: Context, exchange: Exchange, method: Method) -> HttpResponse:
    """Call an HTTP endpoint; as a proxy the whole request goes there, and its answer back."""
    is_proxy = method.integration["type"] == "HTTP_PROXY"
    made = mapping.converted_request if is_proxy else mapping.request_body
    body = made(exchange, method)
    mapped, started = mapping.parameters(exchange, method), ctx.clock.wall()
    request = _outgoing(exchange, method, mapped, body, is_proxy=is_proxy)
    if method.integration.get("connectionType") == "VPC_LINK":
        request = replace(request, url=stand_ins.moved(ctx.cloud.folder, request.url))
    request = _identified(ctx, exchange, request)
    request, traced = exchange.trace.calls_endpoint(request) if exchange.trace else (request, None)
    execution_log.asking(exchange, request.url, request.headers, body)
    if method.is_streamed:
        return await streams.endpoint(ctx, exchange, method, request, traced)
    answer = await _within(method, http_client.send(request))
    if traced:
        traced.answered(answer.status, len(answer.body))
    took = ctx.clock.wall() - started
    execution_log.answered(exchange, answer.status, took, answer.headers, answer.body)
    if is_proxy:
        return _passed_back(exchange, answer)
    return mapping.respond(exchange, method, _outcome(answer))


def _identified(ctx: Context, exchange: Exchange, request: Outgoing) -> Outgoing:
    """Return the request with the stage's client certificate, if it has one."""
    name = exchange.stage.document.get("clientCertificateId")
    if not name or not request.url.startswith("https:"):
        return request
    with ctx.transaction():
        return replace(request, identity=certificates.identity(ctx, name))


def _outgoing(
    exchange: Exchange,
    method: Method,
    mapped: Parameters,
    body: bytes,
    *,
    is_proxy: bool,
) -> Outgoing:
    integration = method.integration
    url = filled(with_variables(integration["uri"], exchange.variables), mapped.path)
    if "{" in url or any(mark <= " " for mark in url) or not _HOST.match(url):
        raise configuration_error("Invalid endpoint address")
    query, headers = list(mapped.query), list(mapped.headers)
    if is_proxy:
        taken = {name for name, _ in query}
        query += [one for one in exchange.request.query_pairs if one[0] not in taken]
        given = {name.lower() for name, _ in headers} | {"host"}
        if not body:
            given.add("content-encoding")
        headers += [one for one in exchange.headers if one[0].lower() not in given]
    defaults = {
        "Content-Type": exchange.content_type or "application/json",
        "Accept": "application/json",
        "User-Agent": f"AmazonAPIGateway_{exchange.stage.api_id}",
        "X-Amzn-Apigateway-Api-Id": exchange.stage.api_id,
        "X-Amzn-Trace-Id": exchange.trace_id,
    }
    known = {name.lower() for name, _ in headers}
    if not body:
        known.add("content-type")
    headers += [(name, one) for name, one in defaults.items() if name.lower() not in known]
    if query:
        url += ("&" if "?" in url else "?") + urlencode(query, quote_via=quote)
    name = integration["httpMethod"]
    skips = bool((integration.get("tlsConfig") or {}).get("insecureSkipVerification"))
    http_method = exchange.http_method if name == "ANY" else name
    return Outgoing(http_method, url, headers, body, is_verified=not skips)


def _outcome(answer: Incoming) -> Outcome:
    return Outcome(str(answer.status), answer.body, answer.headers)


def _passed_back(exchange: Exchange, answer: Incoming) -> HttpResponse:
    # The caller's Accept-Encoding went along: what comes encoded is the caller's to decode.
    is_encoded = answer.header("content-encoding") not in ("", "identity")
    body = answer.body
    if not is_encoded:
        body = mapping.converted(exchange, None, body, answer.headers)
    return HttpResponse(answer.status, lambda_proxy.remapped(answer.headers), body)


async def _within(method: Method, work: Awaitable[T]) -> T:
    """Return the answer, or raise the Failure for one that came too late or not at all."""
    try:
        return await asyncio.wait_for(work, method.integration["timeoutInMillis"] / 1000)
    except TimeoutError:
        raise timed_out() from None
    except aws_actions.RoleRefused as error:
        raise configuration_error(str(error)) from error
    except http_client.ClientError as error:
        raise unreachable(str(error)) from error
