"""Gateway responses: what a caller is told when the gateway itself answers.

Types and default statuses: Developer Guide, "Gateway response types for API Gateway". Error types
(`x-amzn-ErrorType`) and messages: as AWS answers them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudarium.gateway.templates import (
    RenderError,
    Template,
    Unsupported,
    as_text,
)

Document = dict[str, Any]

DEFAULT_TEMPLATES = {"application/json": '{"message":$context.error.messageString}'}

# Type -> default status. DEFAULT_4XX and DEFAULT_5XX have none: they stand in for the others.
STATUSES: dict[str, int | None] = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": 403,
    "INTEGRATION_FAILURE": 504,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}

_ERROR_TYPES = {
    "AUTHORIZER_CONFIGURATION_ERROR": "AuthorizerConfigurationException",
    "AUTHORIZER_FAILURE": "AuthorizerFailureException",
    "ACCESS_DENIED": "AccessDeniedException",
    "BAD_REQUEST_BODY": "BadRequestException",
    "BAD_REQUEST_PARAMETERS": "BadRequestException",
    "EXPIRED_TOKEN": "ExpiredTokenException",
    "INVALID_API_KEY": "ForbiddenException",
    "INVALID_SIGNATURE": "InvalidSignatureException",
    "MISSING_AUTHENTICATION_TOKEN": "MissingAuthenticationTokenException",
    "QUOTA_EXCEEDED": "LimitExceededException",
    "REQUEST_TOO_LARGE": "RequestEntityTooLargeException",
    "RESOURCE_NOT_FOUND": "NotFoundException",
    "THROTTLED": "TooManyRequestsException",
    "UNAUTHORIZED": "UnauthorizedException",
    "UNSUPPORTED_MEDIA_TYPE": "UnsupportedMediaTypeException",
    "WAF_FILTERED": "ForbiddenException",
}

# What fails once execution has started.
_EXECUTION = frozenset(
    {
        "API_CONFIGURATION_ERROR",
        "BAD_REQUEST_BODY",
        "BAD_REQUEST_PARAMETERS",
        "INTEGRATION_FAILURE",
        "INTEGRATION_TIMEOUT",
        "UNSUPPORTED_MEDIA_TYPE",
    }
)


class Failure(Exception):
    """The gateway answers by itself.

    `status` is for the failures whose default status differs from their type's (a function's
    malformed answer is an INTEGRATION_FAILURE with 502), `error_type` likewise. `reason` says why,
    `validation` what is wrong with a body.
    """

    def __init__(
        self,
        response_type: str,
        message: str | None,
        *,
        status: int | None = None,
        reason: str = "",
        error_type: str = "",
        validation: str = "",
    ) -> None:
        super().__init__(response_type, message)
        self.response_type = response_type
        self.message = message
        self.status = status
        self.validation = validation
        self.reason = reason or message or response_type
        self.error_type = error_type or _ERROR_TYPES.get(
            response_type, "InternalServerErrorException"
        )


def missing_token() -> Failure:
    """No such method, or an unsigned call of one that wants a signature."""
    return Failure("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")


def configuration_error(reason: str) -> Failure:
    """The API is set up in a way that cannot work; the caller learns no more than that."""
    return Failure("API_CONFIGURATION_ERROR", "Internal server error", reason=reason)


def malformed_proxy_response(reason: str) -> Failure:
    """The function failed, or its answer is not one a proxy integration understands."""
    return Failure("INTEGRATION_FAILURE", "Internal server error", status=502, reason=reason)


def timed_out() -> Failure:
    """The integration took longer than it may."""
    return Failure("INTEGRATION_TIMEOUT", "Endpoint request timed out")


def unreachable(reason: str) -> Failure:
    """The integration's endpoint could not be reached, or its answer was none."""
    return Failure("INTEGRATION_FAILURE", reason)


def invalid_api_key() -> Failure:
    """The method wants an API key and the request has no valid one."""
    return Failure("INVALID_API_KEY", "Forbidden")


def unauthorized() -> Failure:
    """The request has no identity, or one the authorizer does not take."""
    return Failure("UNAUTHORIZED", "Unauthorized")


def expired_token() -> Failure:
    """The caller's token of a user pool is over."""
    return Failure("UNAUTHORIZED", "The incoming token has expired")


def authorizer_failed(reason: str) -> Failure:
    """The authorizer could not decide; the caller is told nothing."""
    return Failure("AUTHORIZER_FAILURE", None, reason=reason)


def denied_by_authorizer(*, explicitly: bool) -> Failure:
    """The authorizer's policy does not allow the request."""
    message = "User is not authorized to access this resource"
    why = " with an explicit deny in an identity-based policy"
    return Failure("ACCESS_DENIED", message + why * explicitly)


def authorizer_misconfigured() -> Failure:
    """The authorizer failed, or its answer is none; the caller is told nothing."""
    return Failure("AUTHORIZER_CONFIGURATION_ERROR", None)


def throttled() -> Failure:
    """The account or the method has had as many requests as it may."""
    return Failure("THROTTLED", "Too Many Requests")


def quota_exceeded() -> Failure:
    """The API key has had as many requests in its plan's period as it may."""
    return Failure("QUOTA_EXCEEDED", "Limit Exceeded")


