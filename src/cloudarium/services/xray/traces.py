"""A trace as its documents tell it: segments with their subsegments, and inferred segments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.xray import inference, segments
from cloudarium.services.xray.documents import Document

# What only a subsegment that is sent on its own has.
_ENVELOPE = ("type", "trace_id", "parent_id")
_DEEPEST = 100  # how deep those are put into one another


@dataclass(frozen=True)
class Segment:
    """A segment. `caller` is the subsegment (or segment) it was called from, in `parent`."""

    document: Document
    account: str
    parent: Segment | None = None
    caller: Document | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.document["id"])

    @property
    def is_inferred(self) -> bool:
        """Whether it stands for a service that sends no segments."""
        return bool(self.document.get("inferred"))

    @cached_property
    def service(self) -> inference.Service:
        """The service it is of."""
        return inference.service_of(self.document, self.account)


@dataclass(frozen=True)
class Trace:
    """A trace. `strays` are subsegments whose segment has not come."""

    id: str
    segments: list[Segment]
    strays: list[Document] = field(default_factory=list)

    @cached_property
    def root(self) -> Segment:
        """The segment the trace begins with."""
        tops = [segment for segment in self.segments if segment.parent is None]
        return min(tops, key=lambda segment: started(segment.document))

    @cached_property
    def start(self) -> float:
        """When its first segment started, epoch seconds."""
        return min(started(each) for each in self._all())

    @cached_property
    def end(self) -> float:
        """When its last segment ended, epoch seconds."""
        return max(ended(each) for each in self._all())

    @property
    def duration(self) -> float:
        """Seconds from its start to its end."""
        return round(self.end - self.start, 3)

    @property
    def is_partial(self) -> bool:
        """Whether a segment of it is in progress."""
        return any(each.get("in_progress") for each in self._all())

    def _all(self) -> list[Document]:
        return [segment.document for segment in self.segments] + self.strays


def load(ctx: Context, trace_id: str) -> Trace | None:
    """Return a trace, None if nothing of it is kept."""
    documents = segments.documents_of(ctx, trace_id)
    return assemble(trace_id, documents, ctx.account) if documents else None


def assemble(trace_id: str, documents: list[Document], account: str) -> Trace:
    """Return the trace that documents tell of; `account` is where they were sent."""
    tops = [each for each in documents if each.get("type") != "subsegment"]
    loose = [each for each in documents if each.get("type") == "subsegment"]
    if not tops:
        known = {one["id"] for each in loose for one in (each, *within(each))}
        tops = [each for each in loose if each["parent_id"] not in known] or loose[:1]
        loose = [each for each in loose if all(each is not top for top in tops)]
    strays = _attach(tops, sorted(loose, key=started))
    tops.sort(key=lambda each: (started(each), each["id"]))
    called = {each.get("parent_id") for each in tops}
    inferred = [
        inference.inferred(trace_id, one)
        for top in tops
        for one in within(top)
        if one["id"] not in called and inference.is_call(one)
    ]
    return Trace(trace_id, _linked(tops, inferred, account), strays)


def _attach(tops: list[Document], loose: list[Document]) -> list[Document]:
    """Put subsegments that came on their own where they belong; return those without a place."""
    waiting: dict[str, list[Document]] = {}
    for each in loose:
        waiting.setdefault(each["parent_id"], []).append(each)
    strays = []
    places = [(one, 0) for top in tops for one in (top, *within(top))]
    for place, depth in places:
        for each in waiting.pop(place["id"], ()):
            if depth >= _DEEPEST:
                strays.append(each)
                continue
            for name in _ENVELOPE:
                each.pop(name, None)
            place.setdefault("subsegments", []).append(each)
            places += [(one, depth + 1) for one in (each, *within(each))]
    return strays + [each for children in waiting.values() for each in children]


def _linked(tops: list[Document], inferred: list[Document], account: str) -> list[Segment]:
    """Return the documents as segments, each with the one it was called from."""
    places = {one["id"]: (one, top) for top in tops for one in (top, *within(top))}
    made: dict[str, Segment] = {}
    for document in (*tops, *inferred):
        chain: dict[str, Document] = {}
        link: Document | None = document
        while link is not None and link["id"] not in made and link["id"] not in chain:
            chain[link["id"]] = link
            link = places.get(link.get("parent_id", ""), (None, None))[1]
        for each in reversed(chain.values()):
            caller, top = places.get(each.get("parent_id", ""), (None, None))
            parent = made.get(top["id"]) if top else None
            made[each["id"]] = Segment(each, account, parent, caller if parent else None)
    return [made[each["id"]] for each in (*tops, *inferred)]


def within(document: Document) -> Iterator[Document]:
    """Yield the subsegments of a document, and theirs."""
    waiting = list(document.get("subsegments") or ())
    for each in waiting:
        yield each
        waiting += each.get("subsegments") or ()


def started(document: Document) -> float:
    """Return when it started, epoch seconds."""
    return float(document["start_time"])


def ended(document: Document) -> float:
    """Return when it ended, epoch seconds; for one in progress, when it started."""
    end = document.get("end_time")
    return started(document) if end is None else float(end)


def seconds(document: Document) -> float:
    """Return how long it took."""
    return round(ended(document) - started(document), 3)


def http_part(document: Document, part: str) -> dict[str, Any]:
    """Return what a document says of its HTTP `request` or `response`."""
    found = (document.get("http") or {}).get(part)
    return found if isinstance(found, dict) else {}
