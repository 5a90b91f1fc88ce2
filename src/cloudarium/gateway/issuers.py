"""Who issues tokens, and their keys: the JSON Web Key Sets of OpenID Connect issuers.

An issuer's keys are at `{issuer}/.well-known/jwks.json`. The state folder's `issuers.json`, if
there is one, maps issuers to the URLs of those that stand for them on this machine. Source: RFC
7517; Amazon Cognito Developer Guide, "Verifying JSON Web Tokens".
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cloudarium.core.runtime import ServiceRuntime
from cloudarium.gateway import http_client
from cloudarium.gateway.http_client import Outgoing

if TYPE_CHECKING:
    import jwt

_FILE = "issuers.json"
_SECONDS = 5.0
# Keys are read anew after this time, and for a key that is not known no sooner than `_AGAIN`.
_HOLD, _AGAIN = 3600.0, 10.0


class InvalidToken(Exception):
    """The token is none, is not the issuer's, or is tampered with."""


class KeysUnavailable(Exception):
    """The issuer's keys cannot be had; the message says why."""


@dataclass(frozen=True)
class _KeySet:
    read_at: float
    keys: Mapping[str, jwt.PyJWK]


class Issuers:
    """The keys of issuers, each set read when it is first needed."""

    def __init__(self, runtime: ServiceRuntime) -> None:
        self._clock = runtime.kernel.clock
        self._file = runtime.kernel.info.folder / _FILE
        self._sets: dict[str, _KeySet] = {}

    def stand_in(self, issuer: str) -> str:
        """Return the URL of who stands for an issuer on this machine: by default itself."""
        try:
            known = json.loads(self._file.read_text())
        except (OSError, ValueError):
            return issuer
        return str(known.get(issuer, issuer)) if isinstance(known, dict) else issuer

    async def claims(self, token: str, issuers: Mapping[str, str]) -> dict[str, Any]:
        """Return a token's claims, its signature checked but not its times.

        `issuers` are the values of `iss` it may have, each with the URL its keys are below. Raises
        InvalidToken and KeysUnavailable.
        """
        import jwt

        try:
            header = jwt.get_unverified_header(token)
            unchecked = jwt.decode(token, options={"verify_signature": False})
            base = issuers.get(str(unchecked.get("iss")))
            if header.get("alg") != "RS256" or base is None:
                raise InvalidToken
            key = await self._key(base, str(header.get("kid")))
            options: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
            options["verify_aud"] = False
            return dict(jwt.decode(token, key, algorithms=["RS256"], options=options))
        except jwt.PyJWTError as error:
            raise InvalidToken from error

    async def _key(self, base: str, kid: str) -> jwt.PyJWK:
        kept, now = self._sets.get(base), self._clock.now()
        age = now - kept.read_at if kept else _HOLD
        if kept is None or age >= _HOLD or (kid not in kept.keys and age >= _AGAIN):
            kept = self._sets[base] = _KeySet(now, await _read(base))
        if kid not in kept.keys:
            raise InvalidToken
        return kept.keys[kid]


async def _read(base: str) -> dict[str, jwt.PyJWK]:
    import jwt

    url = f"{base.rstrip('/')}/.well-known/jwks.json"
    request = Outgoing("GET", url, [("Accept", "application/json")], b"")
    try:
        answer = await asyncio.wait_for(http_client.send(request), _SECONDS)
        keys = json.loads(answer.body)["keys"]
        return {str(one["kid"]): jwt.PyJWK(one, "RS256") for one in keys if one.get("kty") == "RSA"}
    except (TimeoutError, http_client.ClientError, jwt.PyJWTError) as error:
        raise KeysUnavailable(f"Unable to read {url}: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeysUnavailable(f"{url} has no keys") from error
