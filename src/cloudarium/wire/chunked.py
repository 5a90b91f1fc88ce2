"""S3's `aws-chunked` content encoding: signed or unsigned chunks, and trailing headers.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import BinaryIO

from cloudarium.core.errors import AwsError, SignatureDoesNotMatch
from cloudarium.wire.http import Body, HttpRequest
from cloudarium.wire.sigv4 import Key, Signature

_EMPTY_HASH = hashlib.sha256(b"").hexdigest()
_MAX_LINE = 16 << 10
_SIZE = re.compile("[0-9a-fA-F]{1,16}")
_TRAILER_SIGNATURE = "x-amz-trailer-signature"
_BLOCK = 1 << 20


def is_chunked(request: HttpRequest) -> bool:
    """Tell whether the body is in `aws-chunked` encoding."""
    return request.headers.get("x-amz-content-sha256", "").startswith("STREAMING-")


def decode(request: HttpRequest, signature: Signature | None, key: Key | None) -> None:
    """Replace the body by its decoded form and add trailing headers.

    `signature` is the request's, None for an anonymous one, whose chunks are not checked. Raises
    AwsError IncompleteBody for a body that does not hold what it announces, and
    SignatureDoesNotMatch for a chunk or trailer that was not signed with `key`.
    """
    kind = request.headers["x-amz-content-sha256"]
    chain = _Chain(signature, key) if signature and key and "UNSIGNED" not in kind else None
    body = Body()
    with request.body.open() as source:
        while _chunk(source, body, chain) > 0:
            pass
        trailers = _trailers(source)
    declared = trailers.pop(_TRAILER_SIGNATURE, "")
    if chain is not None and kind.endswith("-TRAILER"):
        chain.check_trailers(declared, trailers)
    expected = request.headers.get("x-amz-decoded-content-length")
    if expected is not None and expected != str(body.size):
        raise _incomplete()
    request.body.close()
    request.recode(body)
    request.headers.update(trailers)
    encodings = [part.strip() for part in request.headers.get("content-encoding", "").split(",")]
    kept = [part for part in encodings if part and part != "aws-chunked"]
    request.headers.pop("content-encoding", None)
    if kept:
        request.headers["content-encoding"] = ",".join(kept)


class _Chain:
    """The chain of signatures: each chunk's covers the one before it."""

    def __init__(self, signature: Signature, key: Key) -> None:
        self._signature = signature
        self._key = key
        self._previous = signature.signature

    def check(self, declared: str, digest: str) -> None:
        self._check(declared, "AWS4-HMAC-SHA256-PAYLOAD", _EMPTY_HASH, digest)

    def check_trailers(self, declared: str, trailers: dict[str, str]) -> None:
        text = "".join(f"{name}:{value}\n" for name, value in sorted(trailers.items()))
        digest = hashlib.sha256(text.encode("latin-1")).hexdigest()
        self._check(declared, "AWS4-HMAC-SHA256-TRAILER", digest)

    def _check(self, declared: str, algorithm: str, *digests: str) -> None:
        signature = self._signature
        parts = (algorithm, signature.timestamp, signature.signer.scope, self._previous, *digests)
        expected = self._key.sign("\n".join(parts))
        if not hmac.compare_digest(expected.encode(), declared.encode()):
            raise SignatureDoesNotMatch()
        self._previous = expected


def _chunk(source: BinaryIO, body: Body, chain: _Chain | None) -> int:
    head, _, extension = _line(source).partition(";")
    if _SIZE.fullmatch(head) is None:
        raise _incomplete()
    size = left = int(head, 16)
    digest = hashlib.sha256()
    while left > 0:
        block = source.read(min(left, _BLOCK))
        if not block:
            raise _incomplete()
        digest.update(block)
        body.append(block)
        left -= len(block)
    if chain is not None:
        chain.check(extension.partition("chunk-signature=")[2], digest.hexdigest())
    if size and source.read(2) != b"\r\n":
        raise _incomplete()
    return size


def _trailers(source: BinaryIO) -> dict[str, str]:
    found: dict[str, str] = {}
    while line := _line(source):
        name, _, value = line.partition(":")
        found[name.strip().lower()] = value.strip()
    return found


def _line(source: BinaryIO) -> str:
    return source.readline(_MAX_LINE).decode("latin-1").rstrip("\r\n")


def _incomplete() -> AwsError:
    return AwsError(
        "IncompleteBody",
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
        400,
    )
