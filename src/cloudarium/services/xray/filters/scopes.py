"""What a filter expression looks at: a trace, a service in it, or an edge between two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cloudarium.services.xray.documents import Document
from cloudarium.services.xray.traces import Segment, Trace


@dataclass(frozen=True)
class Scope:
    """A trace as a whole, or one of its segments.

    `document` is where values come from: the trace's root's, the segment's, or that of the call
    (of an edge) as its caller saw it.
    """

    trace: Trace
    segment: Segment
    document: Document
    is_whole: bool = False


Selector = Callable[[Trace], list[Scope]]


@dataclass(frozen=True)
class ServiceName:
    """What a service is asked for by; what is empty does not matter."""

    name: str = ""
    type: str = ""
    account: str = ""

    def fits(self, segment: Segment) -> bool:
        """Tell whether a segment is of this service."""
        service, document = segment.service, segment.document
        return (
            (not self.name or self.name in (service.name, document["name"]))
            and (not self.type or self.type == service.type)
            and (not self.account or self.account == service.account)
        )


def of_trace(trace: Trace) -> Scope:
    """Return a trace as a whole."""
    return Scope(trace, trace.root, trace.root.document, is_whole=True)


def services(trace: Trace, name: ServiceName) -> list[Scope]:
    """Return the segments of services of that name."""
    return [Scope(trace, each, each.document) for each in trace.segments if name.fits(each)]


def edges(trace: Trace, source: ServiceName, destination: ServiceName) -> list[Scope]:
    """Return the segments that one service called another for."""
    return [
        Scope(trace, each, each.caller or each.document)
        for each in trace.segments
        if each.parent and source.fits(each.parent) and destination.fits(each)
    ]
