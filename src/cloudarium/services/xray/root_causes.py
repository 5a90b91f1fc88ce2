"""Where faults and errors of a trace come from: FaultRootCauses and ErrorRootCauses.

A cause is a way from the segment where it is first seen, over the calls that failed in the same
manner, down to the last of them: services, and in each the entities (subsegments) on the way.
"""

from __future__ import annotations

from typing import Any

from cloudarium.services.xray import health
from cloudarium.services.xray.documents import Document
from cloudarium.services.xray.traces import Segment, Trace

_MOST_CAUSES = 10
_MOST_STEPS = 100


def found(trace: Trace, kind: str) -> list[dict[str, Any]]:
    """Return the root causes of a kind, `fault` or `error`."""
    failed = [each for each in trace.segments if _failed(each.document, kind)]
    called = {each.parent.id for each in failed if each.parent is not None}
    deepest = [each for each in failed if each.id not in called]
    causes = []
    for segment in deepest[:_MOST_CAUSES]:
        way = _way(segment, kind)
        causes.append(
            {
                "Services": [_service(one, way, kind) for one in way],
                "ClientImpacting": way[0] is trace.root,
            }
        )
    return causes


def _failed(document: Document, kind: str) -> bool:
    return bool(getattr(health.of(document), kind))


def _way(segment: Segment, kind: str) -> list[Segment]:
    """Return the segments from the first that failed down to this one."""
    way = [segment]
    while (above := way[0].parent) is not None and len(way) < _MOST_STEPS:
        if not _failed(above.document, kind):
            break
        way.insert(0, above)
    return way


def _service(segment: Segment, way: list[Segment], kind: str) -> dict[str, Any]:
    service = segment.service
    position = way.index(segment)
    calls = way[position + 1].caller if position + 1 < len(way) else None
    return {
        "Name": service.name,
        "Names": [service.name],
        "Type": service.type or None,
        "AccountId": service.account or None,
        "EntityPath": [_entity(each) for each in _entities(segment.document, calls, kind)],
        "Inferred": segment.is_inferred,
    }


def _entities(document: Document, call: Document | None, kind: str) -> list[Document]:
    """Return the entities on the way through a segment, to `call` or as far as it failed."""
    path = [document]
    while len(path) < _MOST_STEPS:
        inner = path[-1].get("subsegments") or ()
        further = [each for each in inner if _failed(each, kind)]
        if path[-1] is call or not further:
            break
        is_on_way = call is not None and any(each is call for each in further)
        path.append(call if call is not None and is_on_way else further[0])
    return path


def _entity(document: Document) -> dict[str, Any]:
    cause = document.get("cause")
    listed = cause.get("exceptions") if isinstance(cause, dict) else None
    exceptions: list[Any] = listed if isinstance(listed, list) else []
    return {
        "Name": str(document["name"]),
        "Exceptions": [
            {"Name": _text(each.get("type")), "Message": _text(each.get("message"))}
            for each in exceptions
            if isinstance(each, dict)
        ],
        "Remote": document.get("namespace") in ("aws", "remote"),
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