def too_large() -> Failure:
    """The request's body is over the payload limit."""
    return Failure("REQUEST_TOO_LARGE", "Request Too Long")


def undecodable() -> Failure:
    """The payload is not what its Content-Encoding says."""
    return Failure("BAD_REQUEST_BODY", "Unable to decode request body")


def unsupported_media_type() -> Failure:
    """No mapping template fits, and passing through is not allowed."""
    return Failure("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")


def effective(response_type: str, defined: Mapping[str, Document]) -> Document:
    """Return the reference's GatewayResponse of a type: its own, the 4XX/5XX default's, or AWS's.

    `defined` are the API's own by type.
    """
    if response_type in defined:
        return defined[response_type]
    status = STATUSES[response_type]
    fallback: Document = {}
    if status is not None:
        fallback = defined.get("DEFAULT_4XX" if status < 500 else "DEFAULT_5XX", {})
    answer: Document = {
        "responseType": response_type,
        "responseParameters": fallback.get("responseParameters", {}),
        "responseTemplates": fallback.get("responseTemplates", DEFAULT_TEMPLATES),
        "defaultResponse": True,
    }
    code = fallback.get("statusCode") or status
    if code is not None:
        answer["statusCode"] = str(code)
    return answer


def defined(response_type: str, given: Mapping[str, Any]) -> Document:
    """Return an API's own GatewayResponse for what PutGatewayResponse is given."""
    status = given.get("statusCode") or STATUSES[response_type]
    response: Document = {
        "responseType": response_type,
        "responseParameters": given.get("responseParameters") or {},
        "responseTemplates": given.get("responseTemplates") or DEFAULT_TEMPLATES,
        "defaultResponse": False,
    }
    if status is not None:
        response["statusCode"] = str(status)
    return response


@dataclass(frozen=True)
class Rendered:
    """A gateway response as it goes out."""

    status: int
    headers: dict[str, str]
    body: bytes
    error_type: str


@dataclass
class GatewayResponses:
    """The gateway responses of one deployment: `defined` are its own, by type."""

    defined: Mapping[str, Document] = field(default_factory=dict)

    def render(self, failure: Failure, scope: Mapping[str, Any], accept: str) -> Rendered:
        """Return the answer to a failed request.

        `scope` has `context`, `stageVariables` and `method` (the request's parameters by place).
        """
        document = effective(failure.response_type, self.defined)
        status = _status(failure, document)
        templates = document["responseTemplates"] or DEFAULT_TEMPLATES
        media_type = _acceptable(templates, accept)
        context = {**scope["context"], "error": error_of(failure)}
        inner = {**scope, "context": context}
        headers = {
            name.removeprefix("gatewayresponse.header."): value
            for name, source in document["responseParameters"].items()
            if (value := parameter(source, inner))
        }
        names = {name.lower() for name in headers}
        if "content-type" not in names:
            headers["Content-Type"] = media_type
        is_own = not document["defaultResponse"] or templates != DEFAULT_TEMPLATES
        body = _rendered(templates[media_type], inner) if is_own else _undefined(failure)
        return Rendered(status, headers, body.encode(), failure.error_type)


def _undefined(failure: Failure) -> str:
    """Return what AWS answers where an API defines nothing, which is not quite the default.

    Recorded in public issue threads and test suites (`Content-Length: 36`, `{"Message":...`).
    """
    name = "Message" if failure.response_type == "ACCESS_DENIED" else "message"
    space = " " if failure.response_type in _EXECUTION else ""
    return f'{{"{name}":{space}{json.dumps(failure.message)}}}'


def _status(failure: Failure, document: Document) -> int:
    code = document.get("statusCode")
    if code is None or (document.get("defaultResponse") and failure.status and _is_plain(document)):
        return failure.status or STATUSES[failure.response_type] or 500
    return int(code)


def _is_plain(document: Document) -> bool:
    """Whether the status is the type's own default, which a particular failure may differ from."""
    return document.get("statusCode") == str(STATUSES[document["responseType"]])


def _acceptable(templates: Mapping[str, str], accept: str) -> str:
    wanted = [one.split(";", 1)[0].strip() for one in accept.split(",")]
    return next((one for one in wanted if one in templates), next(iter(templates)))


def _rendered(text: str, scope: Mapping[str, Any]) -> str:
    try:
        return Template(text).render(scope)
    except (Unsupported, RenderError):
        return text


def error_of(failure: Failure) -> Document:
    """Return what `$context.error` is for a failure."""
    return {
        "message": failure.message,
        "messageString": json.dumps(failure.message),
        "responseType": failure.response_type,
        "validationErrorString": failure.validation,
    }


def parameter(source: str, scope: Mapping[str, Any]) -> str:
    """Return what a mapping expression stands for: a quoted text, or a path into `scope`."""
    if source.startswith("'"):
        return source.strip("'")
    root, _, rest = source.partition(".")
    value: Any = scope.get(root)
    if root == "method":
        place, _, name = rest.removeprefix("request.").partition(".")
        key = name.lower() if place == "header" else name
        return as_text((value or {}).get(place, {}).get(key))
    for name in rest.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return as_text(value)
