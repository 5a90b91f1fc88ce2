"""Who issues tokens, and their keys: the JSON Web Key Sets of OpenID Connect issuers.

The state folder's `issuers.json`, if there is one, maps issuers to the URLs of those that stand
for them on this machine. Sources: RFC 7517; OpenID Connect Discovery 1.0; Amazon Cognito Developer
Guide, "Verifying JSON Web Tokens".
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cloudarium.core.documents import json_value
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import http_client, limits, stand_ins
from cloudarium.gateway.http_client import Outgoing

# What an issuer has below its own URL: its keys, or the document whose `jwks_uri` says where.
KEYS = "/.well-known/jwks.json"
DISCOVERY = "/.well-known/openid-configuration"

_UNCHECKED = dict.fromkeys(
    [f"verify_{claim}" for claim in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")], False
)


class InvalidToken(Exception):
    """The token is none, is not the issuer's, or is tampered with; the message says which."""


class KeysUnavailable(Exception):
    """The issuer's keys cannot be had from `url`; the message says why."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"Unable to read {url}: {reason}")
        self.url = url


@dataclass(frozen=True)
class _KeySet:
    """An issuer's keys (JWKs) by key id."""

    read_at: float
    keys: Mapping[str, dict[str, Any]]


class Issuers:
    """The keys of issuers, each set read when it is first needed."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._clock = runtime.kernel.clock
        self._folder = runtime.kernel.info.folder
        self._sets: dict[str, _KeySet] = {}

    def stand_in(self, issuer: str) -> str:
        """Return the URL of who stands for an issuer on this machine: by default itself."""
        return stand_ins.named(self._folder, stand_ins.ISSUERS, issuer) or issuer

    async def claims(
        self, token: str, base: str, document: str, algorithms: Sequence[str]
    ) -> dict[str, Any]:
        """Return a token's claims, its signature checked and nothing else.

        `base` is the URL of the issuer or its stand-in, `document` one of KEYS and DISCOVERY.
        Raises InvalidToken and KeysUnavailable.
        """
        import jwt

        if token.count(".") != 2:
            # As `www-authenticate` of HTTP APIs tells it, recorded publicly.
            raise InvalidToken("token contains an invalid number of segments")
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as error:
            raise InvalidToken("the token is not a valid JWT") from error
        key = await self._key(base.rstrip("/") + document, str(header.get("kid", "")))
        if key is None:
            message = "unable to find a signing key that matches the kid of the token"
            raise InvalidToken(message)
        options: Any = {"verify_signature": True, **_UNCHECKED}
        try:
            public = jwt.PyJWK(key, header.get("alg"))
            return dict(jwt.decode(token, public, algorithms=list(algorithms), options=options))
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise InvalidToken("signature verification failed") from error

    async def _key(self, url: str, kid: str) -> dict[str, Any] | None:
        """Return a key; one that is not known is asked for again, as keys are rotated."""
        kept, now = self._sets.get(url), self._clock.now()
        if kept is not None:
            hold = limits.KEYS_SECONDS if kid in kept.keys else limits.KEYS_AGAIN_SECONDS
            if now - kept.read_at < hold:
                return kept.keys.get(kid)
        kept = self._sets[url] = _KeySet(now, await _read(url))
        return kept.keys.get(kid)


def claimed_issuer(token: str) -> str:
    """Return who a token says has issued it, unchecked. Raises InvalidToken."""
    import jwt

    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise InvalidToken("the token is not a valid JWT") from error
    return str(claims.get("iss"))


async def _read(url: str) -> dict[str, dict[str, Any]]:
    """Return the keys at `url`, or where the document there says they are."""
    try:
        async with asyncio.timeout(limits.KEYS_TIMEOUT_SECONDS):
            found = await _document(url)
            if url.endswith(DISCOVERY):
                where = found.get("jwks_uri")
                if not isinstance(where, str):
                    raise KeysUnavailable(url, "it has no jwks_uri")
                url, found = where, await _document(where)
    except TimeoutError as error:
        raise KeysUnavailable(url, "no answer in time") from error
    keys = found.get("keys")
    if not isinstance(keys, list):
        raise KeysUnavailable(url, "it has no keys")
    return {str(one.get("kid", "")): one for one in keys if isinstance(one, dict)}


async def _document(url: str) -> dict[str, Any]:
    try:
        answer = await http_client.send(Outgoing("GET", url, [("Accept", "application/json")], b""))
        found = json_value(answer.body)
    except (http_client.ClientError, ValueError) as error:
        raise KeysUnavailable(url, str(error)) from error
    if answer.status != 200 or not isinstance(found, dict):
        raise KeysUnavailable(url, f"status {answer.status} or not a JSON object")
    return found
