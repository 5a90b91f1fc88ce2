"""Segment documents: what of them is accepted, and why the rest is not.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.documents import json_object
from cloudarium.services.xray import limits

Document = dict[str, Any]

_ID = re.compile(r"[0-9a-fA-F]{16}")
_TRACE_ID = re.compile(r"1-([0-9a-fA-F]{8})-[0-9a-fA-F]{24}")
_NAME = re.compile(r"[\w\s.:/%&#=+\\\-@]+")
_OBJECTS = ("http", "aws", "service", "annotations", "metadata", "sql")


@dataclass(frozen=True)
class Sent:
    """An accepted document, and its JSON.

    Times are epoch seconds; `finished` is None while it is in progress.
    """

    trace_id: str
    began: int
    id: str
    text: str
    started: float
    finished: float | None


@dataclass(frozen=True)
class Refusal:
    """Why a document was not processed: an UnprocessedTraceSegment."""

    id: str | None
    code: str
    is_subsegment: bool = False

    @property
    def message(self) -> str:
        """The message, as X-Ray words it."""
        kind = "subsegment" if self.is_subsegment else "segment"
        return f"Invalid {kind}. ErrorCode: {self.code}"


class _Invalid(Exception):
    """The document is refused with a code."""


def checked(text: str, now: float) -> Sent | Refusal:
    """Return the document that `text` spells, or why it is refused at `now` (epoch seconds)."""
    document = json_object(text)
    if document is None:
        return Refusal(None, "ParseError")
    try:
        kept = orjson.dumps(document).decode()
    except orjson.JSONEncodeError:  # nested more deeply than it could be told again
        return Refusal(None, "ParseError")
    identity = document.get("id")
    is_subsegment = document.get("type") == "subsegment"
    try:
        if len(text.encode()) > limits.SEGMENT_BYTES:
            raise _Invalid("SegmentTooLarge")
        _check(document, is_subsegment=is_subsegment)
        if is_subsegment and not _is_id(document.get("parent_id")):
            raise _Invalid("MissingParentId" if "parent_id" not in document else "InvalidParentId")
        began = _began(document.get("trace_id"), now)
    except _Invalid as invalid:
        shown = identity if isinstance(identity, str) else None
        return Refusal(shown, str(invalid), is_subsegment)
    end = document.get("end_time")
    finished = None if end is None or document.get("in_progress") is True else float(end)
    started = float(document["start_time"])
    return Sent(document["trace_id"].lower(), began, document["id"], kept, started, finished)


def _began(trace_id: Any, now: float) -> int:
    if trace_id is None:
        raise _Invalid("MissingTraceId")
    match = _TRACE_ID.fullmatch(trace_id) if isinstance(trace_id, str) else None
    if match is None:
        raise _Invalid("InvalidTraceId")
    began = int(match[1], 16)
    if began < now - limits.RETENTION_SECONDS:
        raise _Invalid("InvalidTraceId")
    return began


def _check(document: Document, *, is_subsegment: bool) -> None:
    """Raise _Invalid unless the fields, here and in the subsegments, are as they must be."""
    waiting = [(document, is_subsegment)]
    for each, is_sub in waiting:
        _check_fields(each, is_subsegment=is_sub)
        inner = each.get("subsegments", [])
        if not isinstance(inner, list) or not all(isinstance(one, dict) for one in inner):
            raise _Invalid("InvalidSubsegments")
        waiting += [(one, True) for one in inner]


def _check_fields(document: Document, *, is_subsegment: bool) -> None:
    if "id" not in document:
        raise _Invalid("MissingId")
    if not _is_id(document["id"]):
        raise _Invalid("InvalidId")
    if "name" not in document:
        raise _Invalid("MissingName")
    most = limits.SUBSEGMENT_NAME_CHARACTERS if is_subsegment else limits.NAME_CHARACTERS
    name = document["name"]
    if not isinstance(name, str) or len(name) > most or not _NAME.fullmatch(name):
        raise _Invalid("InvalidName")
    _check_times(document)
    if "parent_id" in document and not _is_id(document["parent_id"]):
        raise _Invalid("InvalidParentId")
    for field in _OBJECTS:
        if not isinstance(document.get(field) or {}, dict):
            raise _Invalid(f"Invalid{field.capitalize()}")


def _check_times(document: Document) -> None:
    if "start_time" not in document:
        raise _Invalid("MissingStartTime")
    if not _is_number(document["start_time"]):
        raise _Invalid("InvalidStartTime")
    if document.get("in_progress") is True:
        return
    if document.get("end_time") is None:
        raise _Invalid("MissingEndTime")
    if not _is_number(document["end_time"]):
        raise _Invalid("InvalidEndTime")


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
