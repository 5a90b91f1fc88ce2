"""What a query sees of a log event: AWS's `@` fields, the fields of its JSON, Lambda's report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cloudarium.services.logs.patterns.json_pattern import embedded_object

Record = dict[str, Any]


class Instant(int):
    """A time in epoch milliseconds, which results show as a time."""


_REPORT = {
    "@requestId": re.compile(r"RequestId: ([0-9a-f-]{36})"),
    "@duration": re.compile(r"\tDuration: ([\d.]+) ms"),
    "@billedDuration": re.compile(r"Billed Duration: ([\d.]+) ms"),
    "@initDuration": re.compile(r"Init Duration: ([\d.]+) ms"),
    "@memorySize": re.compile(r"Memory Size: (\d+) MB"),
    "@maxMemoryUsed": re.compile(r"Max Memory Used: (\d+) MB"),
    "@xrayTraceId": re.compile(r"\nXRAY TraceId: ([0-9a-f-]+)"),
    "@xraySegmentId": re.compile(r"\tSegmentId: ([0-9a-f]+)"),
}
_KIND = re.compile(r"(START|END|REPORT) RequestId: ")
_MEGABYTE = 1_000_000


def record(message: str, at: int, ingested_at: int, stream: str, log: str, pointer: str) -> Record:
    """Return an event's record; times are epoch milliseconds."""
    found: Record = {
        "@timestamp": Instant(at),
        "@ingestionTime": Instant(ingested_at),
        "@message": message,
        "@logStream": stream,
        "@log": log,
        "@ptr": pointer,
    }
    document = embedded_object(message)
    if document is not None:
        found.update(_flat(document, ""))
    elif kind := _KIND.match(message):
        found["@type"] = kind[1]
        found.update(_report(message))
    return found


def _flat(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in items:
        name = f"{place}.{key}" if place else str(key)
        if isinstance(each, dict | list):
            yield from _flat(each, name)
        else:
            yield name, each


def _report(message: str) -> Iterator[tuple[str, Any]]:
    for name, pattern in _REPORT.items():
        if found := pattern.search(message):
            scale = _MEGABYTE if "emory" in name else 1
            yield name, found[1] if name.endswith("Id") else float(found[1]) * scale
