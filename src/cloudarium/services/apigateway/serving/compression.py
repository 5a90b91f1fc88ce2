"""Content encodings, of APIs with a `minimumCompressionSize`: both ways.

Source: Developer Guide, "Payload compression for REST APIs in API Gateway".
"""

from __future__ import annotations

import gzip
import zlib

from cloudarium.gateway import limits
from cloudarium.services.apigateway.serving.exchange import Exchange
from cloudarium.services.apigateway.serving.failures import too_large, undecodable
from cloudarium.wire.http import Body, HttpResponse

# What zlib is told to expect: gzip's or zlib's head ("deflate" is the latter in HTTP).
_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


def decode(exchange: Exchange) -> None:
    """Put a payload in the clear, if it is compressed. Raises the 400 and 413 Failures."""
    request = exchange.request
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in _WINDOWS:
        return
    decoder = zlib.decompressobj(_WINDOWS[encoding])
    try:
        data = decoder.decompress(request.body.read(), limits.PAYLOAD_BYTES + 1)
    except zlib.error:
        raise undecodable() from None
    if len(data) > limits.PAYLOAD_BYTES:
        raise too_large()
    request.recode(Body(data))
    del request.headers["content-encoding"]
    request.raw_headers = [
        one for one in request.raw_headers if one[0].lower() != "content-encoding"
    ]


def encode(exchange: Exchange, response: HttpResponse, least: int) -> None:
    """Compress a response of at least `least` bytes, if the caller takes it so."""
    body = response.body
    if not isinstance(body, bytes) or len(body) < max(least, 1):
        return
    if any(name.lower() == "content-encoding" for name, _ in response.headers):
        return
    encoding = _accepted(exchange.request.headers.get("accept-encoding", ""))
    if encoding:
        response.body = gzip.compress(body, mtime=0) if encoding == "gzip" else zlib.compress(body)
        response.headers.append(("Content-Encoding", encoding))


def _accepted(accepts: str) -> str:
    """Return the first of the encodings a caller takes that there is, or nothing."""
    for one in accepts.lower().split(","):
        name, _, weight = one.strip().partition(";")
        if weight.replace(" ", "") in ("q=0", "q=0.0"):
            continue
        if name.strip() in _WINDOWS:
            return name.strip()
        if name.strip() == "*":
            return "gzip"
    return ""
