"""AWS errors: declared once per service, raised by operations, written by the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class AwsError(Exception):
    """An error as AWS answers it.

    `code` is the shape name of the service's model (or a common code), `status` the HTTP status,
    `members` further modelled members of the error's body, `query_code` the code that
    services which once spoke the query protocol still send along.
    """

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        members: Mapping[str, Any] | None = None,
        query_code: str = "",
    ) -> None:
        super().__init__(code, message)
        self.query_code = query_code
        self.code = code
        self.message = message
        self.status = status
        self.members = dict(members or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(frozen=True)
class ErrorType:
    """One kind of error: its code, HTTP status and message template.

    Calling it gives the error to raise; keyword arguments fill the template, `members` adds
    modelled members.
    """

    code: str
    status: int
    template: str = ""
    query_code: str = ""

    def __call__(self, *, members: Mapping[str, Any] | None = None, **fields: object) -> AwsError:
        """Return the error with its message filled in from `fields`."""
        message = self.template.format(**fields) if fields else self.template
        return AwsError(self.code, message, self.status, members, self.query_code)

    def matches(self, error: BaseException) -> bool:
        """Tell whether `error` is of this kind."""
        return isinstance(error, AwsError) and error.code == self.code


# Errors common to all services: "Common Errors" in every AWS API reference.
AccessDenied = ErrorType("AccessDeniedException", 403, "{message}")
IncompleteSignature = ErrorType("IncompleteSignature", 403, "{message}")
InternalFailure = ErrorType(
    "InternalFailure",
    500,
    "The request processing has failed because of an unknown error, exception or failure.",
)
InvalidAction = ErrorType(
    "InvalidAction", 400, "The action {action} is not valid for this web service."
)
InvalidClientTokenId = ErrorType(
    "InvalidClientTokenId", 403, "The security token included in the request is invalid."
)
ExpiredToken = ErrorType(
    "ExpiredToken", 403, "The security token included in the request is expired"
)
MissingAuthenticationToken = ErrorType(
    "MissingAuthenticationToken", 403, "Request is missing Authentication Token"
)
SerializationException = ErrorType("SerializationException", 400, "{message}")
SignatureDoesNotMatch = ErrorType(
    "SignatureDoesNotMatch",
    403,
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. "
    "Consult the service documentation for details.",
)
UnknownOperation = ErrorType("UnknownOperationException", 400, "{message}")

COMMON_CODES = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InternalFailure",
        "InvalidAction",
        "InvalidClientTokenId",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "InvalidSignatureException",
        "MalformedQueryString",
        "MissingAction",
        "MissingAuthenticationToken",
        "MissingParameter",
        "NotImplemented",
        "RequestEntityTooLarge",
        "RequestEntityTooLargeException",
        "RequestExpired",
        "SerializationException",
        "ServiceUnavailable",
        "SignatureDoesNotMatch",
        "ThrottlingException",
        "UnknownOperationException",
        "UnrecognizedClientException",
        "ValidationError",
        "ValidationException",
    }
)
