"""Makes a written request wrong before it is signed: bytes of its body, a header, its address."""

from __future__ import annotations

import random
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit

from botocore.awsrequest import AWSRequest

_BYTES = [
    *[
        b"\x00",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\\ud800",
        b"\r\n",
        b"&",
        b"=",
        b"%",
        b"%00",
        b"+",
    ],
    *[b"{", b"}", b"[", b'"', b"\\", b",", b":", b"null", b"1e999", b"NaN", b"-", b"0" * 400],
    *[b"[" * 3000, b'{"a":' * 2000, b"<a>" * 2000, b"\x81" * 3000, b"\xa1\x60" * 2000],
    *[
        b"<",
        b">",
        b"</",
        b"<![CDATA[",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"&b;",
        b"&#0;",
        b"<?x?>",
    ],
    # CBOR: break, indefinite lengths, lengths of 2**64 - 1, tags, half floats, undefined
    *[b"\xbf", b"\x9f", b"\x7f", b"\x9b" + b"\xff" * 8, b"\x7b" + b"\xff" * 8],
    *[b"\xc1", b"\xf9", b"\xf7"],
]
_TYPES = [
    *["", "application/json", "application/xml", "application/cbor", "text/plain", "a/b; c"],
    *["application/x-amz-json-1.0", "application/x-amz-json-1.1", "multipart/form-data"],
    *["application/x-www-form-urlencoded", "application/x-amz-json-1.0; charset=utf-7", "é"],
]
_HEADERS = [
    *[("Content-Encoding", each) for each in ("gzip", "deflate", "aws-chunked", "br", "")],
    *[("Transfer-Encoding", "chunked"), ("Expect", "100-continue"), ("Range", "bytes=9-1")],
    *[("X-Amz-Target", each) for each in ("", ".", "a.b", "DynamoDB_20120810.", "é.é")],
    *[("smithy-protocol", each) for each in ("rpc-v2-cbor", "rpc-v2-json", "")],
    *[("Accept", "application/cbor"), ("Accept-Encoding", "gzip;q=é"), ("Host", "a" * 300)],
    *[("X-Amzn-Trace-Id", "Root=1;;=;Sampled=9"), ("x-amz-decoded-content-length", "-1")],
]
_ADDRESS = ["/", "//", "/..", "%2F", "%00", "%", "%ff", ";", "?", "?a", "?&=", "&a=b&a=c", "+", "é"]
_CHECKSUMS = ("content-md5", "x-amz-checksum-", "x-amz-sdk-checksum-")


def spoilt(chance: random.Random, body: bytes, more: Sequence[bytes] = _BYTES) -> bytes:
    """Return the bytes with some changed, left out, written twice or put in (one of `more`)."""
    start = chance.randrange(len(body) + 1)
    end = min(len(body), start + chance.choice((0, 1, 1, 3, 20, len(body))))
    part = chance.choice([b"", body[start:end] * 2, bytes([chance.randrange(256)]), *more])
    return body[:start] + part + body[end:]


class Writing:
    """Spoils written requests; what it does hangs on `chance` alone."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance

    def spoil(self, request: AWSRequest) -> None:
        """Change one thing of a request that is not signed yet."""
        body = request.data if isinstance(request.data, dict | str | bytes) else None
        drawn = self._chance.random()
        if body and drawn < 0.7:
            self._spoil_body(request)
        elif drawn < 0.85:
            name, value = self._chance.choice(
                [*_HEADERS, ("Content-Type", self._chance.choice(_TYPES))]
            )
            del request.headers[name]
            request.headers[name] = value
        else:
            self._spoil_address(request)

    def _spoil_body(self, request: AWSRequest) -> None:
        request.data = spoilt(self._chance, request.body)
        for name in list(request.headers):
            if name.lower().startswith(_CHECKSUMS):
                del request.headers[name]  # they would tell that the body is not what it was

    def _spoil_address(self, request: AWSRequest) -> None:
        parts = urlsplit(request.url)
        path = parts.path or "/"
        at = self._chance.randrange(1, len(path) + 1)
        path = path[:at] + self._chance.choice(_ADDRESS) + path[at:]
        request.url = urlunsplit((*parts[:2], path, *parts[3:]))
