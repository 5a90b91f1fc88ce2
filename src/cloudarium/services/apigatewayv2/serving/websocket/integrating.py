"""What answers an event of a WebSocket API: a function, an endpoint, a service, or nobody (a mock).

Source: Developer Guide, "Integrations for WebSocket APIs in API Gateway" and "Data mapping for
WebSocket APIs".
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from cloudarium.core import matching
from cloudarium.core.context import Context
from cloudarium.core.documents import json_value
from cloudarium.gateway import aws_actions, http_client, lenient_json, siblings, stand_ins
from cloudarium.gateway.http_client import Incoming, Outgoing
from cloudarium.gateway.invocations import error_message, with_variables
from cloudarium.gateway.parameters import Parameters, filled
from cloudarium.gateway.templates import RenderError, Unsupported, as_text
from cloudarium.services.apigatewayv2.serving import functions
from cloudarium.services.apigatewayv2.serving.failures import broken, failed, unavailable
from cloudarium.services.apigatewayv2.serving.websocket import selection
from cloudarium.services.apigatewayv2.serving.websocket.passage import Passage
from cloudarium.wire.http import Headers

Document = dict[str, Any]

_DEFAULTS = ("$default", "\\$default", "application/json")


@dataclass(frozen=True)
class Outcome:
    """An integration's answer: an HTTP status, what goes back to the client, headers."""

    status: int
    body: str
    headers: Headers = field(default_factory=list)


async def run(ctx: Context, passage: Passage) -> Outcome:
    """Return the integration's answer to an event. Raises Failure."""
    integration = passage.route.integration
    if integration is None:
        raise failed("The route has no integration")
    if integration["IntegrationType"] == "MOCK":
        return await _answer(ctx, passage, integration)
    started = ctx.clock.wall()
    try:
        outcome = await _answer(ctx, passage, integration)
        passage.integration_status = outcome.status
        return outcome
    finally:
        passage.integration_seconds = ctx.clock.wall() - started


async def _answer(ctx: Context, passage: Passage, integration: Document) -> Outcome:
    kind = integration["IntegrationType"]
    if kind == "AWS_PROXY":
        payload, error = await _invoke(ctx, passage, integration, json.dumps(passage.event()))
        if error:
            raise broken("The Lambda function returned an error")
        return _proxied(payload)
    body = _request(passage, integration)
    if kind == "MOCK":
        return _mapped(passage, Outcome(_mock_status(body), body))
    if kind == "AWS" and not passage.route.function:
        return _mapped(passage, await _service(ctx, passage, integration, body))
    if kind == "AWS":
        payload, error = await _invoke(ctx, passage, integration, body)
        text = payload.decode("utf-8", "replace")
        return _mapped(passage, Outcome(500 if error else 200, text), error_message(payload))
    outcome = await _endpoint(ctx, passage, integration, body)
    return outcome if kind == "HTTP_PROXY" else _mapped(passage, outcome)


async def _invoke(
    ctx: Context, passage: Passage, integration: Document, payload: str
) -> tuple[bytes, str]:
    role = integration.get("CredentialsArn")
    passage.integration_request_id = ctx.ids.uuid()
    return await functions.invoke(
        ctx,
        passage.route.function,
        payload.encode(),
        variables=passage.variables,
        principal=await functions.principal(ctx, role, passage.principal),
        source_arn=passage.arn,
        seconds=integration["TimeoutInMillis"] / 1000,
        trace=passage.trace_id,
        request_id=passage.integration_request_id,
    )


def _proxied(payload: bytes) -> Outcome:
    """Return what a function's answer means: `statusCode`, `headers` and `body`."""
    try:
        answer = json_value(payload or b"null")
    except ValueError:
        raise broken("The Lambda function's answer is not JSON") from None
    if not isinstance(answer, dict) or not re.fullmatch(
        r"[1-5]\d\d", str(answer.get("statusCode"))
    ):
        raise broken("The Lambda function's answer has no statusCode")
    body = answer.get("body")
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    headers = answer.get("headers") or {}
    if not isinstance(headers, dict):
        raise broken("The Lambda function's answer has headers that are none")
    pairs = [(str(name), str(value)) for name, value in headers.items()]
    return Outcome(int(answer["statusCode"]), text, pairs)


def _mock_status(body: str) -> int:
    status = lenient_json.member(body, "statusCode")
    if type(status) is not int:
        raise failed("Unable to parse statusCode. It should be an integer.")
    return status


def _request(passage: Passage, integration: Document) -> str:
    """Return the message as the integration's request template makes it, or as it is."""
    templates = integration.get("RequestTemplates", {})
    name = _selected(passage, integration.get("TemplateSelectionExpression", ""), passage.text)
    text = _chosen(templates, name)
    if text is not None:
        return _rendered(passage, text, passage.scope())
    behavior = integration.get("PassthroughBehavior", "WHEN_NO_MATCH")
    if behavior == "NEVER" or (behavior == "WHEN_NO_TEMPLATES" and templates):
        raise failed("No request template fits, and passing through is not allowed")
    return passage.text


