"""Authorizers (Lambda functions, Cognito user pools): what they may say of themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cloudarium.core.matching import BadExpression, expression
from cloudarium.gateway.invocations import FUNCTION_URI
from cloudarium.services.apigateway import errors
from cloudarium.services.apigateway.patches import ALL_OPS, Patches, Rule, text

Document = dict[str, Any]

_SOURCE = re.compile(
    r"method\.request\.(header|querystring)\.[\w$.\-]+|stageVariables\.\w+|context\.[\w.]+"
)
_TYPES = ("TOKEN", "REQUEST", "COGNITO_USER_POOLS")
_POOL_ARN = re.compile(r"arn:aws[\w-]*:cognito-idp:[\w-]+:\d{12}:userpool/[\w-]+_[0-9a-zA-Z]+")
_MEMBERS = (
    "name",
    "type",
    "providerARNs",
    "authType",
    "authorizerUri",
    "authorizerCredentials",
    "identitySource",
    "identityValidationExpression",
)
# CreateAuthorizer, `authorizerResultTtlInSeconds`: default 300, at most 3600.
_TTL_DEFAULT, _TTL_MAX = 300, 3600
_TTL = "authorizerResultTtlInSeconds"


def new(given: Mapping[str, Any], authorizer_id: str) -> Document:
    """Return the reference's Authorizer for what CreateAuthorizer is given, checked."""
    document: Document = {name: given[name] for name in _MEMBERS if given.get(name)}
    is_pool = document.get("type") == "COGNITO_USER_POOLS"
    document.setdefault("authType", "cognito_user_pools" if is_pool else "custom")
    document["id"] = authorizer_id
    if given.get(_TTL) is not None:
        document[_TTL] = given[_TTL]
    check(document)
    return document


def check(document: Document) -> None:
    """Raise unless the authorizer is one that can be."""
    if not document.get("name"):
        raise errors.AuthorizerNameEmpty()
    if document.get("type") not in _TYPES:
        raise errors.AuthorizerUnsupported(type=document.get("type"))
    if document["type"] == "COGNITO_USER_POOLS":
        _check_pools(document)
    elif not FUNCTION_URI.fullmatch(uri := document.get("authorizerUri", "null")):
        raise errors.AuthorizerUriInvalid(uri=uri)
    if not 0 <= ttl(document) <= _TTL_MAX:
        raise errors.AuthorizerTtlInvalid()
    _check_sources(document)
    try:
        expression(document.get("identityValidationExpression", ""))
    except BadExpression:
        raise errors.SelectionPatternInvalid() from None


def _check_sources(document: Document) -> None:
    sources = identity_sources(document)
    for source in sources:
        if _SOURCE.fullmatch(source):
            continue
        if document["type"] == "REQUEST":
            raise errors.RequestSourceInvalid(source=source)
        raise errors.AuthorizerSourceInvalid()
    if not sources and (document["type"] != "REQUEST" or ttl(document)):
        raise errors.AuthorizerSourceMissing()


def _check_pools(document: Document) -> None:
    arns = document.get("providerARNs") or []
    if not arns:
        raise errors.ProvidersMissing()
    for arn in arns:
        if not _POOL_ARN.fullmatch(arn):
            raise errors.ProviderInvalid(arn=arn)


def ttl(document: Mapping[str, Any]) -> int:
    """Return for how many seconds an authorizer's verdicts hold."""
    seconds: int = document.get(_TTL, _TTL_DEFAULT)
    return seconds


def identity_sources(document: Mapping[str, Any]) -> list[str]:
    """Return the mapping expressions of an authorizer's identity sources."""
    given = document.get("identitySource") or ""
    return [one.strip() for one in given.split(",") if one.strip()]


def _ttl(document: Document, op: str, key: str, value: str | None) -> None:
    if not (value or "").isdigit():
        raise errors.AuthorizerTtlInvalid()
    document[_TTL] = int(value or 0)


def _providers(document: Document, op: str, key: str, value: str | None) -> None:
    """Add a user pool, or take one away; a replacement is the list, parted by commas."""
    arns = [one for one in document.get("providerARNs", ()) if op != "replace" and one != value]
    if op != "remove":
        arns += (value or "").split(",")
    document["providerARNs"] = arns


PATCHES = Patches(
    {
        "/providerARNs": Rule(_providers, ALL_OPS),
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
