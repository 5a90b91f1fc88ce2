"""How services name the errors that are raised before an operation runs."""

from __future__ import annotations

from cloudarium.core.errors import AwsError
from cloudarium.wire.model import ServiceModel

# How protocols other than query name the authentication errors.
_JSON_CODES = {
    "InvalidClientTokenId": "UnrecognizedClientException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
    "RequestTimeTooSkewed": "InvalidSignatureException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "IncompleteSignature": "IncompleteSignatureException",
    "ExpiredToken": "ExpiredTokenException",
    "AccessDenied": "AccessDeniedException",
}
_S3_CODES = {"InvalidClientTokenId": "InvalidAccessKeyId", "AccessDeniedException": "AccessDenied"}
_S3_MESSAGES = {
    "InvalidAccessKeyId": "The AWS Access Key Id you provided does not exist in our records."
}


def translated(error: AwsError, model: ServiceModel) -> AwsError:
    """Return the error as the service of `model` names it."""
    if error.code in model.errors:
        return error
    if error.code == "AccessDeniedException" and "AuthorizationErrorException" in model.errors:
        return AwsError("AuthorizationErrorException", error.message, 403)
    if model.name == "s3":
        code = _S3_CODES.get(error.code, error.code)
        return AwsError(code, _S3_MESSAGES.get(code, error.message), error.status, error.members)
    if model.protocol != "query":
        code = _JSON_CODES.get(error.code, error.code)
        return AwsError(code, error.message, error.status, error.members)
    return error
