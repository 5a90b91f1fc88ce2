"""What answers a request: a Lambda function (proxied or mapped), or a mock."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core import arn
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.apigateway.serving import lambda_proxy
from cloudarium.services.apigateway.serving.compiled import IntegrationResponse, Method
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    Failure,
    configuration_error,
    malformed_proxy_response,
    parameter,
    timed_out,
    unsupported_media_type,
)
from cloudarium.services.apigateway.serving.templates import RenderError, Template, json_path
from cloudarium.wire.http import HttpResponse

_VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")
# The credentials that stand for the caller's own (PutIntegration, `credentials`).
_CALLER = "arn:aws:iam::*:user/*"


class Invocations:
    """The invocations under way. One that is given up on goes on, as a function does on AWS."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def within(self, seconds: float, task: asyncio.Task[Any]) -> Any:
        """Return the task's result, or raise the timeout's Failure after `seconds`."""
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            raise timed_out()
        return task.result()

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    async def close(self) -> None:
        """Stop waiting for whatever is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


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
    variables = exchange.variables
    name = _VARIABLE.sub(lambda found: variables.get(found.group(1), ""), method.function)
    function = arn.parse(name)
    if function is None:
        raise configuration_error("Invalid Lambda function ARN")
    principal = await _principal(ctx, exchange, method)
    call = ctx.call(
        "lambda",
        "Invoke",
        {"FunctionName": name, "InvocationType": "RequestResponse", "Payload": payload},
        principal=principal,
        account=function.account,
        region=function.region,
        source_arn=exchange.method_arn,
    )
    started = ctx.clock.wall()
    try:
        answer = await ctx.state(Invocations).within(
            method.integration["timeoutInMillis"] / 1000, asyncio.ensure_future(call)
        )
    except AwsError as error:
        raise _refused(error) from error
    finally:
        exchange.integration_seconds = ctx.clock.wall() - started
    returned = answer.get("Payload", b"")
    data = returned if isinstance(returned, bytes) else returned.read()
    return data, answer.get("FunctionError") or ""


async def _principal(ctx: Context, exchange: Exchange, method: Method) -> Principal | None:
    credentials = method.integration.get("credentials")
    if not credentials:
        return None
    if credentials == _CALLER:
        return exchange.principal
    try:
        return await ctx.assume_role(credentials, "BackplaneAssumeRoleSession")
    except AwsError as error:
        raise configuration_error(
            "API Gateway does not have permission to assume the provided role"
        ) from error


def _refused(error: AwsError) -> Failure:
    if error.code == "TooManyRequestsException":
        return configuration_error("Lambda invocation failed with status: 429")
    if error.code in ("AccessDeniedException", "ResourceNotFoundException"):
        return configuration_error("Invalid permissions on Lambda function")
    return configuration_error(f"Lambda invocation failed with status: {error.status}")


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
