"""Cognito user pool authorizers at work: a token's signature, times, use and scopes.

Source: Developer Guide, "Control access to REST APIs using Amazon Cognito user pools as an
authorizer"; how claims are told: "Integrate a REST API with an Amazon Cognito user pool".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cloudarium.core import arn, matching
from cloudarium.core.context import Context
from cloudarium.gateway.issuers import (
    KEYS,
    InvalidToken,
    Issuers,
    KeysUnavailable,
    claimed_issuer,
)
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import (
    authorizer_failed,
    expired_token,
    unauthorized,
)

Document = dict[str, Any]
_BEARER = "Bearer "
_ALGORITHMS = ("RS256",)
# These claims are told as dates, as Java writes them; other numbers as they are.
_DATES = ("exp", "iat")


async def authorize(
    ctx: Context, exchange: Exchange, authorizer: Document, token: str, scopes: list[str]
) -> None:
    """Check a caller's token; its claims go into the context. Raises the 401 Failures.

    With `scopes` it must be an access token that has one of them, else an identity token.
    """
    issuers = ctx.state(Issuers)
    known = _issuers(authorizer, issuers)
    token = token.removeprefix(_BEARER)
    try:
        base = known.get(claimed_issuer(token))
        if base is None:
            raise unauthorized()
        claims = await issuers.claims(token, base, KEYS, _ALGORITHMS)
    except InvalidToken:
        raise unauthorized() from None
    except KeysUnavailable as error:
        raise authorizer_failed(str(error)) from error
    _check(ctx.now, claims, scopes)
    wanted = authorizer.get("identityValidationExpression")
    if wanted and not matching.kept(wanted).fullmatch(str(claims.get("aud", ""))):
        raise unauthorized()
    told = {name: _told(name, value) for name, value in claims.items()}
    exchange.context["authorizer"] = {"claims": told}


def _issuers(authorizer: Document, issuers: Issuers) -> dict[str, str]:
    """Return the issuers that the authorizer's pools are, and where the keys of each are."""
    found: dict[str, str] = {}
    for one in authorizer["providerARNs"]:
        pool = arn.parse(one)
        assert pool is not None
        issuer = (
            f"https://cognito-idp.{pool.region}.amazonaws.com/{pool.resource.partition('/')[2]}"
        )
        base = issuers.stand_in(issuer)
        found[issuer] = found[base] = base
    return found


def _check(now: float, claims: Mapping[str, Any], scopes: list[str]) -> None:
    expires = claims.get("exp")
    if not isinstance(expires, int | float):
        raise unauthorized()
    if now >= expires:
        raise expired_token()
    use = claims.get("token_use")
    if not scopes and use == "access":
        raise unauthorized()
    if scopes and (use == "id" or not set(scopes) & set(str(claims.get("scope", "")).split())):
        raise unauthorized()


def _told(name: str, value: Any) -> str:
    if name in _DATES and isinstance(value, int | float):
        return datetime.fromtimestamp(int(value), UTC).strftime("%a %b %d %H:%M:%S UTC %Y")
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(str(one) for one in value) if isinstance(value, list) else str(value)
