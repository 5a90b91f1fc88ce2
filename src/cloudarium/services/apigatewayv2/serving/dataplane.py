"""The data plane: requests to deployed HTTP APIs in AWS's order, and those to WebSocket APIs.

Stage, preflight, route, authorization, throttle, integration, response.
"""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.core.identity import service_principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import limits
from cloudarium.services.apigatewayv2.serving import (
    access_log,
    authorizing,
    cors,
    integrating,
    measures,
)
from cloudarium.services.apigatewayv2.serving.addresses import Address, resolve
from cloudarium.services.apigatewayv2.serving.exchange import Exchange, begin
from cloudarium.services.apigatewayv2.serving.failures import Failure, not_found, too_large
from cloudarium.services.apigatewayv2.serving.throttle import Throttle
from cloudarium.services.apigatewayv2.serving.websocket import connecting, management
from cloudarium.wire.http import HttpRequest, HttpResponse

_SERVICE = "apigateway.amazonaws.com"


async def handle(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Answer a request to an API, at its own address or at a custom domain's."""
    address = resolve(runtime, request)
    if address is None:
        return not_found().response()
    if not address.stage.api.is_http:
        if management.is_command(address):
            return management.handle(runtime, request, address)
        return await connecting.connect(runtime, request, address)
    return await _http(runtime, request, address)


async def _http(runtime: ServiceRuntime, request: HttpRequest, address: Address) -> HttpResponse:
    started = runtime.kernel.clock.wall()
    exchange = begin(runtime, request, address)
    stage = exchange.stage
    caller = service_principal(_SERVICE, stage.account)
    ctx = runtime.context(stage.account, stage.region, caller, exchange.request_id)
    failure: Failure | None = None
    try:
        response = await _answer(ctx, exchange)
    except Failure as raised:
        response, failure = raised.response(), raised
    cors.apply(stage.api.document.get("CorsConfiguration"), request, response)
    response.headers.append(("apigw-requestid", exchange.extended_id))
    seconds = runtime.kernel.clock.wall() - started
    sent = len(response.body) if isinstance(response.body, bytes) else 0
    measures.record(ctx, exchange, response.status, seconds, sent)
    access_log.record(ctx.telemetry, exchange, response.status, seconds, sent, failure)
    return response


async def _answer(ctx: Context, exchange: Exchange) -> HttpResponse:
    configuration = exchange.stage.api.document.get("CorsConfiguration")
    is_preflight = cors.is_preflight(configuration, exchange.request)
    if exchange.route is None and not is_preflight:
        raise not_found()
    if exchange.request.body.size > limits.PAYLOAD_BYTES:
        raise too_large()
    if exchange.route is not None:
        await authorizing.authorize(ctx, exchange)
    ctx.state(Throttle).admit(exchange.stage, exchange.route_key)
    if is_preflight:
        return cors.preflight(configuration or {}, exchange.request)
    return await integrating.run(ctx, exchange)
