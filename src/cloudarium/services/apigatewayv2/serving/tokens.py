"""JWT authorizers at work.

Source: Developer Guide, "Control access to HTTP APIs with JWT authorizers", authorizing API
requests: the signature by the issuer's key, then `iss`, `aud` or `client_id`, `exp`, `nbf`, `iat`,
`scope` or `scp`. Only RSA-based algorithms are supported.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.gateway.issuers import DISCOVERY, InvalidToken, Issuers, KeysUnavailable
from cloudarium.services.apigatewayv2.serving.exchange import Exchange
from cloudarium.services.apigatewayv2.serving.failures import Failure, forbidden, unauthorized
from cloudarium.services.apigatewayv2.serving.mapping import evaluated, request_source

Claims = Mapping[str, Any]

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")


async def authorize(ctx: Context, exchange: Exchange) -> None:
    """Let a request pass whose token holds; its claims go into the context. Raises Failure."""
    assert exchange.route is not None and exchange.route.authorizer is not None
    authorizer = exchange.route.authorizer
    source = authorizer["IdentitySource"][0]
    token = evaluated(source, request_source(exchange)).strip()
    if not token:
        raise unauthorized("No identity", "Bearer")
    token = token.removeprefix("Bearer ").removeprefix("bearer ").strip()
    settings = authorizer["JwtConfiguration"]
    issuer = settings["Issuer"]
    stand_in = ctx.state(Issuers).stand_in(issuer)
    claims = await _verified(ctx, token, stand_in)
    if claims.get("iss") not in (issuer, stand_in):
        raise _invalid("the token does not have a valid issuer")
    _check(claims, settings["Audience"], ctx.now)
    wanted = exchange.route.document.get("AuthorizationScopes") or []
    if wanted and not set(wanted) & _scopes(claims):
        scope = " ".join(wanted)
        description = "the token does not have the required scopes"
        raise _insufficient(scope, description)
    told = {name: _told(value) for name, value in claims.items()}
    exchange.authorizer = {"jwt": {"claims": told, "scopes": wanted or None}}


async def _verified(ctx: Context, token: str, base: str) -> Claims:
    """Return the claims of a token signed with its issuer's key."""
    try:
        return await ctx.state(Issuers).claims(token, base, DISCOVERY, _ALGORITHMS)
    except InvalidToken as error:
        raise _invalid(str(error)) from error
    except KeysUnavailable as error:
        place = "OIDC discovery endpoint" if error.url.endswith(DISCOVERY) else "JWKS"
        raise _invalid(f"{place} communication error") from error


def _check(claims: Claims, audience: list[str], now: float) -> None:
    given = claims["aud"] if "aud" in claims else claims.get("client_id")
    audiences = given if isinstance(given, list) else [given]
    if not set(map(str, audiences)) & set(audience):
        raise _invalid("the token does not have a valid audience")
    if not _number(claims, "exp", 0) > now:
        raise _invalid("the token has expired")
    if _number(claims, "nbf", now) > now or _number(claims, "iat", now) > now:
        raise _invalid("the token is not valid yet")


def _number(claims: Claims, name: str, default: float) -> float:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(f"the token does not have a valid {name}")
    return value


def _scopes(claims: Claims) -> set[str]:
    given = claims.get("scope", claims.get("scp", ""))
    return set(map(str, given)) if isinstance(given, list) else set(str(given).split())


def _told(value: Any) -> str:
    """Return a claim as functions are told it: lists as `[a b]`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{' '.join(map(_told, value))}]"
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _invalid(description: str) -> Failure:
    return unauthorized(
        f"invalid_token: {description}", _challenge("", "invalid_token", description)
    )


def _insufficient(scope: str, description: str) -> Failure:
    failure = forbidden(f"insufficient_scope: {description}")
    challenge = _challenge(scope, "insufficient_scope", description)
    failure.headers.append(("www-authenticate", challenge))
    return failure


def _challenge(scope: str, error: str, description: str) -> str:
    return f'Bearer scope="{scope}" error="{error}" error_description="{description}"'
