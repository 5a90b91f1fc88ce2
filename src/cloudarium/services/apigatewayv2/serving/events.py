"""What functions and Lambda authorizers of HTTP APIs are given: payload formats 1.0 and 2.0.

Sources: Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway" and
"Control access to HTTP APIs with AWS Lambda authorizers".
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

from cloudarium.services.apigatewayv2 import routes
from cloudarium.services.apigatewayv2.serving.exchange import Exchange, joined
from cloudarium.services.apigatewayv2.serving.mapping import Forwarded

Document = dict[str, Any]

_TEXT = ("text/", "application/json", "application/javascript", "application/xml")


def event(exchange: Exchange, forwarded: Forwarded, version: str) -> Document:
    """Return a function's event in payload format `version`."""
    made = _second(exchange, forwarded) if version == "2.0" else _first(exchange, forwarded)
    body, is_binary = _body(exchange)
    if body is not None or version == "1.0":
        made["body"] = body
    made["isBase64Encoded"] = is_binary
    return made


def authorizer_event(exchange: Exchange, version: str, identity: list[str]) -> Document:
    """Return a Lambda authorizer's event; `identity` are the values of its identity sources."""
    forwarded = Forwarded(exchange.headers, exchange.request.query_pairs)
    if version == "2.0":
        return {
            **_second(exchange, forwarded),
            "type": "REQUEST",
            "routeArn": exchange.arn,
            "identitySource": identity or None,
        }
    source = ",".join(identity) or None
    return {
        **_first(exchange, forwarded),
        "type": "REQUEST",
        "methodArn": exchange.arn,
        "identitySource": source,
        "authorizationToken": source,
    }


def _second(exchange: Exchange, forwarded: Forwarded) -> Document:
    headers = joined((name.lower(), value) for name, value in forwarded.headers)
    cookies = headers.pop("cookie", "")
    made: Document = {
        "version": "2.0",
        "routeKey": exchange.route_key,
        "rawPath": _path(exchange, forwarded),
        "rawQueryString": exchange.request.query_string,
        "headers": headers,
        "requestContext": _second_context(exchange),
    }
    if cookies:
        made["cookies"] = [one.strip() for one in cookies.replace(",", ";").split(";")]
    if forwarded.query:
        made["queryStringParameters"] = joined(forwarded.query)
    if exchange.path_parameters:
        made["pathParameters"] = dict(exchange.path_parameters)
    if exchange.variables:
        made["stageVariables"] = dict(exchange.variables)
    return made


def _path(exchange: Exchange, forwarded: Forwarded) -> str:
    return exchange.raw_path if forwarded.path is None else forwarded.path


def _second_context(exchange: Exchange) -> Document:
    context: Document = {
        "accountId": exchange.stage.account,
        "apiId": exchange.stage.api_id,
        "domainName": exchange.domain,
        "domainPrefix": exchange.domain_prefix,
        "http": {
            "method": exchange.method,
            "path": exchange.raw_path,
            "protocol": "HTTP/1.1",
            "sourceIp": exchange.request.client,
            "userAgent": exchange.request.headers.get("user-agent", ""),
        },
        "requestId": exchange.extended_id,
        "routeKey": exchange.route_key,
        "stage": exchange.stage.name,
        "time": exchange.moment,
        "timeEpoch": int(exchange.received * 1000),
    }
    if exchange.authorizer:
        context["authorizer"] = exchange.authorizer
    return context


def _first(exchange: Exchange, forwarded: Forwarded) -> Document:
    headers, many_headers = _grouped(forwarded.headers)
    query, many_query = _grouped(forwarded.query)
    return {
        "version": "1.0",
        "resource": _resource(exchange),
        "path": exchange.address.shown if forwarded.path is None else forwarded.path,
        "httpMethod": exchange.method,
        "headers": headers,
        "multiValueHeaders": many_headers,
        "queryStringParameters": query,
        "multiValueQueryStringParameters": many_query,
        "requestContext": _first_context(exchange),
        "pathParameters": dict(exchange.path_parameters) or None,
        "stageVariables": dict(exchange.variables) or None,
    }


def _resource(exchange: Exchange) -> str:
    key = exchange.route_key
    return key if key.startswith("$") else routes.split(key)[1]


def _first_context(exchange: Exchange) -> Document:
    caller = exchange.principal
    context: Document = {
        "accountId": exchange.stage.account,
        "apiId": exchange.stage.api_id,
        "domainName": exchange.domain,
        "domainPrefix": exchange.domain_prefix,
        "extendedRequestId": exchange.extended_id,
        "httpMethod": exchange.method,
        "identity": {
            "accessKey": exchange.access_key,
            "accountId": caller.account if caller else None,
            "caller": caller.id if caller else None,
            "cognitoAmr": None,
            "cognitoAuthenticationProvider": None,
            "cognitoAuthenticationType": None,
            "cognitoIdentityId": None,
            "cognitoIdentityPoolId": None,
            "principalOrgId": None,
            "sourceIp": exchange.request.client,
            "user": caller.id if caller else None,
            "userAgent": exchange.request.headers.get("user-agent", ""),
            "userArn": caller.arn if caller else None,
        },
        "path": exchange.address.shown,
        "protocol": "HTTP/1.1",
        "requestId": exchange.extended_id,
        "requestTime": exchange.moment,
        "requestTimeEpoch": int(exchange.received * 1000),
        "resourceId": exchange.route_key,
        "resourcePath": _resource(exchange),
        "stage": exchange.stage.name,
    }
    said = exchange.context["authorizer"]
    if said:
        context["authorizer"] = said
    return context


def _body(exchange: Exchange) -> tuple[str | None, bool]:
    """Return the body and whether it is in base64, as everything is that is not known as text."""
    body = exchange.body
    if not body:
        return None, False
    kind = exchange.request.headers.get("content-type", "")
    if kind.startswith(_TEXT):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), True


def _grouped(
    pairs: Iterable[tuple[str, str]],
) -> tuple[dict[str, str] | None, dict[str, list[str]] | None]:
    """Return the last value and all values of each name; None instead of nothing."""
    many: dict[str, list[str]] = {}
    for name, value in pairs:
        many.setdefault(name, []).append(value)
    return {name: values[-1] for name, values in many.items()} or None, many or None