def _mapped(passage: Passage, outcome: Outcome, selector: str | None = None) -> Outcome:
    """Return an outcome as the integration response that fits makes it.

    Its key's pattern (`/4\\d\\d/`) fits the status or, of functions, the error message, the
    `selector`; else it is `$default`; without one the answer stays.
    """
    selected = str(outcome.status) if selector is None else selector
    found = passage.route.responses.get("$default")
    for key, response in passage.route.responses.items():
        if key.startswith("/") and matching.kept(key[1:-1]).fullmatch(selected):
            found = response
            break
    if found is None:
        return outcome
    name = _selected(passage, found.get("TemplateSelectionExpression", ""), outcome.body)
    text = _chosen(found.get("ResponseTemplates", {}), name)
    if text is None:
        return outcome
    return Outcome(
        outcome.status, _rendered(passage, text, passage.scope(outcome.body)), outcome.headers
    )


def _chosen(templates: Mapping[str, str], name: str) -> str | None:
    keys = (name, *_DEFAULTS) if name else _DEFAULTS
    return next((templates[key] for key in keys if key in templates), None)


def _selected(passage: Passage, expression: str, body: str) -> str:
    """Return the value of a selection expression over a message."""
    return selection.value(expression, body, passage.scope(body))


def _rendered(passage: Passage, text: str, scope: Document) -> str:
    try:
        return passage.route.template(text).render(scope)
    except (Unsupported, RenderError) as error:
        raise failed(f"Invalid mapping template: {error}") from error


async def _service(ctx: Context, passage: Passage, integration: Document, body: str) -> Outcome:
    """Call an AWS service's action or path as the integration's role."""
    where = aws_actions.target(with_variables(integration["IntegrationUri"], passage.variables))
    if where is None:
        raise failed("Invalid integration URI")
    role = with_variables(integration["CredentialsArn"], passage.variables)
    mapped = _parameters(passage, integration)
    method = _method(integration)
    work = aws_actions.send(ctx, where, method, mapped, body.encode(), role)
    return await _within(integration, work)


async def _endpoint(ctx: Context, passage: Passage, integration: Document, body: str) -> Outcome:
    mapped = _parameters(passage, integration)
    url = filled(with_variables(integration["IntegrationUri"], passage.variables), mapped.path)
    if integration["ConnectionType"] == "VPC_LINK":
        url = stand_ins.moved(ctx.cloud.folder, url)
    if mapped.query:
        url += ("&" if "?" in url else "?") + urlencode(mapped.query, quote_via=quote)
    headers = list(mapped.headers)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    identity = _identity(ctx, passage) if url.startswith("https:") else ""
    request = Outgoing(_method(integration), url, headers, body.encode(), identity=identity)
    return await _within(integration, http_client.send(request))


def _identity(ctx: Context, passage: Passage) -> str:
    """Return the stage's client certificate and its key in PEM, if it has one."""
    name = passage.stage.document.get("ClientCertificateId")
    if not name:
        return ""
    return str(siblings.run(ctx, siblings.REST, "certificates:identity", name))


async def _within(integration: Document, work: Awaitable[Incoming]) -> Outcome:
    try:
        answer = await asyncio.wait_for(work, integration["TimeoutInMillis"] / 1000)
    except TimeoutError:
        raise unavailable("The integration timed out") from None
    except aws_actions.RoleRefused as error:
        raise failed(str(error)) from error
    except http_client.ClientError as error:
        raise unavailable(str(error)) from error
    return Outcome(answer.status, answer.body.decode("utf-8", "replace"), answer.headers)


def _method(integration: Document) -> str:
    method: str = integration["IntegrationMethod"]
    return "POST" if method == "ANY" else method


def _parameters(passage: Passage, integration: Document) -> Parameters:
    """Return what the integration's RequestParameters make."""
    made = Parameters()
    for key, source in integration.get("RequestParameters", {}).items():
        place, _, name = key.removeprefix("integration.request.").partition(".")
        value = _parameter(passage, source)
        if place == "path":
            made.path[name] = value
        else:
            (made.query if place == "querystring" else made.headers).append((name, value))
    return made


def _parameter(passage: Passage, source: str) -> str:
    """Return what a parameter stands for: a quoted text, or what an expression names."""
    if source.startswith("'"):
        return source.strip("'")
    root, _, rest = source.partition(".")
    if root == "stageVariables":
        return passage.variables.get(rest, "")
    if root == "context":
        value: Any = passage.context
        for name in rest.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return as_text(value)
    place, _, name = rest.removeprefix("request.").partition(".")
    if place == "body":
        return as_text(passage.scope()["input"].call_path(f"$.{name}" if name else "$"))
    key = name.lower() if place == "header" else name
    return passage.parameters.get(place, {}).get(key, "")
