"""Traces for tests: segment documents, and how they are sent and found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


class Traces:
    """Sends segment documents and reads traces."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud = cloud
        self.client = cloud.client("xray")

    def trace_id(self, number: int = 1, ago: float = 0) -> str:
        """A trace's id, that began `ago` seconds back."""
        return f"1-{int(self.cloud.now - ago):08x}-{number:024x}"

    def segment(self, number: int = 1, **fields: Any) -> dict[str, Any]:
        """A segment of a second's length that ends now."""
        return {
            "trace_id": self.trace_id(),
            "id": f"{number:016x}",
            "name": "shop",
            "start_time": self.cloud.now - 1,
            "end_time": self.cloud.now,
            **fields,
        }

    def send(self, *documents: dict[str, Any] | str) -> list[dict[str, Any]]:
        """PutTraceSegments; those not processed."""
        texts = [each if isinstance(each, str) else json.dumps(each) for each in documents]
        answer = self.client.put_trace_segments(TraceSegmentDocuments=texts)
        refused: list[dict[str, Any]] = answer["UnprocessedTraceSegments"]
        return refused

    def found(self, expression: str = "", **options: Any) -> list[str]:
        """The ids of the traces of the last hour that match."""
        return [each["Id"] for each in self.summaries(FilterExpression=expression, **options)]

    def summaries(self, **options: Any) -> list[dict[str, Any]]:
        """The summaries of the last hour's traces."""
        now = self.cloud.now
        params = {"StartTime": now - 3600, "EndTime": now + 60, **options}
        pages = self.client.get_paginator("get_trace_summaries").paginate(**params)
        return [each for page in pages for each in page["TraceSummaries"]]

    def documents(self, trace_id: str | None = None) -> dict[str, dict[str, Any]]:
        """A trace's documents by id."""
        answer = self.client.batch_get_traces(TraceIds=[trace_id or self.trace_id()])
        return {
            each["Id"]: json.loads(each["Document"])
            for trace in answer["Traces"]
            for each in trace["Segments"]
        }


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]
