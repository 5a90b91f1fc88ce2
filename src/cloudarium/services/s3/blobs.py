"""Bytes in and out: storing a body while checking it, reading segments, forgetting unused blobs."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from cloudarium.core.blobs import Blob, Readable, Source
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.s3 import checksums, errors, limits

# A blob nobody refers to stays this long, so that a power failure cannot bring its object back.
_GRACE_SECONDS = 60


class Transfers:
    """Counts the requests that are reading or writing bytes: nothing is forgotten meanwhile.

    A body already stored but not yet written into the tables would else look unused.
    """

    def __init__(self, runtime: object) -> None:
        self.count = 0

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Hold while bytes move."""
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1


class _Hashed:
    """A body whose checksum is computed while it is read."""

    def __init__(self, body: Readable | bytes, digest: checksums.Digest) -> None:
        self._body = body
        self._digest = digest

    def open(self) -> Source:
        """Return the body, feeding the digest on its way."""
        body = self._body
        file = io.BytesIO(body) if isinstance(body, bytes) else body.open()
        return _HashedFile(file, self._digest)


class _HashedFile:
    def __init__(self, file: Source, digest: checksums.Digest) -> None:
        self._file = file
        self._digest = digest

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._file.read(size)
        self._digest.update(chunk)
        return chunk

    def __enter__(self) -> _HashedFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        self._file.__exit__(kind, error, trace)


@dataclass(frozen=True)
class Received:
    """A stored body. `algorithm` and `checksum` (base64) are empty if the client sent none."""

    blob: Blob
    algorithm: str
    checksum: str

    def as_checksum(self, kind: str) -> dict[str, str]:
        """Return the checksum as objects keep it, of type `kind`; {} if there is none."""
        if not self.algorithm:
            return {}
        return {"algorithm": self.algorithm, "value": self.checksum, "type": kind}


@asynccontextmanager
async def receiving(
    ctx: Context, request: Mapping[str, Any], body: Readable | bytes
) -> AsyncIterator[Received]:
    """Store a request's body for the caller to write down; an error meanwhile drops it again.

    Raises BadDigest, InvalidDigest, InvalidRequest, EntityTooLarge.
    """
    with ctx.state(Transfers).going_on():
        received = await _receive(ctx, request, body)
        try:
            yield received
        except AwsError:
            with ctx.transaction():
                release(ctx, [received.blob.digest])
            raise


async def _receive(ctx: Context, request: Mapping[str, Any], body: Readable | bytes) -> Received:
    md5 = _md5(request.get("ContentMD5"))
    sent = checksums.given(request)
    if sent is None:
        blob = await ctx.blobs.put(body)
        algorithm = value = ""
    else:
        algorithm, value = sent
        digest = checksums.new(algorithm)
        _check_form(algorithm, value, len(digest.digest()))
        blob = await ctx.blobs.put(_Hashed(body, digest))
        if base64.b64decode(value) != digest.digest():
            raise _discarded(ctx, blob, errors.BadChecksum(algorithm=algorithm))
    if md5 is not None and md5.hex() != blob.md5:
        members = {"ExpectedDigest": md5.hex(), "CalculatedDigest": blob.md5}
        raise _discarded(ctx, blob, errors.BadDigest(members=members))
    if blob.size > limits.PUT_BYTES:
        members = {"ProposedSize": str(blob.size), "MaxSizeAllowed": str(limits.PUT_BYTES)}
        raise _discarded(ctx, blob, errors.EntityTooLarge(members=members))
    return Received(blob, algorithm, value)


async def restore(ctx: Context, body: Readable, algorithm: str) -> Received:
    """Store bytes we have already as one blob, with the checksum of `algorithm` ("" for none)."""
    if not algorithm:
        return Received(await ctx.blobs.put(body), "", "")
    digest = checksums.new(algorithm)
    blob = await ctx.blobs.put(_Hashed(body, digest))
    return Received(blob, algorithm, base64.b64encode(digest.digest()).decode())


def _discarded(ctx: Context, blob: Blob, error: AwsError) -> AwsError:
    with ctx.transaction():
        release(ctx, [blob.digest])
    return error


def _md5(header: str | None) -> bytes | None:
    if header is None:
        return None
    try:
        value = base64.b64decode(header, validate=True)
    except binascii.Error:
        value = b""
    if len(value) != 16:
        raise errors.InvalidDigest()
    return value


def _check_form(algorithm: str, value: str, size: int) -> None:
    try:
        fits = len(base64.b64decode(value, validate=True)) == size
    except binascii.Error:
        fits = False
    if not fits:
        header = f"x-amz-checksum-{algorithm.lower()}"
        raise errors.InvalidRequest(message=f"Value for {header} header is invalid.")


def release(ctx: Context, digests: Iterable[str]) -> None:
    """Have blobs looked at, a while after this transaction, and deleted if nothing uses them."""
    for digest in set(digests):
        ctx.schedule("forget", {"digest": digest}, ctx.now + _GRACE_SECONDS, key=digest)


def forget(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: delete a blob that no object and no part refers to."""
    digest = payload["digest"]
    if ctx.state(Transfers).count:
        release(ctx, [digest])
        return
    used = ctx.db.execute(
        "SELECT EXISTS (SELECT 1 FROM segments WHERE digest = :digest)"
        " OR EXISTS (SELECT 1 FROM parts WHERE digest = :digest)",
        {"digest": digest},
    ).fetchone()
    if not used[0]:
        ctx.blobs.delete(digest)
