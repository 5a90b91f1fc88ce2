"""Signed calls (AWS_IAM) and resource policies: what a refusal says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.apigateway.serving.failures import Failure, missing_token
from cloudarium.wire.http import HttpRequest

SIGNING_NAME = "execute-api"
_ERROR_TYPES = {
    "InvalidClientTokenId": "UnrecognizedClientException",
    "IncompleteSignature": "IncompleteSignatureException",
    "AccessDenied": "AccessDeniedException",
}
_SHORT_ARN = "execute-api:/"


def is_signed(request: HttpRequest) -> bool:
    """Tell whether the request carries a signature, in its header or its query."""
    return "authorization" in request.headers or "X-Amz-Signature" in request.query


def authentication_failure(error: AwsError) -> Failure:
    """Return the gateway response for a signature that does not hold."""
    if error.code == "MissingAuthenticationToken":
        return missing_token()
    if error.code == "ExpiredToken":
        return Failure("EXPIRED_TOKEN", error.message)
    kind = _ERROR_TYPES.get(error.code, "InvalidSignatureException")
    return Failure("INVALID_SIGNATURE", error.message, error_type=kind)


def wrong_service() -> Failure:
    """The signature is for another service than execute-api."""
    message = f"Credential should be scoped to correct service: '{SIGNING_NAME}'."
    return Failure("INVALID_SIGNATURE", message)


def denial(error: AwsError, principal: Principal, arn: str, account: str) -> Failure:
    """Return the gateway response for a call that is not allowed; it hides the API's account."""
    message = error.message
    if principal.kind == "anonymous":
        message = (
            f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {arn}"
        ) + " with an explicit deny" * ("explicit deny" in message)
    hidden = arn.replace(f":{account}:", f":********{account[-4:]}:", 1)
    return Failure("ACCESS_DENIED", message.replace(arn, hidden))


def not_private(arn: str) -> Failure:
    """The API is private, and the caller is not of its account."""
    message = f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {arn}"
    return Failure("ACCESS_DENIED", message)


def resource_policy(
    policy: Mapping[str, Any] | None, region: str, account: str, api_id: str
) -> dict[str, Any] | None:
    """Return the API's policy with its short resources (`execute-api:/stage/GET/path`) in full."""
    if policy is None:
        return None
    prefix = f"arn:aws:execute-api:{region}:{account}:{api_id}/"
    statements = policy.get("Statement", [])
    return {
        **policy,
        "Statement": [
            {name: _expanded(name, value, prefix) for name, value in statement.items()}
            for statement in (statements if isinstance(statements, list) else [statements])
        ],
    }


def _expanded(name: str, value: Any, prefix: str) -> Any:
    if name not in ("Resource", "NotResource"):
        return value
    resources = value if isinstance(value, list) else [value]
    return [
        prefix + one.removeprefix(_SHORT_ARN) if one.startswith(_SHORT_ARN) else one
        for one in resources
    ]
