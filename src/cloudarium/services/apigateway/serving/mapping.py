"""Mapping a method's request to its integration's, and the integration's answer to the method's.

Source: Developer Guide, "Parameter mapping", "Mapping template transformations", "Method request
behavior for payloads without mapping templates" and "Override your API's request and response
parameters and status codes".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cloudarium.core.documents import json_value
from cloudarium.gateway import json_path
from cloudarium.gateway.parameters import Pairs, Parameters
from cloudarium.gateway.templates import (
    RenderError,
    Template,
    as_text,
)
from cloudarium.services.apigateway.serving import conversions, lambda_proxy
from cloudarium.services.apigateway.serving.compiled import IntegrationResponse, Method
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    configuration_error,
    parameter,
    unsupported_media_type,
)
from cloudarium.wire.http import HttpResponse

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_CONNECTION = frozenset({"connection", "expect", "proxy-authenticate", "te"})
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True)
class Outcome:
    """What an integration said. `selector` is what selection patterns are matched with."""

    selector: str
    body: bytes
    headers: Pairs = field(default_factory=list)


def request_body(exchange: Exchange, method: Method) -> bytes:
    """Return the payload the integration is given: the template's, or the body as it is."""
    body = converted_request(exchange, method) if exchange.request.body.size else b""
    kind = exchange.request.headers.get("content-type")
    media_type = kind.split(";", 1)[0].strip().lower() if kind else ""
    media_type = media_type or "application/json"
    templates = method.request_templates
    template = templates.get(media_type) or templates.get("$default")
    if template is not None:
        constant = template.constant
        return rendered(template, exchange, body) if constant is None else constant
    behaviour = method.integration["passthroughBehavior"]
    if behaviour == "NEVER" or (behaviour == "WHEN_NO_TEMPLATES" and templates):
        raise unsupported_media_type()
    return body


def converted_request(exchange: Exchange, method: Method) -> bytes:
    """Return the method's payload as its integration is given it. Raises the 500 Failure."""
    handling = method.integration.get("contentHandling")
    return conversions.of_request(exchange.api, handling, exchange.content_type, exchange.body)


def parameters(exchange: Exchange, method: Method) -> Parameters:
    """Return the mapped parameters; what a template overrode holds. Call after `request_body`."""
    mapped = Parameters()
    for target, source in (method.integration.get("requestParameters") or {}).items():
        _, _, place, name = target.split(".", 3)
        for value in sources(source, exchange):
            _put(mapped, place, name, value)
    overridden = exchange.overrides["requestOverride"]
    for place in ("path", "querystring", "header"):
        for name, value in (overridden.get(place) or {}).items():
            _drop(mapped, place, name)
            values = value if isinstance(value, list) else [value]
            for one in values:
                _put(mapped, place, name, as_text(one))
    return _sendable(mapped, method)


def _sendable(mapped: Parameters, method: Method) -> Parameters:
    """Return what of the mapped parameters is sent. Raises the 500 Failure for what cannot be.

    An endpoint is not sent what concerns the connection; to AWS's own services it may not be mapped
    (recorded in public test suites).
    """
    is_http = method.integration["type"] in ("HTTP", "HTTP_PROXY")
    refused = _FRAMING if is_http else _FRAMING | _CONNECTION | {"authorization"}
    for name, _ in mapped.headers:
        if name.lower() in refused:
            raise configuration_error(f"Invalid header in the integration request: {name}")
    mapped.headers = [one for one in mapped.headers if one[0].lower() not in _CONNECTION]
    return mapped


def _put(mapped: Parameters, place: str, name: str, value: str) -> None:
    if place == "path":
        mapped.path[name] = value
    elif place == "querystring":
        mapped.query.append((name, value))
    elif _HEADER.fullmatch(name):
        mapped.headers.append((name, _CONTROL.sub("", value)))


def _drop(mapped: Parameters, place: str, name: str) -> None:
    if place == "querystring":
        mapped.query = [one for one in mapped.query if one[0] != name]
    elif place == "header":
        mapped.headers = [one for one in mapped.headers if one[0].lower() != name.lower()]


def sources(source: str, exchange: Exchange) -> list[str]:
    """Return the values a request mapping expression stands for; none for what is not there."""
    path = source.removeprefix("method.request.")
    if path != source:
        place, _, name = path.partition(".")
        if place == "multivaluequerystring":
            return [one for key, one in exchange.request.query_pairs if key == name]
        if place == "multivalueheader":
            return [one for key, one in exchange.headers if key.lower() == name.lower()]
        if place.partition("[")[0] == "body":
            value = _in_body(exchange.body, path.removeprefix("body"))
            return [] if value is None else [value]
    scope = {
        "method": exchange.parameters,
        "context": exchange.context,
        "stageVariables": exchange.variables,
    }
    found = parameter(source, scope)
    return [found] if found or source == "''" else []


