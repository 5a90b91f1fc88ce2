"""AWS_PROXY: the event a function is given, and what its answer means.

Source: Developer Guide, "Lambda proxy integrations in API Gateway" (payload 1.0 of REST APIs).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from typing import Any

import orjson

from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import malformed_proxy_response
from cloudarium.wire.http import HttpResponse

Document = dict[str, Any]

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_MEMBERS = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})

# Headers a backend cannot set: they come out under this prefix, and the framing not at all.
# Source: Developer Guide, "Amazon API Gateway important notes for REST APIs", header restrictions.
REMAPPED_PREFIX = "x-amzn-Remapped-"
_REMAPPED = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-md5",
        "date",
        "expect",
        "host",
        "max-forwards",
        "proxy-authenticate",
        "server",
        "trailer",
        "upgrade",
        "user-agent",
        "www-authenticate",
        "x-amz-apigw-id",
        "x-amzn-requestid",
    }
)
_FRAMING = frozenset({"keep-alive", "transfer-encoding"})


def event(exchange: Exchange) -> Document:
    """Return the function's event."""
    assert exchange.method is not None
    request = exchange.request
    body, is_binary = _body(exchange)
    headers, many_headers = _grouped(exchange.headers)
    query, many_query = _grouped(request.query_pairs)
    return {
        "resource": exchange.method.resource_path,
        "path": f"/{exchange.path.lstrip('/')}",
        "httpMethod": exchange.http_method,
        "headers": headers,
        "multiValueHeaders": many_headers,
        "queryStringParameters": query,
        "multiValueQueryStringParameters": many_query,
        "pathParameters": dict(exchange.path_parameters) or None,
        "stageVariables": dict(exchange.variables) or None,
        "requestContext": exchange.context,
        "body": body,
        "isBase64Encoded": is_binary,
    }


def _body(exchange: Exchange) -> tuple[str | None, bool]:
    if not exchange.body:
        return None, False
    if exchange.api.is_binary(exchange.content_type):
        return base64.b64encode(exchange.body).decode(), True
    return exchange.body_text, False


def _grouped(
    pairs: Iterable[tuple[str, str]],
) -> tuple[dict[str, str] | None, dict[str, list[str]] | None]:
    """Return the last value and all values of each name; None instead of nothing."""
    many: dict[str, list[str]] = {}
    for name, value in pairs:
        many.setdefault(name, []).append(value)
    return {name: values[-1] for name, values in many.items()} or None, many or None


def response(payload: bytes, exchange: Exchange) -> HttpResponse:
    """Return the response a function's answer describes, or raise a 502 Failure."""
    try:
        answer = orjson.loads(payload)
    except ValueError:
        raise malformed_proxy_response("Malformed Lambda proxy response") from None
    if not isinstance(answer, dict) or not set(answer) <= _MEMBERS:
        raise malformed_proxy_response("Malformed Lambda proxy response")
    headers = _headers(answer)
    body = _payload(answer.get("body"), bool(answer.get("isBase64Encoded")), exchange)
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return HttpResponse(_status(answer.get("statusCode", 200)), headers, body)


def head(metadata: bytes, content_type: str) -> tuple[int, list[tuple[str, str]]]:
    """Return the status and headers that a streaming function's metadata says.

    `content_type` is what the body is if it does not say. Raises a 502 Failure.
    """
    try:
        answer = orjson.loads(metadata)
    except ValueError:
        raise malformed_proxy_response("Malformed Lambda proxy response") from None
    if not isinstance(answer, dict):
        raise malformed_proxy_response("Malformed Lambda proxy response")
    headers = _headers(answer)
    cookies = answer.get("cookies") or []
    if not isinstance(cookies, list):
        raise malformed_proxy_response("Malformed Lambda proxy response: cookies")
    headers += [("Set-Cookie", _header_value(one)) for one in cookies]
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", content_type))
    return _status(answer.get("statusCode", 200)), headers


def _status(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str | float):
        raise malformed_proxy_response("Malformed Lambda proxy response: statusCode")
    try:
        status = int(value)
    except ValueError:
        raise malformed_proxy_response("Malformed Lambda proxy response: statusCode") from None
    if not 200 <= status <= 599:
        raise malformed_proxy_response("Malformed Lambda proxy response: statusCode")
    return status


def _headers(answer: Document) -> list[tuple[str, str]]:
    single, many = answer.get("headers") or {}, answer.get("multiValueHeaders") or {}
    if not isinstance(single, dict) or not isinstance(many, dict):
        raise malformed_proxy_response("Malformed Lambda proxy response: headers")
    pairs: list[tuple[str, Any]] = []
    for name, values in many.items():
        if not isinstance(values, list):
            raise malformed_proxy_response("Malformed Lambda proxy response: multiValueHeaders")
        pairs.extend((name, value) for value in values)
    pairs.extend(pair for pair in single.items() if pair not in pairs)
    if not all(_HEADER_NAME.fullmatch(name) for name, _ in pairs):
        raise malformed_proxy_response("Malformed Lambda proxy response: headers")
    return remapped((name, _header_value(value)) for name, value in pairs)


def remapped(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return a backend's headers under the names they come out by."""
    return [
        (f"{REMAPPED_PREFIX}{name}" if lower in _REMAPPED else name, value)
        for name, value in headers
        if (lower := name.lower()) not in _FRAMING
    ]


def _header_value(value: Any) -> str:
    if isinstance(value, dict | list):
        raise malformed_proxy_response("Malformed Lambda proxy response: headers")
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "" if value is None else str(value)
    if "\r" in text or "\n" in text:
        raise malformed_proxy_response("Malformed Lambda proxy response: headers")
    return text


def _payload(body: Any, is_base64: bool, exchange: Exchange) -> bytes:
    if body is None:
        return b""
    if not isinstance(body, str):
        raise malformed_proxy_response("Malformed Lambda proxy response: body")
    accept = exchange.request.headers.get("accept", "").split(",")[0]
    if not is_base64 or not exchange.api.is_binary(accept):
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise malformed_proxy_response("Unable to base64 decode the body") from None
