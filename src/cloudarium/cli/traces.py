"""`cloudarium traces`: which requests were traced, and one of them as a tree."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from cloudarium.cli import place
from cloudarium.cli.settings import SettingsError, seconds

_MARKS = (("fault", "FAULT"), ("throttle", "THROTTLE"), ("error", "ERROR"))
_Document = dict[str, Any]


def run(options: argparse.Namespace) -> int:
    """List the traces, the oldest first, or print the one that is named."""
    cloud = place.required(options.dir)
    xray = place.client(cloud, "xray")
    if options.id:
        _show(xray, options.id)
        return 0
    end = place.control(cloud, "time")["now"]
    frame = {"StartTime": end - seconds(options.since), "EndTime": end + 1}
    pages = xray.get_paginator("get_trace_summaries").paginate(
        **frame, FilterExpression=options.filter
    )
    try:
        found = [each for page in pages for each in page["TraceSummaries"]]
    except ClientError as error:
        raise SettingsError(error.response["Error"]["Message"]) from None
    for summary in sorted(found, key=lambda each: each["StartTime"]):
        print(_line(summary))
    return 0


def _line(summary: _Document) -> str:
    http = summary.get("Http", {})
    asked = [str(http[name]) for name in ("HttpMethod", "HttpURL", "HttpStatus") if name in http]
    flags = {kind: summary[f"Has{kind.capitalize()}"] for kind, _ in _MARKS}
    moment = summary["StartTime"].astimezone(UTC)
    words = [
        f"{moment:%H:%M:%S}",
        summary["Id"],
        f"{_milliseconds(summary['Duration']):>9}",
        f"{_mark(flags) or 'ok':<8}",
        summary["EntryPoint"]["Name"],
        *asked,
    ]
    return " ".join(words)


def _show(xray: Any, identity: str) -> None:
    traces = xray.batch_get_traces(TraceIds=[identity])["Traces"]
    if not traces:
        raise SettingsError(f"there is no trace {identity}")
    (trace,) = traces
    documents = [json.loads(each["Document"]) for each in trace["Segments"]]
    start = min(each["start_time"] for each in documents)
    moment = datetime.fromtimestamp(start, UTC)
    print(f"{identity}  {moment:%Y-%m-%d %H:%M:%S}  {_milliseconds(trace['Duration'])}")
    for line in _tree(documents, start):
        print(line)


def _tree(documents: list[_Document], start: float) -> Iterator[str]:
    """Yield a trace's lines: every segment below the call it was made for."""
    called: dict[str, list[_Document]] = {}
    for each in documents:
        called.setdefault(each.get("parent_id", ""), []).append(each)
    known = {one["id"] for each in documents for one in _all(each)}
    tops = [each for each in documents if each.get("parent_id", "") not in known]
    waiting = [(each, "", each is tops[-1]) for each in reversed(tops)]
    while waiting:
        document, indent, is_last = waiting.pop()
        yield f"{indent}{'└─ ' if is_last else '├─ '}{_described(document, start)}"
        inner = [*document.get("subsegments", ()), *called.pop(document["id"], ())]
        inner.sort(key=lambda each: each["start_time"])
        below = indent + ("   " if is_last else "│  ")
        waiting += [(each, below, each is inner[-1]) for each in reversed(inner)]


def _all(document: _Document) -> Iterator[_Document]:
    waiting = [document]
    for each in waiting:
        yield each
        waiting += each.get("subsegments", ())


def _described(document: _Document, start: float) -> str:
    began = document["start_time"]
    kind = document.get("origin") or document.get("namespace", "")
    status = _part(_part(document, "http"), "response").get("status")
    words = [
        document["name"],
        f"({kind})" if kind else "",
        _milliseconds(document["end_time"] - began) if "end_time" in document else "in progress",
        f"at {_milliseconds(began - start)}",
        str(status or ""),
        _mark(document),
        _cause(document),
    ]
    return "  ".join(word for word in words if word)


def _mark(flags: _Document) -> str:
    return next((mark for kind, mark in _MARKS if flags.get(kind)), "")


def _cause(document: _Document) -> str:
    exceptions = _part(document, "cause").get("exceptions")
    if not isinstance(exceptions, list) or not exceptions or not isinstance(exceptions[0], dict):
        return ""
    text = f"{exceptions[0].get('type', '')}: {exceptions[0].get('message', '')}"
    return (text.splitlines() or [""])[0]


def _part(document: _Document, name: str) -> _Document:
    """Return an object within a document, empty if it is none: documents are others' own."""
    found = document.get(name)
    return found if isinstance(found, dict) else {}


def _milliseconds(amount: float) -> str:
    return f"{amount * 1000:.0f} ms"
