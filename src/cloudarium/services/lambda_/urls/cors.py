"""Cross-origin requests, as a URL's Cors says.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors
"""

from __future__ import annotations

from typing import Any

from cloudarium.services.lambda_ import errors
from cloudarium.wire.http import Headers, HttpRequest, HttpResponse

_PREFIX = "access-control-"


def checked(cors: dict[str, Any]) -> dict[str, Any]:
    """A Cors as it is kept. Raises InvalidParameterValueException for a wildcard among others."""
    for name in ("AllowMethods", "AllowOrigins"):
        allowed = cors.get(name) or []
        if "*" in allowed and len(allowed) > 1:
            raise errors.invalid(errors.WILDCARD_AND_MORE.format(name=name))
    return cors


def preflight(cors: dict[str, Any], request: HttpRequest) -> HttpResponse | None:
    """The answer to a browser's question; None if the request is something else."""
    asked = request.headers.get("access-control-request-method")
    if not cors or request.method != "OPTIONS" or not asked:
        return None
    headers = _allowed(cors, request)
    if headers:
        headers += [
            ("Access-Control-Allow-Methods", ",".join(cors.get("AllowMethods") or [])),
            ("Access-Control-Allow-Headers", ",".join(cors.get("AllowHeaders") or [])),
        ]
        if cors.get("MaxAge"):
            headers.append(("Access-Control-Max-Age", str(cors["MaxAge"])))
    return HttpResponse(200, [header for header in headers if header[1]])


def add(cors: dict[str, Any], request: HttpRequest, response: HttpResponse) -> None:
    """Put the URL's headers in place of those the function gave."""
    if not cors or "origin" not in request.headers:
        return
    response.headers = [
        header for header in response.headers if not header[0].lower().startswith(_PREFIX)
    ]
    headers = _allowed(cors, request)
    if headers and cors.get("ExposeHeaders"):
        headers.append(("Access-Control-Expose-Headers", ",".join(cors["ExposeHeaders"])))
    response.headers += headers


def _allowed(cors: dict[str, Any], request: HttpRequest) -> Headers:
    """Who may read the response; nothing if the origin may not."""
    origins, origin = cors.get("AllowOrigins") or [], request.headers.get("origin", "")
    if "*" not in origins and origin not in origins:
        return []
    headers: Headers = [
        ("Access-Control-Allow-Origin", "*" if "*" in origins else origin),
        ("Vary", "Origin"),
    ]
    if cors.get("AllowCredentials"):
        headers.append(("Access-Control-Allow-Credentials", "true"))
    return headers
