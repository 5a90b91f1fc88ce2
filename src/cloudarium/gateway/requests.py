"""Requests to APIs: where they go, and what of them goes on to an integration."""

from __future__ import annotations

import re

from cloudarium.gateway import limits
from cloudarium.wire.http import Headers, HttpRequest

_BY_HOST = re.compile(r"(?P<api>.+?)\.execute-api\.")
_BY_PATH = "/_aws/execute-api/"
_TRACE = re.compile(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}(;[\w=;:.\-]*)?")

# Headers that belong to one connection, or that only the gateway itself may set.
NOT_PASSED = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-amz-cf-id",
        "x-amzn-requestid",
        "x-amzn-trace-id",
        "x-forwarded-for",
        "x-forwarded-port",
        "x-forwarded-proto",
    }
)
_NOT_PASSED_PREFIXES = ("cloudfront-", "x-amz-apigw-", "x-amzn-apigateway-", "x-amzn-vpc")


def place(request: HttpRequest) -> tuple[str, str] | None:
    """Return the API (or domain name) a request names and the path below it, still encoded.

    `{api}.execute-api.<host>/…`, `/_aws/execute-api/{api}/…`, or a domain name's own host; None if
    it names none.
    """
    if request.path.startswith(_BY_PATH):
        api, _, path = request.path[len(_BY_PATH) :].partition("/")
        return (api, f"/{path}") if api else None
    by_host = _BY_HOST.match(request.host)
    name = by_host["api"] if by_host else request.host
    return (name, request.path) if name else None


def is_head_too_large(request: HttpRequest) -> bool:
    """Tell whether request line and headers are larger than API Gateway takes."""
    size = len(request.method) + len(request.target)
    return size + sum(map(len, request.headers.values())) > limits.HEAD_BYTES


def trace_id(request: HttpRequest, fresh: str) -> str:
    """Return the X-Ray trace header: the caller's if it is one, else `fresh`."""
    given = request.headers.get("x-amzn-trace-id", "")
    return given if given and _TRACE.fullmatch(given) else fresh


def passed(
    request: HttpRequest, trace: str, *, signed: bool, dropped: frozenset[str] = NOT_PASSED
) -> Headers:
    """Return the headers an integration sees: the caller's own, and those the gateway sets.

    Those `dropped` are not among them. Of a `signed` call the signature is left out.
    """
    shown = [
        ("Authorization" if lower == "authorization" else name, value)
        for name, value in request.raw_headers
        if (lower := name.lower()) not in dropped
        and not lower.startswith(_NOT_PASSED_PREFIXES)
        and not (lower == "authorization" and (signed or value.startswith("AWS4-")))
    ]
    forwarded = request.headers.get("x-forwarded-for")
    sources = f"{forwarded}, {request.client}" if forwarded else request.client
    port = request.headers.get("host", "").rpartition(":")[2]
    return [
        *shown,
        ("X-Amzn-Trace-Id", trace),
        ("X-Forwarded-For", sources),
        ("X-Forwarded-Port", port if port.isdigit() else "80"),
        ("X-Forwarded-Proto", "http"),
    ]
