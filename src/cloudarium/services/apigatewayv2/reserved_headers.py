"""Headers that neither parameter mappings nor routing rules may touch.

Source: Developer Guide, "Transform API requests and responses for HTTP APIs in API Gateway".
"""

from __future__ import annotations

NAMES = frozenset(
    {
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-location",
        "forwarded",
        "keep-alive",
        "origin",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailers",
        "transfer-encoding",
        "upgrade",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "via",
    }
)
PREFIXES = ("access-control-", "apigw-", "x-amz-", "x-amzn-")
