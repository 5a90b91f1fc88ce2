"""CORS: what the gateway itself answers and adds.

Source: Developer Guide, "Configure CORS for HTTP APIs in API Gateway".
"""

from __future__ import annotations

from typing import Any

from cloudarium.wire.http import Headers, HttpRequest, HttpResponse

Document = dict[str, Any]

_PREFIX = "access-control-"


def is_preflight(cors: Document | None, request: HttpRequest) -> bool:
    """Tell whether a request is a preflight that the gateway answers."""
    headers = request.headers
    return (
        cors is not None
        and request.method.upper() == "OPTIONS"
        and "origin" in headers
        and "access-control-request-method" in headers
    )


def preflight(cors: Document, request: HttpRequest) -> HttpResponse:
    """Return the answer to a preflight: without headers if the origin is none of those allowed."""
    headers = _origin(cors, request)
    if headers:
        for member, name in (("AllowMethods", "methods"), ("AllowHeaders", "headers")):
            if cors.get(member):
                headers.append((f"{_PREFIX}allow-{name}", ",".join(cors[member])))
        if cors.get("MaxAge") is not None:
            headers.append((f"{_PREFIX}max-age", str(cors["MaxAge"])))
    return HttpResponse(204, headers)


def apply(cors: Document | None, request: HttpRequest, response: HttpResponse) -> None:
    """Put the API's CORS headers in place of an integration's, if the API has a configuration.

    What answers a preflight has its own.
    """
    if cors is None or (response.status == 204 and is_preflight(cors, request)):
        return
    kept = [one for one in response.headers if not one[0].lower().startswith(_PREFIX)]
    added = _origin(cors, request)
    if added and cors.get("ExposeHeaders"):
        added.append((f"{_PREFIX}expose-headers", ",".join(cors["ExposeHeaders"])))
    response.headers = kept + added


def _origin(cors: Document, request: HttpRequest) -> Headers:
    """Return the headers that allow the request's origin; none if it is not allowed."""
    origin = request.headers.get("origin")
    allowed = cors.get("AllowOrigins", [])
    if origin is None or not any(_fits(one, origin) for one in allowed):
        return []
    shown = "*" if "*" in allowed else origin
    headers = [(f"{_PREFIX}allow-origin", shown)]
    if cors.get("AllowCredentials"):
        headers.append((f"{_PREFIX}allow-credentials", "true"))
    if shown != "*":
        headers.append(("vary", "origin"))
    return headers


def _fits(allowed: str, origin: str) -> bool:
    """`*`, an origin, or every origin of a scheme (`https://*`)."""
    if allowed.endswith("*"):
        return origin.lower().startswith(allowed[:-1].lower())
    return allowed.lower() == origin.lower()
