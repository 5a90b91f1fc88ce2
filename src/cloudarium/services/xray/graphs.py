"""Service graphs: the services that traces went through, and who called whom.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html, "Retrieving the service
graph".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cloudarium.services.xray.documents import Document
from cloudarium.services.xray.inference import Service
from cloudarium.services.xray.statistics import Statistics
from cloudarium.services.xray.traces import Segment, Trace

_CLIENT = "client"


@dataclass
class _Node:
    reference: int
    service: Service
    is_active: bool = False
    is_root: bool = False
    statistics: Statistics = field(default_factory=Statistics)
    edges: dict[int, Statistics] = field(default_factory=dict)


class Graph:
    """A service graph in the making."""

    def __init__(self) -> None:
        self._nodes: dict[Service, _Node] = {}

    def add(self, trace: Trace) -> None:
        """Add the services and calls of a trace."""
        for segment in trace.segments:
            node = self._node(segment.service)
            node.is_active |= not segment.is_inferred
            node.statistics.add(segment.document)
            if segment is trace.root:
                node.is_root = True
                client = self._node(Service(segment.service.name, _CLIENT, ""))
                client.statistics.add(segment.document)
                self._edge(client, node, segment.document)
            elif segment.parent is not None:
                caller = self._node(segment.parent.service)
                self._edge(caller, node, _as_called(segment))

    def _edge(self, source: _Node, target: _Node, document: Document) -> None:
        source.edges.setdefault(target.reference, Statistics()).add(document)

    def _node(self, service: Service) -> _Node:
        found = self._nodes.get(service)
        if found is None:
            found = self._nodes[service] = _Node(len(self._nodes), service)
        return found

    def told(self) -> list[dict[str, Any]]:
        """Return it as the shape `ServiceList`."""
        return [_told(node) for node in self._nodes.values()]


def _as_called(segment: Segment) -> Document:
    """Return the call as its caller saw it; of a call without a subsegment, as it was served."""
    caller = segment.caller
    if caller is None or segment.parent is None or caller is segment.parent.document:
        return segment.document
    return caller


def _told(node: _Node) -> dict[str, Any]:
    service, statistics = node.service, node.statistics
    is_client = service.type == _CLIENT
    told: dict[str, Any] = {
        "ReferenceId": node.reference,
        "Name": service.name,
        "Names": [service.name],
        "Root": True if node.is_root else None,
        "AccountId": service.account or None,
        "Type": service.type or None,
        "State": "active" if node.is_active else "unknown",
        "StartTime": statistics.start,
        "EndTime": statistics.end,
        "Edges": [_edge(target, each) for target, each in node.edges.items()],
    }
    if not is_client:
        told["SummaryStatistics"] = statistics.summary()
        told["DurationHistogram"] = told["ResponseTimeHistogram"] = statistics.spread()
    return told


def _edge(target: int, statistics: Statistics) -> dict[str, Any]:
    return {
        "ReferenceId": target,
        "StartTime": statistics.start,
        "EndTime": statistics.end,
        "SummaryStatistics": statistics.summary(),
        "ResponseTimeHistogram": statistics.spread(),
        "Aliases": [],
    }