def _in_body(body: bytes, path: str) -> str | None:
    text = body.decode("utf-8", "replace")
    if not path:
        return text
    try:
        found = json_path.find(json_value(text), f"${path}")
        if isinstance(found, dict | list):
            return json.dumps(found, separators=(",", ":"), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    return None if found is None else as_text(found)


def respond(exchange: Exchange, method: Method, outcome: Outcome) -> HttpResponse:
    """Return the method's response for what the integration said. Raises Failure."""
    selected = method.response_for(outcome.selector)
    if selected is None:
        raise configuration_error("No match for output mapping and no default output mapping")
    body = outcome.body
    if body:
        body = converted(exchange, selected.handling, body, outcome.headers)
    media_type, template = _template(selected, exchange)
    status, headers = selected.status, list[tuple[str, str]]()
    if selected.parameters:
        headers = _response_headers(exchange, selected.parameters, outcome)
    if template is not None:
        if template.constant is None:
            body = rendered(template, exchange, body)
            status, headers = _overridden(exchange, status, headers)
        else:
            body = template.constant
    return HttpResponse(status, _shown(headers, media_type), body)


def _shown(headers: Pairs, media_type: str) -> Pairs:
    """Return the headers of a response under the names they come out by, and its media type."""
    shown = lambda_proxy.remapped(headers) if headers else []
    if not shown or not any(name.lower() == "content-type" for name, _ in shown):
        shown.append(("Content-Type", media_type))
    return shown


def _response_headers(exchange: Exchange, parameters: Mapping[str, str], outcome: Outcome) -> Pairs:
    """Return the headers that a response is mapped."""
    return [
        (target.removeprefix("method.response.header."), _CONTROL.sub("", value))
        for target, source in parameters.items()
        for value in _response_values(source, exchange, outcome)
    ]


def converted(exchange: Exchange, handling: str | None, body: bytes, headers: Pairs) -> bytes:
    """Return an integration's payload as the method answers it. Raises the 500 Failure."""
    kind = "application/json"
    for name, value in headers:
        if name.lower() == "content-type":
            kind = value
    accept = exchange.request.headers.get("accept", "")
    return conversions.of_response(exchange.api, handling, kind, accept, body)


def _overridden(exchange: Exchange, status: int, headers: Pairs) -> tuple[int, Pairs]:
    """Return status and headers as the template's `$context.responseOverride` has them."""
    wanted = exchange.overrides["responseOverride"]
    code = as_text(wanted.get("status"))
    if code.isdigit() and 200 <= int(code) <= 599:
        status = int(code)
    for name, value in (wanted.get("header") or {}).items():
        if isinstance(name, str) and _HEADER.fullmatch(name):
            headers = [one for one in headers if one[0].lower() != name.lower()]
            values = value if isinstance(value, list) else [value]
            headers += [(name, _CONTROL.sub("", as_text(one))) for one in values]
    return status, headers


def rendered(template: Template, exchange: Exchange, body: bytes) -> bytes:
    """Return the template filled in over `body`. Raises the 500 Failure if it cannot be."""
    try:
        return template.render(exchange.scope(body.decode())).encode()
    except UnicodeDecodeError as error:
        raise configuration_error("Unable to transform a binary payload") from error
    except RenderError as error:
        raise configuration_error(f"Unable to transform: {error}") from error


def _template(selected: IntegrationResponse, exchange: Exchange) -> tuple[str, Template | None]:
    accept = exchange.request.headers.get("accept")
    for one in accept.split(",") if accept else ():
        media_type = one.split(";", 1)[0].strip().lower()
        if media_type in selected.templates:
            return media_type, selected.templates[media_type]
    return selected.template


def _response_values(source: str, exchange: Exchange, outcome: Outcome) -> list[str]:
    path = source.removeprefix("integration.response.")
    if path == source:
        scope = {"context": exchange.context, "stageVariables": exchange.variables}
        found = parameter(source, scope)
        return [found] if found else []
    place, _, name = path.partition(".")
    if place in ("header", "multivalueheader"):
        values = [one for key, one in outcome.headers if key.lower() == name.lower()]
        return values if place == "multivalueheader" else values[-1:]
    value = _in_body(outcome.body, path.removeprefix("body"))
    return [] if value is None else [value]
