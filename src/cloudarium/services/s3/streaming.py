"""An object's bytes as a response's body: never whole in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Sequence

from cloudarium.core.blobs import Source
from cloudarium.core.context import Context
from cloudarium.services.s3.blobs import Transfers
from cloudarium.services.s3.objects import Segment
from cloudarium.wire.http import FileBody

_CHUNK = 1 << 18


def body(
    ctx: Context, segments: Sequence[Segment], first: int, length: int
) -> bytes | FileBody | AsyncIterator[bytes]:
    """`length` bytes of the object made of `segments`, from byte `first` on."""
    pieces = pieces_of(ctx, segments, first, length)
    if not pieces:
        return b""
    if len(pieces) == 1:
        return pieces[0]
    return _joined(ctx.state(Transfers), pieces)


def pieces_of(ctx: Context, segments: Sequence[Segment], first: int, length: int) -> list[FileBody]:
    """Return the runs of files that hold `length` bytes from byte `first` on."""
    pieces, position, end = [], 0, first + length
    for segment in segments:
        begin, stop = max(first, position), min(end, position + segment.size)
        if begin < stop:
            path = ctx.blobs.path(segment.digest)
            pieces.append(FileBody(path, begin - position, stop - begin))
        position += segment.size
    return pieces


async def _joined(transfers: Transfers, pieces: Sequence[FileBody]) -> AsyncIterator[bytes]:
    with transfers.going_on():
        for chunk in _chunks(pieces):
            yield chunk


def _chunks(pieces: Sequence[FileBody]) -> Generator[bytes, None, None]:
    for piece in pieces:
        left = piece.length
        with piece.path.open("rb") as source:
            source.seek(piece.offset)
            while left > 0 and (chunk := source.read(min(_CHUNK, left))):
                left -= len(chunk)
                yield chunk


class Joined:
    """Runs of files as one readable body, to be stored anew as one blob."""

    def __init__(self, pieces: Sequence[FileBody]) -> None:
        self._pieces = pieces

    def open(self) -> Source:
        """Return the bytes one chunk per read, whatever size is asked for."""
        return _ChunkReader(_chunks(self._pieces))


class _ChunkReader:
    def __init__(self, chunks: Generator[bytes, None, None]) -> None:
        self._chunks = chunks

    def read(self, size: int = -1, /) -> bytes:
        return next(self._chunks, b"")

    def __enter__(self) -> _ChunkReader:
        return self

    def __exit__(self, *exception: object) -> None:
        self._chunks.close()
