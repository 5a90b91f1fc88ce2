"""Who sent a request: its signature checked against the credential it names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from cloudarium.core.clock import Clock
from cloudarium.core.errors import (
    AwsError,
    ExpiredToken,
    InvalidClientTokenId,
    MissingAuthenticationToken,
    SignatureDoesNotMatch,
)
from cloudarium.core.identity import ANONYMOUS, Credential, Principal, root
from cloudarium.wire import sigv2, sigv4
from cloudarium.wire.http import HttpRequest

ROOT_KEY = "test"
DEFAULT_ACCOUNT = "000000000000"
DEFAULT_REGION = "us-east-1"
_ROOT = Credential(ROOT_KEY, ROOT_KEY, root(DEFAULT_ACCOUNT))
_MAX_SKEW = 15 * 60
_MAX_KEYS = 1024
_REGION = re.compile(r"[a-z0-9-]{1,32}")


class Caller(NamedTuple):
    """Who sent a request and which region and service its signature names."""

    principal: Principal
    account: str
    region: str
    service: str
    access_key_id: str = ""


class Authenticator:
    """Checks signatures. `credential` looks up access keys other than the root's."""

    def __init__(
        self,
        credential: Callable[[str, str | None], Credential | None],
        clock: Clock,
        root_key: tuple[str, str] | None = None,
    ) -> None:
        """Look access keys up with `credential`.

        The root key is the well-known one, and 12-digit key ids choose their account, unless a
        `root_key` (id and secret) of the default account is given.
        """
        self._credential = credential
        self._clock = clock
        self._root_key = root_key
        self._keys: dict[tuple[str, str], sigv4.Key] = {}

    def authenticate(self, request: HttpRequest, signature: sigv4.Signature | None) -> Caller:
        """Return who sent the request. Raises AwsError for a signature that does not hold."""
        if signature is None:
            if request.headers.get("authorization"):
                raise MissingAuthenticationToken()
            return Caller(ANONYMOUS, DEFAULT_ACCOUNT, DEFAULT_REGION, "")
        signer = signature.signer
        credential = self.lookup(signer.access_key_id, signature.token)
        self._check_time(signature)
        if not sigv4.matches(request, signature, self._derived(credential, signer)):
            raise SignatureDoesNotMatch()
        principal, key_id = credential.principal, signer.access_key_id
        return Caller(principal, principal.account, signer.region, signer.service, key_id)

    def authenticate_v2(self, request: HttpRequest, path: str) -> Caller:
        """Return who presigned an S3 request with Version 2; `path` is `/bucket/key`, encoded.

        What it signed in its query counts as headers from then on. Raises AwsError.
        """
        query = request.query
        credential = self.lookup(query["AWSAccessKeyId"], query.get("x-amz-security-token"))
        if not query["Expires"].isdecimal():
            raise AwsError(
                "AccessDenied",
                f"Invalid date (should be seconds since epoch): {query['Expires']}",
                403,
            )
        if int(query["Expires"]) < self._clock.wall():
            raise AwsError("AccessDenied", "Request has expired", 403)
        if not sigv2.matches(request, path, credential.secret):
            raise SignatureDoesNotMatch()
        sigv2.adopt_headers(request)
        principal = credential.principal
        return Caller(principal, principal.account, DEFAULT_REGION, "s3", credential.access_key_id)

    def key(self, signature: sigv4.Signature) -> sigv4.Key:
        """Return the signing key behind a signature, for the chunks of a body."""
        signer = signature.signer
        return self._derived(self.lookup(signer.access_key_id, signature.token), signer)

    def lookup(self, access_key_id: str, token: str | None) -> Credential:
        """Return the live credential behind a key id. Raises AwsError if there is none."""
        credential = self._root(access_key_id) or self._credential(access_key_id, token)
        if credential is None or not credential.active:
            raise InvalidClientTokenId()
        if credential.expires_at is not None and credential.expires_at <= self._clock.now():
            raise ExpiredToken()
        return credential

    def _root(self, access_key_id: str) -> Credential | None:
        if self._root_key is not None:
            key_id, secret = self._root_key
            found = access_key_id == key_id
            return Credential(key_id, secret, root(DEFAULT_ACCOUNT)) if found else None
        if access_key_id == ROOT_KEY:
            return _ROOT
        if len(access_key_id) == 12 and access_key_id.isdecimal():
            return Credential(access_key_id, ROOT_KEY, root(access_key_id))
        return None

    def _check_time(self, signature: sigv4.Signature) -> None:
        """Signatures are dated by the client's clock, so they are held against real time."""
        age = self._clock.wall() - signature.signed_at
        if signature.expires is not None:
            if age > signature.expires:
                raise AwsError("AccessDenied", "Request has expired", 403)
            if age < -_MAX_SKEW:
                raise AwsError("AccessDenied", "Request is not valid yet", 403)
        elif abs(age) > _MAX_SKEW:
            raise AwsError(
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                403,
            )

    def _derived(self, credential: Credential, signer: sigv4.Signer) -> sigv4.Key:
        place = (credential.secret, signer.scope)
        key = self._keys.get(place)
        if key is None:
            if _REGION.fullmatch(signer.region) is None:
                raise _no_region(signer)
            if len(self._keys) >= _MAX_KEYS:
                self._keys.clear()
            key = self._keys[place] = sigv4.signing_key(credential.secret, signer)
        return key


def _no_region(signer: sigv4.Signer) -> AwsError:
    """Return the error for a scope without a region; S3's tells clients where to go instead.

    S3 API reference, "Error responses": AuthorizationHeaderMalformed.
    """
    if signer.service != "s3":
        problem = "Credential should be scoped to a valid region. "
        return AwsError("SignatureDoesNotMatch", problem, 403)
    problem = (
        f"The authorization header is malformed; the region '{signer.region}' is wrong; "
        f"expecting '{DEFAULT_REGION}'"
    )
    return AwsError("AuthorizationHeaderMalformed", problem, 400, {"Region": DEFAULT_REGION})
