"""Reading a page of a query or scan, once it is known what to read and how to return it."""

from dataclasses import dataclass, replace

from cloudarium.core.context import Context, Request, Response

from . import capacity, errors, key_ranges, pages, storage
from .expressions.expressions import Expressions
from .pages import Choice


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sort keys of one partition, from `low` until before `high`, if that is not None.

    It `is_item` if it has room for no more than one.
    """

    partition: bytes
    low: bytes
    high: bytes | None
    is_item: bool

    def holds(self, sort: bytes) -> bool:
        """Whether a sort key of the partition is in it."""
        return self.low <= sort and (self.high is None or sort < self.high)

    def meets(self, later: "Stretch") -> bool:
        """Whether a stretch that does not begin before this one has something of it."""
        return self.partition == later.partition and self.holds(later.low)


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
    stretches: list[Stretch],
) -> tuple[Response, bool]:
    """A page of these stretches, one after the other, and whether nothing can be after it."""
    source, forward = choice.source, request.get("ScanIndexForward", True)
    left = _left(stretches, pages.start_key(source, request), forward=forward)
    capacity.admit(ctx, source.table, "read", (source.index,))
    taken, sizes = pages.Taken(), []
    for stretch in left:
        before = taken.total
        entries = storage.within(
            ctx, source.space, stretch.partition, stretch.low, stretch.high, forward=forward
        )
        pages.take(taken, request.get("Limit"), choice, expressions, entries)
        sizes.append(taken.total - before)
        if taken.more:
            break
    is_over = len(sizes) == len(left) and left[-1:] != [] and left[-1].is_item and sizes[-1] > 0
    return pages.answered(ctx, request, choice, taken, sizes), is_over


def _left(
    stretches: list[Stretch], start: tuple[bytes, bytes] | None, *, forward: bool
) -> list[Stretch]:
    """What of the stretches comes after a key. ValidationException if that is in none of them."""
    if start is None:
        return stretches
    partition, sort = start
    for at, each in enumerate(stretches):
        if each.partition == partition and each.holds(sort):
            low, high = (sort + b"\x00", each.high) if forward else (each.low, sort)
            rest = [] if each.is_item else [replace(each, low=low, high=high)]
            return rest + stretches[at + 1 :]
    raise errors.StartKeyPredicate()


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
        raise errors.StartKeySegment(total=request["TotalSegments"], segment=request["Segment"])
    capacity.admit(ctx, source.table, "read", (source.index,))
    entries = storage.across(ctx, source.space, start or (low, b""), high)
    return pages.page(ctx, request, choice, expressions, entries)
