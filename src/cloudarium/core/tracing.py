"""X-Ray's tracing header, and the choice of which requests are traced.

https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html, "Tracing header",
"Sampling".
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from cloudarium.core.ids import Ids

HEADER = "X-Amzn-Trace-Id"
_ROOT = re.compile(r"1-[0-9a-f]{8}-[0-9a-f]{24}")
_ID = re.compile(r"[0-9a-f]{16}")
# As AWS's own services write it; others may order and pad the fields as they like.
_USUAL = re.compile(
    r"Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;Parent=([0-9a-f]{16}))?(?:;Sampled=([01]))?"
)
_LINEAGE = re.compile(r"[0-9a-f]{8}:\d{1,5}(\|[0-9a-f]{8}:\d{1,5})*")
_MOST_CHARACTERS = 512


class TraceHeader(NamedTuple):
    """`root` is the trace's id, `parent` a segment's, `sampled` `1`, `0` or "" (not decided).

    `lineage` is Lambda's, which alone reads it: what it detects recursive loops by.
    """

    root: str
    parent: str = ""
    sampled: str = ""
    lineage: str = ""

    def __str__(self) -> str:
        parts = [f"Root={self.root}"]
        if self.parent:
            parts.append(f"Parent={self.parent}")
        if self.sampled:
            parts.append(f"Sampled={self.sampled}")
        if self.lineage:
            parts.append(f"Lineage={self.lineage}")
        return ";".join(parts)

    def below(self, segment_id: str) -> TraceHeader:
        """Return the header that calls out of a segment carry, which is traced."""
        return self._replace(parent=segment_id, sampled="1")


def read(text: str) -> TraceHeader | None:
    """Return the tracing header `text` is, or None if it names no trace.

    Of what a function calls the header comes percent-encoded by botocore.
    """
    usual = _USUAL.fullmatch(text)
    if usual is not None:
        return TraceHeader(usual[1], usual[2] or "", usual[3] or "")
    if "%" in text:
        text = unquote(text)
    if not text or len(text) > _MOST_CHARACTERS:
        return None
    fields = dict(part.strip().partition("=")[::2] for part in text.split(";"))
    root, parent = fields.get("Root", ""), fields.get("Parent", "")
    if not _ROOT.fullmatch(root):
        return None
    sampled, lineage = fields.get("Sampled", ""), fields.get("Lineage", "")
    return TraceHeader(
        root,
        parent if _ID.fullmatch(parent) else "",
        sampled if sampled in ("0", "1") else "",
        lineage if _LINEAGE.fullmatch(lineage) else "",
    )


def new_trace_id(ids: Ids, now: float) -> str:
    """Return the id of a trace that begins at `now` (epoch seconds)."""
    return f"1-{int(now):08x}-{ids.hex(24)}"


def new_id(ids: Ids) -> str:
    """Return a new id of a segment."""
    return ids.hex(16)


class Reservoir:
    """So many requests are taken in a second, and of the others a part (0 to 1)."""

    def __init__(self) -> None:
        self._second = -1
        self._taken = 0

    def takes(self, size: int, rate: float, now: float, ids: Ids) -> bool:
        """Tell whether the request that comes at `now` (epoch seconds) is taken."""
        second = int(now)
        if second != self._second:
            self._second, self._taken = second, 0
        if self._taken < size:
            self._taken += 1
            return True
        return ids.fraction() < rate
