"""What answers a request: a Lambda function (proxied or mapped), or a mock."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.apigateway.serving import functions, lambda_proxy
from cloudarium.services.apigateway.serving.compiled import IntegrationResponse, Method
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    configuration_error,
    malformed_proxy_response,
    parameter,
    unsupported_media_type,
)
from cloudarium.services.apigateway.serving.templates import RenderError, Template, json_path
from cloudarium.wire.http import HttpResponse


async def run(ctx: Context, exchange: Exchange, method: Method) -> HttpResponse:
    """Return the method's response to the request. Raises Failure."""
    kind = method.integration["type"]
    if kind == "MOCK":
        return _mock(exchange, method)
    if method.integration.get("httpMethod") != "POST":
        raise configuration_error("Invalid permissions on Lambda function")
    if kind == "AWS_PROXY":
        event = json.dumps(lambda_proxy.event(exchange), ensure_ascii=False)
        payload, error = await _invoke(ctx, exchange, method, event.encode())
        if error:
            raise malformed_proxy_response("Lambda execution failed")
        return lambda_proxy.response(payload, exchange)
    payload, _ = await _invoke(ctx, exchange, method, _mapped_request(exchange, method).encode())
    text = payload.decode("utf-8", "replace")
    return _mapped_response(exchange, method, text, _error_message(text))


def _error_message(payload: str) -> str:
    """Return what selection patterns are matched with: the function's error message, if any."""
    try:
        answer = json.loads(payload)
    except ValueError:
        return ""
    return str(answer.get("errorMessage") or "") if isinstance(answer, dict) else ""


async def _invoke(
    ctx: Context, exchange: Exchange, method: Method, payload: bytes
) -> tuple[bytes, str]:
    """Invoke the method's function; return its payload and its kind of error, if it failed."""
    integration = method.integration
    started = ctx.clock.wall()
    try:
        return await functions.invoke(
            ctx,
            exchange,
            method.function,
            payload,
            credentials=integration.get("credentials"),
            source_arn=exchange.method_arn,
            seconds=integration["timeoutInMillis"] / 1000,
        )
    finally:
        exchange.integration_seconds = ctx.clock.wall() - started


def _mock(exchange: Exchange, method: Method) -> HttpResponse:
    """Answer with the integration response for the status code the request template gives."""
    request = _mapped_request(exchange, method)
    try:
        status = json.loads(request)["statusCode"]
    except (ValueError, KeyError, TypeError):
        raise configuration_error("Unable to parse statusCode. It should be an integer.") from None
    return _mapped_response(exchange, method, "", str(status))


def _mapped_request(exchange: Exchange, method: Method) -> str:
    """Return the payload the integration is given: the template's, or the body as it is."""
    media_type = exchange.content_type.split(";", 1)[0].strip().lower() or "application/json"
    templates = method.request_templates
    template = templates.get(media_type) or templates.get("$default")
    if template is not None:
        return _rendered(template, exchange.scope())
    behaviour = method.integration["passthroughBehavior"]
    if behaviour == "NEVER" or (behaviour == "WHEN_NO_TEMPLATES" and templates):
        raise unsupported_media_type()
    return exchange.body_text


def _mapped_response(
    exchange: Exchange, method: Method, payload: str, outcome: str
) -> HttpResponse:
    """Return the method response for an integration's `payload`; `outcome` selects which."""
    selected = method.response_for(outcome)
    if selected is None:
        raise configuration_error("No match for output mapping and no default output mapping")
    scope = exchange.scope(payload)
    headers = [
        (target.removeprefix("method.response.header."), value)
        for target, source in selected.parameters.items()
        if (value := _response_parameter(source, payload, scope))
    ]
    media_type, template = _response_template(selected, exchange)
    body = _rendered(template, scope) if template else payload
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", media_type))
    return HttpResponse(
        selected.status,
        [(lambda_proxy.remapped(name), value) for name, value in headers],
        body.encode(),
    )


def _rendered(template: Template, scope: Mapping[str, Any]) -> str:
    try:
        return template.render(scope)
    except RenderError as error:
        raise configuration_error(f"Unable to transform: {error}") from error


def _response_template(
    selected: IntegrationResponse, exchange: Exchange
) -> tuple[str, Template | None]:
    templates = selected.templates
    accept = exchange.request.headers.get("accept", "")
    wanted = [one.split(";", 1)[0].strip().lower() for one in accept.split(",")]
    for media_type in wanted:
        if media_type in templates:
            return media_type, templates[media_type]
    return next(iter(templates.items()), ("application/json", None))


def _response_parameter(source: str, payload: str, scope: Mapping[str, Any]) -> str:
    if not source.startswith("integration.response."):
        return parameter(source, scope)
    path = source.removeprefix("integration.response.")
    if path == "body":
        return payload
    if not path.startswith("body"):
        return ""
    try:
        found = json_path(json.loads(payload), path.removeprefix("body"))
    except ValueError:
        return ""
    return "" if found is None else str(found)
