"""Authorizers: what they may say of themselves.

Sources: CreateAuthorizer; Developer Guide, "Control access to HTTP APIs with JWT authorizers" and
"Control access to HTTP APIs with AWS Lambda authorizers".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cloudarium.core.context import Context
from cloudarium.core.errors import ErrorType
from cloudarium.gateway.invocations import FUNCTION_URI
from cloudarium.services.apigatewayv2 import errors, limits, parts
from cloudarium.services.apigatewayv2.apis import Api

Document = dict[str, Any]

MEMBERS = (
    "AuthorizerCredentialsArn",
    "AuthorizerPayloadFormatVersion",
    "AuthorizerResultTtlInSeconds",
    "AuthorizerType",
    "AuthorizerUri",
    "EnableSimpleResponses",
    "IdentitySource",
    "IdentityValidationExpression",
    "JwtConfiguration",
    "Name",
)
_HTTP_SOURCE = re.compile(
    r"\$request\.(header|querystring)\.[\w$.\-]+|\$context\.[\w.]+|\$stageVariables\.\w+"
)
_JWT_SOURCE = re.compile(r"\$request\.(header|querystring)\.[\w$.\-]+")
_WEBSOCKET_SOURCE = re.compile(
    r"route\.request\.(header|querystring)\.[\w$.\-]+|context\.[\w.]+|stageVariables\.\w+"
)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def new(ctx: Context, api: Api, given: Mapping[str, Any]) -> Document:
    """Return the reference's Authorizer for what CreateAuthorizer is given, checked."""
    return checked(ctx, api, parts.merged({}, parts.of_members(given, MEMBERS)))


def checked(ctx: Context, api: Api, authorizer: Document, authorizer_id: str = "") -> Document:
    """Return an authorizer (the reference's Authorizer) if it is one that can be."""
    for other_id, other in parts.load(ctx, api.id, parts.AUTHORIZER).items():
        if other["Name"] == authorizer["Name"] and other_id != authorizer_id:
            raise errors.AuthorizerExists(name=authorizer["Name"])
    if authorizer["AuthorizerType"] == "JWT":
        if not api.is_http:
            raise errors.WebSocketAuthorizerInvalid()
        return _jwt(authorizer)
    if not authorizer.get("AuthorizerUri"):
        raise errors.AuthorizerUriMissing()
    if not FUNCTION_URI.fullmatch(authorizer["AuthorizerUri"]):
        raise errors.AuthorizerUriInvalid(uri=authorizer["AuthorizerUri"])
    return _http(authorizer) if api.is_http else _websocket(authorizer)


def _jwt(authorizer: Document) -> Document:
    settings = authorizer.get("JwtConfiguration")
    if not settings:
        raise errors.JwtConfigurationNeeded()
    issuer, audience = settings.get("Issuer", ""), settings.get("Audience", [])
    if not audience:
        raise errors.AudienceMissing()
    parts_of_url = urlsplit(issuer)
    is_safe = parts_of_url.scheme == "https" or parts_of_url.hostname in _LOOPBACK
    if parts_of_url.scheme not in ("http", "https") or not parts_of_url.hostname or not is_safe:
        raise errors.IssuerInvalid()
    if len(audience) > limits.AUDIENCES_PER_AUTHORIZER:
        raise errors.TooManyAudiences()
    sources = authorizer.get("IdentitySource", [])
    if len(sources) != 1:
        raise errors.IdentitySourceInvalid(source=sources)
    _check_sources(_JWT_SOURCE, sources, errors.IdentitySourceInvalid)
    for member in ("AuthorizerUri", "AuthorizerPayloadFormatVersion", "EnableSimpleResponses"):
        if authorizer.get(member):
            raise errors.NotForJwt(member=member)
    return authorizer


def _http(authorizer: Document) -> Document:
    version = authorizer.get("AuthorizerPayloadFormatVersion")
    if not version:
        raise errors.AuthorizerVersionNeeded()
    if version not in ("1.0", "2.0"):
        raise errors.AuthorizerVersionInvalid(version=version)
    simple = authorizer.setdefault("EnableSimpleResponses", False)
    if simple and version != "2.0":
        raise errors.SimpleResponsesInvalid()
    if not authorizer.setdefault("AuthorizerResultTtlInSeconds", 0):
        authorizer["AuthorizerResultTtlInSeconds"] = 0
    sources = authorizer.get("IdentitySource", [])
    _check_sources(_HTTP_SOURCE, sources, errors.IdentitySourceInvalid)
    if authorizer["AuthorizerResultTtlInSeconds"] and not sources:
        raise errors.IdentitySourceMissing()
    return authorizer


def _websocket(authorizer: Document) -> Document:
    for member in ("AuthorizerPayloadFormatVersion", "EnableSimpleResponses", "JwtConfiguration"):
        if authorizer.get(member):
            raise errors.NotForWebSocket(member=member)
    if authorizer.get("AuthorizerResultTtlInSeconds"):
        raise errors.NotForWebSocket(member="AuthorizerResultTtlInSeconds")
    sources = authorizer.get("IdentitySource", [])
    _check_sources(_WEBSOCKET_SOURCE, sources, errors.WebSocketSourceInvalid)
    return authorizer


def _check_sources(pattern: re.Pattern[str], sources: list[str], invalid: ErrorType) -> None:
    for source in sources:
        if not pattern.fullmatch(source):
            raise invalid(source=source)
