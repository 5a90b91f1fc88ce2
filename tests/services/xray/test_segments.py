"""PutTraceSegments, BatchGetTraces: what is accepted, and how traces are put together."""

from __future__ import annotations

import json

import pytest

from cloudarium.pytest_plugin import CloudUnderTest

from .support import Traces, refused

_DAY = 86_400


def test_a_segment_is_told_as_it_was_sent(traces: Traces) -> None:
    segment = traces.segment(annotations={"cart": 3}, metadata={"default": {"any": [1, None]}})
    assert traces.send(segment) == []
    answer = traces.client.batch_get_traces(TraceIds=[traces.trace_id(), traces.trace_id(9)])
    assert answer["UnprocessedTraceIds"] == []
    (trace,) = answer["Traces"]
    assert (trace["Id"], trace["Duration"]) == (traces.trace_id(), 1.0)
    assert trace["LimitExceeded"] is False
    assert json.loads(trace["Segments"][0]["Document"]) == segment
    assert trace["Segments"][0]["Id"] == segment["id"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": None}, "MissingId"),
        ({"id": "short"}, "InvalidId"),
        ({"trace_id": None}, "MissingTraceId"),
        ({"trace_id": "1-5-6"}, "InvalidTraceId"),
        ({"trace_id": f"1-58406520-{'a' * 24}"}, "InvalidTraceId"),
        ({"name": None}, "MissingName"),
        ({"name": "who?"}, "InvalidName"),
        ({"name": "n" * 201}, "InvalidName"),
        ({"start_time": None}, "MissingStartTime"),
        ({"start_time": "now"}, "InvalidStartTime"),
        ({"end_time": None}, "MissingEndTime"),
        ({"metadata": {"long": "x" * 65_536}}, "SegmentTooLarge"),
    ],
)
def test_a_wrong_segment_is_not_processed_and_the_others_are(
    traces: Traces, change: dict[str, object], code: str
) -> None:
    wrong = {**traces.segment(2), **change}
    document = {name: value for name, value in wrong.items() if value is not None}
    (answer,) = traces.send(document, traces.segment(1))
    shown = document.get("id")
    assert answer.pop("Id", None) == shown
    assert answer == {"ErrorCode": code, "Message": f"Invalid segment. ErrorCode: {code}"}
    assert list(traces.documents()) == [traces.segment()["id"]]


def test_what_is_no_json_object_is_a_parse_error(traces: Traces) -> None:
    deep = '{"a":' * 300 + "1" + "}" * 300
    answers = traces.send("{", "[]", '"text"', deep)
    assert [each["ErrorCode"] for each in answers] == ["ParseError"] * 4
    assert all("Id" not in each for each in answers)


def test_a_subsegment_sent_alone_needs_its_parent(traces: Traces) -> None:
    (answer,) = traces.send(traces.segment(type="subsegment"))
    assert answer["ErrorCode"] == "MissingParentId"
    assert answer["Message"] == "Invalid subsegment. ErrorCode: MissingParentId"


def test_a_complete_segment_replaces_one_in_progress(traces: Traces) -> None:
    complete = traces.segment()
    begun = {name: value for name, value in complete.items() if name != "end_time"}
    traces.send({**begun, "in_progress": True})
    assert traces.summaries()[0]["IsPartial"] is True
    traces.send(complete)
    traces.send({**begun, "in_progress": True})
    assert traces.documents()[complete["id"]] == complete
    assert traces.summaries()[0]["IsPartial"] is False


def test_subsegments_sent_alone_stand_in_their_segment_in_any_order(traces: Traces) -> None:
    inner = traces.segment(3, type="subsegment", parent_id=f"{2:016x}", name="## inner")
    outer = traces.segment(2, type="subsegment", parent_id=f"{1:016x}", name="## outer")
    traces.send(inner, outer)
    assert list(traces.documents()) == [outer["id"]]
    traces.send(traces.segment(1))
    (segment,) = traces.documents().values()
    (found,) = segment["subsegments"]
    assert found["name"] == "## outer"
    assert found["subsegments"][0]["name"] == "## inner"
    assert not {"type", "trace_id", "parent_id"} & found.keys()


