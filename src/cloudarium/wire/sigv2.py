"""AWS Signature Version 2 in a query: what boto3 and the AWS CLI presign S3 URLs with.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
"""

from __future__ import annotations

import base64
import hmac
from urllib.parse import unquote

from cloudarium.wire.http import HttpRequest

_FIELDS = frozenset({"AWSAccessKeyId", "Signature", "Expires"})
# The query names that are part of what is signed.
_SUBRESOURCES = """
    accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging
    metrics notification object-lock partNumber policy replication requestPayment
    response-cache-control response-content-disposition response-content-encoding
    response-content-language response-content-type response-expires restore select select-type
    storageClass tagging torrent uploadId uploads versionId versioning versions website
"""


def is_signed(request: HttpRequest) -> bool:
    """Tell whether the query carries a Version 2 signature."""
    return "AWSAccessKeyId=" in request.query_string and request.query.keys() >= _FIELDS


def matches(request: HttpRequest, path: str, secret: str) -> bool:
    """Tell whether the signature is made with `secret`; `path` is `/bucket/key`, still encoded."""
    text = _string_to_sign(request, path).encode()
    expected = base64.b64encode(hmac.digest(secret.encode(), text, "sha1"))
    return hmac.compare_digest(expected, request.query["Signature"].encode())


def adopt_headers(request: HttpRequest) -> None:
    """Take the signed `x-amz-*` and content members of the query as the headers they stand for."""
    request.headers.update(_queried_headers(request))


def _queried_headers(request: HttpRequest) -> dict[str, str]:
    named = {name.lower(): text for name, text in request.query.items()}
    return {
        name: text
        for name, text in named.items()
        if name.startswith("x-amz-") or name in ("content-md5", "content-type")
    }


def _string_to_sign(request: HttpRequest, path: str) -> str:
    headers = {**request.headers, **_queried_headers(request)}
    lines = [
        request.method,
        headers.get("content-md5", ""),
        headers.get("content-type", ""),
        request.query["Expires"],
        *(f"{n}:{headers[n].strip()}" for n in sorted(headers) if n.startswith("x-amz-")),
        (path if path.count("/") > 1 or path == "/" else f"{path}/")
        + _subresources(request.query_string),
    ]
    return "\n".join(lines)


def _subresources(query_string: str) -> str:
    pairs = [part.partition("=") for part in query_string.split("&") if part]
    signed = _SUBRESOURCES.split()
    kept = sorted((n, f"{n}{e}{unquote(v)}") for n, e, v in pairs if n in signed)
    return "?" + "&".join(text for _, text in kept) if kept else ""
