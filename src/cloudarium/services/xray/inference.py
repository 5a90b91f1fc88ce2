"""What a document says of the service it is of, and of services that send no segments.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html, "Subsegments", and
https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html, "Retrieving traces".
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from cloudarium.services.xray.documents import Document

_COPIED = ("http", "aws", "sql", "error", "fault", "throttle", "cause", "in_progress")
# What a call names its resource by, and the type of the resource. SDKs spell services their way.
_RESOURCES = {
    "dynamodb": ("table_name", "AWS::DynamoDB::Table"),
    "sqs": ("queue_url", "AWS::SQS::Queue"),
    "s3": ("bucket_name", "AWS::S3::Bucket"),
    "lambda": ("function_name", "AWS::Lambda"),
}
_SERVICES = {
    "dynamodb": "DynamoDB",
    "events": "Events",
    "lambda": "Lambda",
    "s3": "S3",
    "sns": "SNS",
    "sqs": "SQS",
}
_DATABASE = "Database::SQL"
_REMOTE = "remote"


class Service(NamedTuple):
    """A node of the service graph."""

    name: str
    type: str
    account: str


def is_call(subsegment: Document) -> bool:
    """Tell whether a subsegment is a call of a service that sends no segment of its own."""
    if subsegment.get("namespace") not in ("aws", _REMOTE):
        return False
    request = (subsegment.get("http") or {}).get("request") or {}
    return not (isinstance(request, dict) and request.get("traced"))


def inferred(trace_id: str, call: Document) -> Document:
    """Return the segment of the service that a subsegment calls."""
    identity = hashlib.sha256(f"{trace_id}/{call['id']}".encode()).hexdigest()[:16]
    name = str(call["name"])
    segment: Document = {
        "id": identity,
        "name": _SERVICES.get(name.lower(), name) if call.get("namespace") == "aws" else name,
        "start_time": call["start_time"],
        "trace_id": trace_id,
        "end_time": call.get("end_time"),
        "parent_id": call["id"],
        "inferred": True,
        **{field: call[field] for field in _COPIED if field in call},
    }
    if call.get("namespace") == "aws":
        segment["origin"] = _type_of(name, call.get("aws") or {})
    return {field: value for field, value in segment.items() if value is not None}


def _type_of(name: str, details: dict[str, Any]) -> str:
    key, kind = _RESOURCES.get(name.lower(), ("", ""))
    if key and (details.get(key) or details.get("resource_names")):
        return kind
    return f"AWS::{_SERVICES.get(name.lower(), name)}"


def service_of(document: Document, account: str) -> Service:
    """Return the service a segment is of; `account` is where it was sent."""
    details = document.get("aws") or {}
    owner = str(details.get("account_id") or account)
    origin = document.get("origin")
    if not document.get("inferred"):
        return Service(str(document["name"]), str(origin or ""), owner)
    if isinstance(origin, str):
        return Service(_resource(document, origin) or str(document["name"]), origin, owner)
    kind = _DATABASE if document.get("sql") else _REMOTE
    return Service(str(document["name"]), kind, "")


def _resource(document: Document, origin: str) -> str:
    details = document.get("aws") or {}
    for key, kind in _RESOURCES.values():
        if kind == origin:
            names = details.get("resource_names") or [""]
            return str(details.get(key) or (names[0] if isinstance(names, list) else ""))
    return ""