def test_subsegments_in_a_circle_or_without_a_segment_are_told_beside(traces: Traces) -> None:
    one = traces.segment(2, type="subsegment", parent_id=f"{3:016x}")
    other = traces.segment(3, type="subsegment", parent_id=f"{2:016x}")
    lost = traces.segment(4, type="subsegment", parent_id=f"{9:016x}")
    traces.send(one, other, lost)
    assert len(traces.documents()) == 3
    traces.send(traces.segment(1))
    assert set(traces.documents()) == {f"{number:016x}" for number in (1, 2, 3, 4)}
    assert len(traces.found()) == 1


def test_a_long_chain_of_subsegments_and_segments_is_told(traces: Traces) -> None:
    chain = [
        traces.segment(number, type="subsegment", parent_id=f"{number - 1:016x}")
        for number in range(2, 600)
    ]
    segments = [
        traces.segment(number, trace_id=traces.trace_id(2), parent_id=f"{number - 1:016x}")
        for number in range(1, 2000)
    ]
    traces.send(traces.segment(1), *chain)
    traces.send(*segments)
    assert len(traces.documents(traces.trace_id(2))) == 1999
    assert f"{1:016x}" in traces.documents()
    assert len(traces.found()) == 2


def test_calls_of_services_that_send_nothing_are_inferred(traces: Traces) -> None:
    table = {"table_name": "carts", "operation": "GetItem"}
    times = {"start_time": traces.cloud.now - 1, "end_time": traces.cloud.now}
    calls = [
        {"id": f"{2:016x}", "name": "DynamoDB", "namespace": "aws", "aws": table, **times},
        {"id": f"{3:016x}", "name": "pay.example.com", "namespace": "remote", **times},
        {"id": f"{4:016x}", "name": "## own code", **times},
        {
            "id": f"{5:016x}",
            "name": "traced.example.com",
            "namespace": "remote",
            "http": {"request": {"url": "http://traced.example.com", "traced": True}},
            **times,
        },
    ]
    traces.send(traces.segment(1, subsegments=calls))
    inferred = {
        each["parent_id"]: each for each in traces.documents().values() if each.get("inferred")
    }
    assert set(inferred) == {f"{2:016x}", f"{3:016x}"}
    found = inferred[f"{2:016x}"]
    assert (found["name"], found["origin"]) == ("DynamoDB", "AWS::DynamoDB::Table")
    assert found["aws"] == table
    assert found["trace_id"] == traces.trace_id()
    assert "origin" not in inferred[f"{3:016x}"]
    traces.send(traces.segment(6, parent_id=f"{3:016x}", name="pay.example.com"))
    assert len([each for each in traces.documents().values() if each.get("inferred")]) == 1


def test_traces_are_kept_for_thirty_days(cloud: CloudUnderTest, traces: Traces) -> None:
    traces.send(traces.segment())
    first = traces.trace_id()
    cloud.advance(29 * _DAY)
    assert traces.documents(first)
    assert traces.send(traces.segment(trace_id=first, name="late")) == []
    cloud.advance(_DAY + 1)
    assert traces.documents(first) == {}
    (answer,) = traces.send(traces.segment(trace_id=first))
    assert answer["ErrorCode"] == "InvalidTraceId"
    traces.send(traces.segment())
    cloud.restart()
    assert traces.documents()


def test_accounts_and_regions_do_not_see_each_others_traces(
    cloud: CloudUnderTest, traces: Traces
) -> None:
    traces.send(traces.segment())
    for other in (
        cloud.client("xray", region="eu-west-1"),
        cloud.client("xray", credentials=("111122223333", "test")),
    ):
        assert other.batch_get_traces(TraceIds=[traces.trace_id()])["Traces"] == []


def test_at_most_five_traces_are_told_at_once(traces: Traces) -> None:
    ids = [traces.trace_id(number) for number in range(6)]
    code, _ = refused(traces.client.batch_get_traces, TraceIds=ids)
    assert code == "InvalidRequestException"


def test_a_daemons_figures_are_taken(traces: Traces) -> None:
    record = {"Timestamp": traces.cloud.now, "SegmentsReceivedCount": 1}
    answer = traces.client.put_telemetry_records(TelemetryRecords=[record], Hostname="here")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
