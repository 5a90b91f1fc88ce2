"""What answers a request to an HTTP API: a function, an HTTP endpoint, or an AWS service."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import orjson

from cloudarium.core.context import Context
from cloudarium.core.documents import Json
from cloudarium.gateway import http_client, stand_ins
from cloudarium.gateway.http_client import Outgoing
from cloudarium.gateway.invocations import with_variables
from cloudarium.services.apigatewayv2.serving import (
    answers,
    events,
    first_class,
    functions,
    mapping,
)
from cloudarium.services.apigatewayv2.serving.exchange import Exchange
from cloudarium.services.apigatewayv2.serving.failures import failed, unavailable
from cloudarium.wire.http import HttpResponse

Document = dict[str, Any]

_OWN = frozenset({"host", "accept-encoding", "content-length"})


async def run(ctx: Context, exchange: Exchange) -> HttpResponse:
    """Return the integration's response to the request. Raises Failure."""
    assert exchange.route is not None
    integration = exchange.route.integration
    if integration is None:
        raise failed("The route has no integration")
    started = ctx.clock.wall()
    try:
        answer = await _answer(ctx, exchange, integration)
        exchange.integration_status = answer.status
    finally:
        exchange.integration_seconds = ctx.clock.wall() - started
    return mapping.response(exchange, answer, integration.get("ResponseParameters", {}))


async def _answer(ctx: Context, exchange: Exchange, integration: Document) -> HttpResponse:
    if integration.get("IntegrationSubtype"):
        work = first_class.call(ctx, exchange, integration)
        try:
            return await asyncio.wait_for(work, integration["TimeoutInMillis"] / 1000)
        except TimeoutError:
            raise unavailable("The integration timed out") from None
    if integration["IntegrationType"] == "AWS_PROXY":
        return await _function(ctx, exchange, integration)
    return await _endpoint(ctx, exchange, integration)


async def _function(ctx: Context, exchange: Exchange, integration: Document) -> HttpResponse:
    assert exchange.route is not None
    version = integration["PayloadFormatVersion"]
    forwarded = mapping.request(exchange, integration.get("RequestParameters", {}))
    event = events.event(exchange, forwarded, version)
    role = integration.get("CredentialsArn")
    exchange.integration_request_id = ctx.ids.uuid()
    payload, error = await functions.invoke(
        ctx,
        exchange.route.function,
        Json(orjson.dumps(event)),
        variables=exchange.variables,
        principal=await functions.principal(ctx, role, exchange.principal),
        source_arn=exchange.route_arn,
        seconds=integration["TimeoutInMillis"] / 1000,
        trace=exchange.trace_id,
        request_id=exchange.integration_request_id,
    )
    if error:
        raise failed(answers.problem(payload))
    return answers.response(payload, version)


async def _endpoint(ctx: Context, exchange: Exchange, integration: Document) -> HttpResponse:
    """Send the whole request to an HTTP endpoint, and its answer back."""
    url = with_variables(integration["IntegrationUri"], exchange.variables)
    if integration["ConnectionType"] == "VPC_LINK":
        url = _private(ctx.cloud.folder, exchange, url)
    work = http_client.send(_outgoing(exchange, integration, url))
    try:
        answer = await asyncio.wait_for(work, integration["TimeoutInMillis"] / 1000)
    except TimeoutError:
        raise unavailable("The integration timed out") from None
    except http_client.ClientError as error:
        raise unavailable(str(error)) from error
    return HttpResponse(answer.status, answers.kept(answer.headers), answer.body)


def _private(folder: Path, exchange: Exchange, arn: str) -> str:
    """Return the URL of what stands for a listener or a service, with the whole path.

    Developer Guide, "Create private integrations for HTTP APIs": the stage is part of the path.
    Raises Failure if nothing does.
    """
    base = stand_ins.named(folder, stand_ins.ENDPOINTS, arn)
    if base is None:
        raise unavailable(f"Nothing stands for {arn} in {stand_ins.ENDPOINTS}")
    return base + _encoded(exchange.raw_path)


def _outgoing(exchange: Exchange, integration: Document, url: str) -> Outgoing:
    forwarded = mapping.request(exchange, integration.get("RequestParameters", {}))
    url = _filled(url, exchange.path_parameters)
    if forwarded.path is not None:
        parts = urlsplit(url)
        url = f"{parts.scheme}://{parts.netloc}{_encoded(forwarded.path)}"
    if any(mark <= " " for mark in url) or "{" in url:
        raise failed(f"Invalid endpoint address: {url}")
    query = urlencode(forwarded.query, quote_via=quote)
    if query:
        url += ("&" if "?" in url else "?") + query
    headers = [one for one in forwarded.headers if one[0].lower() not in _OWN]
    headers.append(("Forwarded", _forwarded(exchange)))
    method = integration["IntegrationMethod"]
    return Outgoing(exchange.method if method == "ANY" else method, url, headers, exchange.body)


def _filled(url: str, parameters: Mapping[str, str]) -> str:
    """Return a URL with the route's path variables (`{id}`, `{proxy}`) in it."""
    for name, value in parameters.items():
        text = quote(unquote(value), safe="/-._~!$&'()*+,;=:@")
        url = url.replace(f"{{{name}}}", text).replace(f"{{{name}+}}", text)
    return url


def _encoded(path: str) -> str:
    rooted = path if path.startswith("/") else f"/{path}"
    return quote(rooted, safe="/-._~!$&'()*+,;=:@%")


def _forwarded(exchange: Exchange) -> str:
    """Return the Forwarded header (RFC 7239) that HTTP APIs send instead of X-Forwarded-For."""
    return f"by=127.0.0.1;for={exchange.request.client};host={exchange.request.host};proto=http"
