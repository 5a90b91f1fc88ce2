"""HTTP Basic credentials of git: an IAM git credential, or the AWS credential helper's signature.

The helper (`aws codecommit credential-helper`) signs the request `GIT <path>` with Signature
Version 4: user name `<access key id>[%<session token>]`, password `<timestamp>Z<signature>`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Credential, Principal
from cloudarium.services.codecommit import limits
from cloudarium.services.codecommit.git import access
from cloudarium.wire.http import HttpRequest

if TYPE_CHECKING:
    from cloudarium.core.runtime import ServiceRuntime

_SIGNATURE = re.compile(r"(\d{8}T\d{6})Z([0-9a-f]{64})")


def principal(runtime: ServiceRuntime, request: HttpRequest, name: str) -> Principal | None:
    """Return who makes a git request for the repository `name`, or None."""
    pair = _basic(request.headers.get("authorization", ""))
    if pair is None:
        return None
    user_name, password = pair
    signature = _SIGNATURE.fullmatch(password)
    if signature is None:
        return runtime.kernel.identity.git_credential(user_name, password)
    return _signer(runtime, request, name, user_name, signature)


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user_name, _, password = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user_name, password


def _signer(
    runtime: ServiceRuntime,
    request: HttpRequest,
    name: str,
    user_name: str,
    signature: re.Match[str],
) -> Principal | None:
    """Return whose key made the signature, for whichever region the repository is in."""
    key_id, _, token = user_name.partition("%")
    try:
        credential = runtime.credential(key_id, token or None)
    except AwsError:
        # Git is asked for other credentials; it has no use for the reason.
        return None
    timestamp = signature[1]
    signed_at = datetime.strptime(timestamp, "%Y%m%dT%H%M%S").replace(tzinfo=UTC).timestamp()
    # The client dates by the outside world's clock.
    if abs(runtime.kernel.clock.wall() - signed_at) > limits.GIT_SIGNATURE_SECONDS:
        return None
    found = access.candidates(runtime, credential.principal.account, name)
    for region in {repository.region for repository in found} or {access.DEFAULT_REGION}:
        expected = sign(credential, request.host, f"/v1/repos/{name}", timestamp, region)
        if hmac.compare_digest(expected, signature[2]):
            return credential.principal
    return None


def sign(credential: Credential, host: str, path: str, timestamp: str, region: str) -> str:
    """Return the signature of the helper's canonical request; `timestamp` has no zone letter."""
    canonical = f"GIT\n{path}\n\nhost:{host}\n\nhost\n"
    scope = f"{timestamp[:8]}/{region}/codecommit/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = f"AWS4{credential.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{digest}"
    return hmac.new(key, text.encode(), "sha256").hexdigest()
