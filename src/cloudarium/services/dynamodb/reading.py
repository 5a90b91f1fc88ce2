"""Reading a page of a query or scan, once it is known what to read and how to return it."""

from cloudarium.core.context import Context, Request, Response

from . import capacity, errors, key_ranges, pages, storage
from .expressions.expressions import Expressions
from .pages import Choice

Bounds = tuple[bytes, bytes | None]
"""The first partition of a stretch, and the first past it (None: to the end)."""


def queried(
    ctx: Context,
    request: Request,
    choice: Choice,
    expressions: Expressions,
    place: tuple[bytes, key_ranges.Range],
    start: tuple[bytes, bytes] | None,
) -> Response:
    """A page of a stretch of one partition, which `key_ranges.key_range` gave as `place`.

    `start` is where `pages.start_key` says that it begins.
    """
    source = choice.source
    partition, stretch = place
    forward = request.get("ScanIndexForward", True)
    low, high = stretch
    if start is not None:
        _check_start(start, partition, stretch)
        low, high = (start[1] + b"\x00", high) if forward else (low, start[1])
    capacity.admit(ctx, source.table, "read", (source.index,))
    entries = storage.within(ctx, source.space, partition, low, high, forward=forward)
    return pages.page(ctx, request, choice, expressions, entries)


def _check_start(start: tuple[bytes, bytes], partition: bytes, stretch: key_ranges.Range) -> None:
    low, high = stretch
    if start[1] < low or (high is not None and start[1] >= high):
        raise errors.StartKeyPredicate()
    if start[0] != partition:
        is_whole = stretch == key_ranges.EVERYTHING
        raise errors.StartKeyOutside() if is_whole else errors.StartKeyUseless()


def gathered(
    ctx: Context,
    request: Request,
    choice: Choice,
    expressions: Expressions,
    partitions: list[bytes],
) -> Response:
    """A page of these partitions, which are in order, one after the other."""
    source = choice.source
    start = pages.start_key(source, request)
    capacity.admit(ctx, source.table, "read", (source.index,))
    entries = (
        entry
        for partition in partitions
        if start is None or partition >= start[0]
        for entry in storage.within(
            ctx,
            source.space,
            partition,
            start[1] + b"\x00" if start is not None and partition == start[0] else b"",
            None,
        )
    )
    return pages.page(ctx, request, choice, expressions, entries)


def scanned(
    ctx: Context,
    request: Request,
    choice: Choice,
    expressions: Expressions,
    bounds: Bounds,
    start: tuple[bytes, bytes] | None,
) -> Response:
    """A page of everything, or of the segment within these bounds.

    `start` is where `pages.start_key` says that it begins.
    """
    source = choice.source
    low, high = bounds
    if start is not None and (start[0] < low or (high is not None and start[0] >= high)):
        raise errors.StartKeySegment()
    capacity.admit(ctx, source.table, "read", (source.index,))
    entries = storage.across(ctx, source.space, start or (low, b""), high)
    return pages.page(ctx, request, choice, expressions, entries)
