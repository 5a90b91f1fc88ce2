"""GetTraceSummaries: what it tells, and which traces it finds."""

from __future__ import annotations

from typing import Any

import pytest

from .support import Traces, refused

_SHOP = {"Name": "shop", "Names": ["shop"], "AccountId": "000000000000"}


def _http(status: int, **request: str) -> dict[str, Any]:
    url = {"method": "GET", "url": "http://shop.example.com/cart", **request}
    return {"request": url, "response": {"status": status}}


def test_a_summary_tells_of_the_whole_trace(traces: Traces) -> None:
    now = traces.cloud.now
    child = traces.segment(
        2,
        name="pay",
        parent_id=f"{1:016x}",
        end_time=now + 1,
        origin="AWS::EC2::Instance",
        aws={"ec2": {"instance_id": "i-1", "availability_zone": "us-east-1a"}},
        resource_arn="arn:aws:ec2:us-east-1:000000000000:instance/i-1",
        annotations={"paid": True},
    )
    root = traces.segment(1, user="ada", http=_http(200, user_agent="curl", client_ip="192.0.2.1"))
    root["annotations"] = {"cart": 3, "plan": "free"}
    traces.send(root, child)
    (found,) = traces.summaries()
    assert (found["Id"], found["Duration"], found["ResponseTime"]) == (traces.trace_id(), 2.0, 1.0)
    assert found["StartTime"].timestamp() == now - 1
    assert [found[f"Has{kind}"] for kind in ("Fault", "Error", "Throttle")] == [False] * 3
    assert found["Http"] == {
        "HttpURL": "http://shop.example.com/cart",
        "HttpStatus": 200,
        "HttpMethod": "GET",
        "UserAgent": "curl",
        "ClientIp": "192.0.2.1",
    }
    pay = {"Name": "pay", "Names": ["pay"], "AccountId": "000000000000"}
    pay["Type"] = "AWS::EC2::Instance"
    assert found["ServiceIds"] == [_SHOP, pay]
    assert found["Annotations"]["cart"] == [
        {"AnnotationValue": {"NumberValue": 3.0}, "ServiceIds": [_SHOP]}
    ]
    assert found["Annotations"]["plan"][0]["AnnotationValue"] == {"StringValue": "free"}
    assert found["Annotations"]["paid"] == [
        {"AnnotationValue": {"BooleanValue": True}, "ServiceIds": [pay]}
    ]
    assert found["Users"] == [{"UserName": "ada", "ServiceIds": [_SHOP]}]
    assert found["EntryPoint"] == _SHOP
    assert found["InstanceIds"] == [{"Id": "i-1"}]
    assert found["AvailabilityZones"] == [{"Name": "us-east-1a"}]
    assert found["ResourceARNs"] == [{"ARN": "arn:aws:ec2:us-east-1:000000000000:instance/i-1"}]
    assert found["Revision"] == 2


def test_root_causes_lead_from_the_client_to_what_failed(traces: Traces) -> None:
    cause = {"exceptions": [{"id": f"{8:016x}", "type": "Broken", "message": "no bank"}]}
    times = {"start_time": traces.cloud.now - 1, "end_time": traces.cloud.now}
    call = {"id": f"{2:016x}", "name": "pay", "namespace": "remote", "fault": True, **times}
    traces.send(
        traces.segment(1, fault=True, subsegments=[call]),
        traces.segment(3, name="pay", parent_id=call["id"], fault=True, cause=cause),
    )
    (summary,) = traces.summaries()
    (found,) = summary["FaultRootCauses"]
    assert summary["HasFault"] is True
    assert found["ClientImpacting"] is True
    first, second = found["Services"]
    assert [each["Name"] for each in first["EntityPath"]] == ["shop", "pay"]
    assert second["Name"] == "pay"
    assert second["EntityPath"] == [
        {
            "Name": "pay",
            "Exceptions": [{"Name": "Broken", "Message": "no bank"}],
            "Remote": False,
        }
    ]
    assert summary["ErrorRootCauses"] == []


