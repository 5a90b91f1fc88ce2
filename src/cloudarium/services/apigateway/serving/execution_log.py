"""Execution logs: how a request went, where the stage's `loggingLevel` is `INFO`, or why it failed.

Source: Developer Guide, "Set up CloudWatch logging for REST APIs" (the group's name); the lines are
those of AWS's own logs. Bodies are told only with `dataTraceEnabled`, as "data trace" says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from cloudarium.core.context import Context
from cloudarium.gateway.templates import as_text
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import Failure
from cloudarium.wire.http import HttpResponse

_CONFIGURATION = ("API_CONFIGURATION_ERROR", "INTEGRATION_FAILURE")


def begin(exchange: Exchange) -> None:
    """Have the exchange take notes if its method's are wanted."""
    settings = exchange.settings
    if settings.get("loggingLevel") == "INFO":
        exchange.notes = []
        exchange.notes_data = bool(settings.get("dataTraceEnabled"))
        exchange.note(f"Extended Request Id: {exchange.extended_id}")


def start(exchange: Exchange) -> None:
    """Note what is asked for, once it may be."""
    parameters = exchange.parameters
    exchange.note(f"Starting execution for request: {exchange.request_id}")
    exchange.note(f"HTTP Method: {exchange.http_method}, Resource Path: {exchange.path}")
    exchange.note(f"Method request path: {as_text(dict(parameters['path']))}")
    exchange.note(f"Method request query string: {as_text(dict(parameters['querystring']))}")
    exchange.note(f"Method request headers: {as_text(dict(exchange.headers))}", is_data=True)
    exchange.note(f"Method request body before transformations: {exchange.body_text}", is_data=True)


def asking(exchange: Exchange, uri: str, headers: Iterable[tuple[str, str]], body: bytes) -> None:
    """Note what an integration is asked; `uri` is where, its host included."""
    if exchange.notes is None:
        return
    shown = as_text({name: _masked(name, value) for name, value in headers})
    text = body.decode("utf-8", "replace")
    exchange.note(f"Endpoint request URI: {uri}", is_data=True)
    exchange.note(f"Endpoint request headers: {shown}", is_data=True)
    exchange.note(f"Endpoint request body after transformations: {text}", is_data=True)
    exchange.note(f"Sending request to {uri}")


def _masked(name: str, value: str) -> str:
    """Hide all of a signature but its end."""
    is_secret = name.lower() == "authorization"
    return "*" * (len(value) - 6) + value[-6:] if is_secret else value


def answered(
    exchange: Exchange,
    status: int,
    seconds: float,
    headers: Collection[tuple[str, str]],
    body: bytes,
) -> None:
    """Note what an integration said, and after how long."""
    exchange.integration_status, exchange.integration_headers = status, headers
    if exchange.notes is None:
        return
    text = body.decode("utf-8", "replace")
    took = round(seconds * 1000)
    exchange.note(f"Received response. Status: {status}, Integration latency: {took} ms")
    exchange.note(f"Endpoint response headers: {as_text(dict(headers))}", is_data=True)
    exchange.note(f"Endpoint response body before transformations: {text}", is_data=True)


def finish(exchange: Exchange, response: HttpResponse, failure: Failure | None) -> list[str]:
    """Return all that is to be told of a request that is answered."""
    if failure is not None:
        reason = failure.reason
        if failure.response_type in _CONFIGURATION:
            reason = f"Execution failed due to configuration error: {reason}"
        exchange.note(reason)
    else:
        if isinstance(response.body, bytes):
            text = response.body.decode("utf-8", "replace")
            exchange.note(f"Method response body after transformations: {text}", is_data=True)
        headers = as_text(dict(response.headers))
        exchange.note(f"Method response headers: {headers}", is_data=True)
        exchange.note("Successfully completed execution")
    exchange.note(f"Method completed with status: {response.status}")
    return exchange.notes or []


def record(
    ctx: Context, exchange: Exchange, response: HttpResponse, failure: Failure | None
) -> None:
    """Write a request's lines to the stage's log group, if they are wanted."""
    if exchange.notes is None:
        if failure is None or exchange.settings.get("loggingLevel") not in ("ERROR", "INFO"):
            return
        exchange.notes = []
    stage = exchange.stage
    group = f"API-Gateway-Execution-Logs_{stage.api_id}/{stage.name}"
    for line in finish(exchange, response, failure):
        ctx.telemetry.log(group, stage.deployment_id, f"({exchange.request_id}) {line}")
