"""What GetTraceSummaries tells of a trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cloudarium.services.xray import health, root_causes, traces
from cloudarium.services.xray.documents import Document
from cloudarium.services.xray.inference import Service
from cloudarium.services.xray.segments import TraceRow
from cloudarium.services.xray.traces import Segment, Trace

_HTTP = {
    "HttpURL": ("request", "url", str),
    "HttpStatus": ("response", "status", int),
    "HttpMethod": ("request", "method", str),
    "UserAgent": ("request", "user_agent", str),
    "ClientIp": ("request", "client_ip", str),
}


def summary(trace: Trace, row: TraceRow) -> dict[str, Any]:
    """Return a TraceSummary."""
    root = trace.root
    found = health.of(root.document)
    return {
        "Id": trace.id,
        "StartTime": trace.start,
        "Duration": trace.duration,
        "ResponseTime": traces.seconds(root.document),
        "HasFault": found.fault,
        "HasError": found.error,
        "HasThrottle": any(health.of(each.document).throttle for each in trace.segments),
        "IsPartial": trace.is_partial,
        "Http": http(root.document),
        "Annotations": _annotations(trace),
        "Users": _users(trace),
        "ServiceIds": _service_ids(each.service for each in trace.segments),
        "ResourceARNs": [{"ARN": arn} for arn in distinct(resource_arns(trace))],
        "InstanceIds": [{"Id": each} for each in distinct(of_instance(trace, "instance_id"))],
        "AvailabilityZones": [
            {"Name": each} for each in distinct(of_instance(trace, "availability_zone"))
        ],
        "EntryPoint": service_id(root.service),
        "FaultRootCauses": root_causes.found(trace, "fault"),
        "ErrorRootCauses": root_causes.found(trace, "error"),
        "ResponseTimeRootCauses": [],
        "Revision": row.revision,
    }


def http(document: Document) -> dict[str, Any]:
    """Return what a document says of the HTTP request it served, as the shape `Http`."""
    found = {}
    for name, (part, field, kind) in _HTTP.items():
        value = traces.http_part(document, part).get(field)
        if isinstance(value, kind) and not isinstance(value, bool):
            found[name] = value
    return found


def service_id(service: Service) -> dict[str, Any]:
    """Return a service as the shape `ServiceId`."""
    return {
        "Name": service.name,
        "Names": [service.name],
        "AccountId": service.account or None,
        "Type": service.type or None,
    }


def _service_ids(services: Iterator[Service]) -> list[dict[str, Any]]:
    return [service_id(each) for each in dict.fromkeys(services)]


def annotated(trace: Trace) -> Iterator[tuple[str, Any, Segment]]:
    """Yield every annotation of the trace: its name, its value, and the segment it is in."""
    for segment in trace.segments:
        if segment.is_inferred:
            continue
        for document in (segment.document, *traces.within(segment.document)):
            for name, value in (document.get("annotations") or {}).items():
                if isinstance(value, str | int | float):
                    yield name, value, segment


def _annotations(trace: Trace) -> dict[str, list[dict[str, Any]]]:
    services: dict[tuple[str, str, Any], list[Service]] = {}
    for name, value, segment in annotated(trace):
        kind = _kind(value)
        services.setdefault((name, kind, value), []).append(segment.service)
    found: dict[str, list[dict[str, Any]]] = {}
    for (name, kind, value), owners in services.items():
        found.setdefault(name, []).append(
            {"AnnotationValue": {kind: value}, "ServiceIds": _service_ids(iter(owners))}
        )
    return found


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "BooleanValue"
    return "StringValue" if isinstance(value, str) else "NumberValue"


def _users(trace: Trace) -> list[dict[str, Any]]:
    owners: dict[str, list[Service]] = {}
    for segment in trace.segments:
        user = segment.document.get("user")
        if isinstance(user, str):
            owners.setdefault(user, []).append(segment.service)
    return [
        {"UserName": user, "ServiceIds": _service_ids(iter(services))}
        for user, services in owners.items()
    ]


def resource_arns(trace: Trace) -> Iterator[str]:
    """Yield the ARNs of the resources that segments are of."""
    for segment in trace.segments:
        arn = segment.document.get("resource_arn")
        if isinstance(arn, str):
            yield arn


def of_instance(trace: Trace, field: str) -> Iterator[str]:
    """Yield what segments say of their EC2 instance: `instance_id` or `availability_zone`."""
    for segment in trace.segments:
        instance = (segment.document.get("aws") or {}).get("ec2")
        value = instance.get(field) if isinstance(instance, dict) else None
        if isinstance(value, str):
            yield value


def distinct(values: Iterator[str]) -> list[str]:
    """Return values without repetitions."""
    return list(dict.fromkeys(values))
