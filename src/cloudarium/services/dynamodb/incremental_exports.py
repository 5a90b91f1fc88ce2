"""Incremental exports: what the items changed in a period were before it, and are at its end.

A job lists the changed items in the export's space, each with its images: first as the history has
them, then as the table has them now, then with all undone that was changed after the period.
Source: Developer Guide, "DynamoDB table export output format", incremental export output.
"""

import struct
from typing import Any, NamedTuple

from cloudarium.core.context import Context

from . import codec, exports, history, storage
from .export_filters import Filter
from .tables import Table
from .ttl import Place

_AT_ONCE = 500
_HEAD = struct.Struct(">QI")

Payload = dict[str, Any]


class Changed(NamedTuple):
    """An item that changed: when last, in microseconds, and what is stored of it; empty if none."""

    at: int
    old: bytes
    new: bytes

    def packed(self) -> bytes:
        """As it is kept."""
        return _HEAD.pack(self.at, len(self.old)) + self.old + self.new

    @classmethod
    def unpacked(cls, kept: bytes) -> "Changed":
        """From what is kept."""
        at, length = _HEAD.unpack_from(kept)
        end = _HEAD.size + length
        return cls(at, kept[_HEAD.size : end], kept[end:])


def collect(ctx: Context, payload: Payload) -> None:
    """Lists the items that changed, bit by bit; then they can be written."""
    source = exports.source_of(ctx, payload)
    if source is None:
        return
    following = _STEPS[payload["phase"]](ctx, source, payload)
    if following is not None:
        ctx.schedule("export_changes", {**payload, **following})
    else:
        exports.begin_writing(ctx, payload)


def _collect(ctx: Context, source: Table, payload: Payload) -> Payload | None:
    after = bytes.fromhex(payload["after"]) if payload["after"] else None
    changes = history.forwards(ctx, source, payload["from"], payload["to"], after)
    for number, (key, place, before) in enumerate(changes):
        if number == _AT_ONCE:
            return {"after": after.hex() if after else ""}
        after = key
        known = _known(ctx, payload, place)
        old = before if known is None else known.old
        _keep(ctx, payload, place, Changed(int.from_bytes(key[:8], "big"), old, b""))
    return {"phase": "copy", "partition": "", "sort": ""}


def _copy(ctx: Context, source: Table, payload: Payload) -> Payload | None:
    start = bytes.fromhex(payload["partition"]), bytes.fromhex(payload["sort"])
    entries = storage.across(ctx, payload["space"], start, None)
    for number, (partition, sort, kept) in enumerate(entries):
        if number == _AT_ONCE:
            return {"partition": start[0].hex(), "sort": start[1].hex()}
        start = partition, sort
        present = storage.get(ctx, source.space, *start) or b""
        _keep(ctx, payload, start, Changed.unpacked(kept)._replace(new=present))
    return {"phase": "undo", "before": ""}


def _undo(ctx: Context, source: Table, payload: Payload) -> Payload | None:
    before = bytes.fromhex(payload["before"]) if payload["before"] else None
    changes = history.backwards(ctx, source, payload["to"], before, inclusive=True)
    for number, (key, place, data) in enumerate(changes):
        if number == _AT_ONCE:
            return {"before": before.hex() if before else ""}
        before = key
        known = _known(ctx, payload, place)
        if known is not None:
            _keep(ctx, payload, place, known._replace(new=data))
    return None


_STEPS = {"collect": _collect, "copy": _copy, "undo": _undo}


def _known(ctx: Context, payload: Payload, place: Place) -> Changed | None:
    kept = storage.get(ctx, payload["space"], *place)
    return None if kept is None else Changed.unpacked(kept)


def _keep(ctx: Context, payload: Payload, place: Place, changed: Changed) -> None:
    storage.put(ctx, payload["space"], (*place, changed.packed()), 0, 0)


def shown(payload: Payload, kept: bytes, chosen: Filter) -> dict[str, Any] | None:
    """A changed item as data files have it; None if it was neither before nor after.

    Filters are asked about what it is at the end, or was, if it is no more.
    """
    changed = Changed.unpacked(kept)
    old, new = (codec.decode(data) if data else {} for data in changed[1:])
    if not (old or new) or not chosen.accepts(new or old):
        return None
    found: dict[str, Any] = {
        "Metadata": {"WriteTimestampMicros": {"N": str(changed.at)}},
        "Keys": {name: (new or old)[name] for name in payload["keys"]},
    }
    if old and payload["view"] == "NEW_AND_OLD_IMAGES":
        found["OldImage"] = chosen.picked(old)
    if new:
        found["NewImage"] = chosen.picked(new)
    return found
