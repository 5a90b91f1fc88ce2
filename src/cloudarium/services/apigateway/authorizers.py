"""Lambda authorizers: what they may say of themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.gateway.invocations import FUNCTION_URI
from cloudarium.services.apigateway import errors
from cloudarium.services.apigateway.patches import Patches, Rule, text

Document = dict[str, Any]

_SOURCE = re.compile(
    r"method\.request\.(header|querystring)\.[\w$.\-]+|stageVariables\.\w+|context\.[\w.]+"
)
_MEMBERS = (
    "name",
    "type",
    "authType",
    "authorizerUri",
    "authorizerCredentials",
    "identitySource",
    "identityValidationExpression",
)
# CreateAuthorizer, `authorizerResultTtlInSeconds`: default 300, at most 3600.
_TTL_DEFAULT, _TTL_MAX = 300, 3600


def new(given: Mapping[str, Any], authorizer_id: str) -> Document:
    """Return the reference's Authorizer for what CreateAuthorizer is given, checked."""
    document: Document = {name: given[name] for name in _MEMBERS if given.get(name)}
    ttl = given.get("authorizerResultTtlInSeconds")
    document["id"] = authorizer_id
    document["authorizerResultTtlInSeconds"] = _TTL_DEFAULT if ttl is None else ttl
    check(document)
    return document


def check(document: Document) -> None:
    """Raise unless the authorizer is one that can be, and is supported."""
    if not document.get("name"):
        raise errors.AuthorizerNameEmpty()
    if document["type"] not in ("TOKEN", "REQUEST"):
        raise errors.AuthorizerUnsupported(type=document["type"])
    uri = document.get("authorizerUri", "null")
    if not FUNCTION_URI.fullmatch(uri):
        raise errors.AuthorizerUriInvalid(uri=uri)
    ttl = document["authorizerResultTtlInSeconds"]
    if not 0 <= ttl <= _TTL_MAX:
        raise errors.AuthorizerTtlInvalid()
    sources = identity_sources(document)
    if any(not _SOURCE.fullmatch(one) for one in sources):
        raise errors.AuthorizerSourceInvalid()
    if not sources and (document["type"] == "TOKEN" or ttl):
        raise errors.AuthorizerSourceInvalid()
    try:
        re.compile(document.get("identityValidationExpression", ""))
    except re.error:
        raise errors.SelectionPatternInvalid() from None


def identity_sources(document: Mapping[str, Any]) -> list[str]:
    """Return the mapping expressions of an authorizer's identity sources."""
    given = document.get("identitySource") or ""
    return [one.strip() for one in given.split(",") if one.strip()]


def _ttl(document: Document, op: str, key: str, value: str | None) -> None:
    if not (value or "").isdigit():
        raise errors.AuthorizerTtlInvalid()
    document["authorizerResultTtlInSeconds"] = int(value or 0)


PATCHES = Patches(
    {
        "/name": text("name"),
        "/type": text("type"),
        "/authType": text("authType"),
        "/authorizerUri": text("authorizerUri"),
        "/authorizerCredentials": text("authorizerCredentials"),
        "/identitySource": text("identitySource"),
        "/identityValidationExpression": text("identityValidationExpression"),
        "/authorizerResultTtlInSeconds": Rule(_ttl),
    }
)
