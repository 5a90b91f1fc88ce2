"""What a caller is told when the gateway itself answers.

Statuses and messages as HTTP APIs answer them: Developer Guide, "Troubleshooting issues with HTTP
APIs".
"""

from __future__ import annotations

import json

from cloudarium.wire.http import Headers, HttpResponse


class Failure(Exception):
    """The gateway answers by itself: with `status` and `message`; `reason` is for logs alone."""

    def __init__(
        self, status: int, message: str, *, reason: str = "", headers: Headers | None = None
    ) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.reason = reason
        self.headers = headers or []

    def response(self) -> HttpResponse:
        """Return the answer."""
        body = json.dumps({"message": self.message}, separators=(",", ":")).encode()
        headers = [("content-type", "application/json"), *self.headers]
        return HttpResponse(self.status, headers, body)


def not_found() -> Failure:
    """No such API, stage or route."""
    return Failure(404, "Not Found")


def forbidden(reason: str = "") -> Failure:
    """The caller may not do this."""
    return Failure(403, "Forbidden", reason=reason)


def unauthorized(reason: str = "", challenge: str = "") -> Failure:
    """The request has no identity, or one that does not hold."""
    headers = [("www-authenticate", challenge)] if challenge else []
    return Failure(401, "Unauthorized", reason=reason, headers=headers)


def throttled() -> Failure:
    """The account or the route has had as many requests as it may."""
    return Failure(429, "Too Many Requests")


def too_large() -> Failure:
    """The request's body is over the payload limit."""
    return Failure(413, "Request Entity Too Large")


def failed(reason: str) -> Failure:
    """The function or its answer is not what it must be; the caller learns no more than that."""
    return Failure(500, "Internal Server Error", reason=reason)


def broken(reason: str) -> Failure:
    """The integration answered, and its answer is an error."""
    return Failure(502, "Internal Server Error", reason=reason)


def unavailable(reason: str) -> Failure:
    """The integration could not be reached, or took longer than it may."""
    return Failure(503, "Service Unavailable", reason=reason)