def test_traces_come_in_pages_the_latest_first(traces: Traces) -> None:
    ids = [traces.trace_id(number, ago=number // 2) for number in range(230)]
    traces.send(*(traces.segment(trace_id=each) for each in ids))
    now = traces.cloud.now
    params = {"StartTime": now - 3600, "EndTime": now + 1}
    first = traces.client.get_trace_summaries(**params)
    assert (len(first["TraceSummaries"]), first["TracesProcessedCount"]) == (100, 100)
    assert "NextToken" in first
    found = traces.found()
    assert sorted(found) == sorted(ids)
    assert [each[:10] for each in found] == sorted((each[:10] for each in ids), reverse=True)
    code, message = refused(traces.client.get_trace_summaries, **params, NextToken="1")
    assert (code, message) == ("InvalidRequestException", "The NextToken is not valid.")


def test_time_frames_are_by_trace_id_event_or_segment(traces: Traces) -> None:
    old = traces.trace_id(ago=1000)
    now = traces.cloud.now
    traces.send(traces.segment(trace_id=old, start_time=now - 990, end_time=now - 10))

    def found(start: float, end: float, kind: str) -> list[str]:
        frame = {"StartTime": now - start, "EndTime": now - end, "TimeRangeType": kind}
        return [each["Id"] for each in traces.client.get_trace_summaries(**frame)["TraceSummaries"]]

    assert found(1001, 999, "TraceId") == [old]
    assert found(500, 400, "TraceId") == []
    assert found(500, 400, "Event") == [old]
    assert found(500, 400, "Service") == []
    assert found(20, 5, "Service") == [old]
    code, _ = refused(traces.client.get_trace_summaries, StartTime=now, EndTime=now)
    assert code == "InvalidRequestException"


@pytest.fixture
def two(traces: Traces) -> tuple[Traces, str, str]:
    """A trace that went well, 1, and one that failed, 2."""
    good, bad = traces.trace_id(1), traces.trace_id(2)
    now = traces.cloud.now
    call = {"id": f"{2:016x}", "name": "pay", "namespace": "remote", "throttle": True}
    call |= {"start_time": now - 1, "end_time": now}
    traces.send(
        traces.segment(1, trace_id=good, user="ada", annotations={"age": 30, "vip": True}),
        traces.segment(
            1,
            trace_id=bad,
            start_time=now - 6,
            http=_http(503, user_agent="curl/8", client_ip="192.0.2.7"),
            annotations={"age": 20, "plan": "free"},
            subsegments=[call],
        ),
        traces.segment(3, trace_id=bad, name="pay", parent_id=call["id"], error=True),
    )
    return traces, good, bad


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ok", "good"),
        ("!ok", "bad"),
        ("ok = false", "bad"),
        ("fault", "bad"),
        ("error", ""),
        ("throttle OR fault", "bad"),
        ("partial", ""),
        ("responsetime > 5", "bad"),
        ("responseTime >= 1 AND duration <= 2", "good"),
        ("ok !partial duration <3", "good"),
        ("http.status = 503", "bad"),
        ("http.status != 503", ""),
        ('http.url CONTAINS "/cart"', "bad"),
        ('http.url BEGINSWITH "http://shop" AND http.method = "GET"', "bad"),
        ('http.useragent endswith "/8"', "bad"),
        ('http.clientip = "192.0.2.7"', "bad"),
        ("http.url", "bad"),
        ("!http.url", "good"),
        ('user = "ada"', "good"),
        ('user CONTAINS ""', "good"),
        ("annotation.age > 29", "good"),
        ("annotation[age] = 20", "bad"),
        ("annotation.vip", "good"),
        ("annotation.vip = true", "good"),
        ("!annotation.vip", "bad"),
        ('annotation.plan = "free"', "bad"),
        ("annotation.plan = 3", ""),
        ('service("pay")', "bad"),
        ('!service("pay")', "good"),
        ('service("pay") { error }', "bad"),
        ('service("pay") { fault }', ""),
        ("service() { fault }", "bad"),
        ('service(id(name: "pay", account.id: "000000000000"))', "bad"),
        ('service(id(type: "AWS::Lambda"))', ""),
        ('service("shop") { root = true and fault = true }', "bad"),
        ('edge("shop", "pay") { throttle }', "bad"),
        ('edge("pay", "shop")', ""),
        ('(fault OR user = "ada") AND !(http.status = 503)', "good"),
        ("   ", "both"),
    ],
)
def test_filter_expressions(two: tuple[Traces, str, str], expression: str, expected: str) -> None:
    traces, good, bad = two
    wanted = {"good": {good}, "bad": {bad}, "": set(), "both": {good, bad}}[expected]
    assert set(traces.found(expression)) == wanted


@pytest.mark.parametrize(
    "expression",
    [
        "nothing",
        "ok AND",
        "(ok",
        "ok)",
        "duration = fast",
        'duration > "3"',
        "ok > true",
        "user < 3",
        'user = "x',
        "service(pay)",
        'service("pay") { annotation.age = 3 }',
        'service("pay") { service("x") }',
        'id(name: "x")',
        "rootcause.fault.service { index > 5 }",
        "(" * 200 + "ok" + ")" * 200,
        "!" * 1999 + "?",
        "ok " * 1000,
        'group.name = "missing"',
        "$",
    ],
)
def test_what_is_no_filter_expression_is_refused(traces: Traces, expression: str) -> None:
    now = traces.cloud.now
    code, message = refused(
        traces.client.get_trace_summaries,
        StartTime=now - 60,
        EndTime=now,
        FilterExpression=expression,
    )
    assert code == "InvalidRequestException"
    assert message.startswith("Invalid filter expression: ")
