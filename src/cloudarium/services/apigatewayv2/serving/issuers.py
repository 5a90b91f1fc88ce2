"""The public keys of token issuers, by OpenID Connect discovery.

Source: Developer Guide, "Control access to HTTP APIs with JWT authorizers": the issuer's
`/.well-known/openid-configuration` names a `jwks_uri`; a key is kept for two hours.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import http_client
from cloudarium.gateway.http_client import Outgoing
from cloudarium.services.apigatewayv2 import limits

Keys = Mapping[str, Mapping[str, Any]]


class IssuerError(Exception):
    """The issuer's keys cannot be had; the message says why."""


@dataclass(frozen=True)
class _Kept:
    read_at: float
    keys: Keys


class Issuers:
    """The keys of the issuers asked lately, by issuer and key id."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._clock = runtime.kernel.clock
        self._kept: dict[str, _Kept] = {}

    async def key(self, issuer: str, key_id: str) -> Mapping[str, Any] | None:
        """Return an issuer's key (a JWK), or None if it has none of this id. Raises IssuerError.

        A key that is not known is asked for again, as keys are rotated, but not at once.
        """
        kept, now = self._kept.get(issuer), self._clock.now()
        if kept is not None:
            hold = limits.KEYS_SECONDS if key_id in kept.keys else limits.KEYS_AGAIN_SECONDS
            if now - kept.read_at < hold:
                return kept.keys.get(key_id)
        try:
            keys = await asyncio.wait_for(_ask(issuer), limits.JWKS_TIMEOUT_SECONDS)
        except TimeoutError:
            raise IssuerError("OIDC discovery endpoint communication error") from None
        self._kept[issuer] = _Kept(now, keys)
        return keys.get(key_id)


async def _ask(issuer: str) -> Keys:
    configuration = await _document(issuer.rstrip("/") + "/.well-known/openid-configuration")
    address = configuration.get("jwks_uri")
    if not isinstance(address, str):
        raise IssuerError("OIDC discovery endpoint communication error")
    keys = (await _document(address)).get("keys")
    if not isinstance(keys, list):
        raise IssuerError("JWKS communication error")
    return {str(one.get("kid", "")): one for one in keys if isinstance(one, dict)}


async def _document(url: str) -> dict[str, Any]:
    try:
        answer = await http_client.send(Outgoing("GET", url, [("Accept", "application/json")], b""))
        found = json.loads(answer.body)
    except (http_client.ClientError, ValueError) as error:
        raise IssuerError("OIDC discovery endpoint communication error") from error
    if answer.status != 200 or not isinstance(found, dict):
        raise IssuerError("OIDC discovery endpoint communication error")
    return found
