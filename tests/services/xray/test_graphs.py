"""Service graphs and figures over time."""

from __future__ import annotations

from typing import Any

import pytest

from .support import Traces, refused


@pytest.fixture
def shop(traces: Traces) -> Traces:
    """A shop that calls a payment service and a table, twice; the second time payment fails."""
    now = traces.cloud.now
    times = {"start_time": now - 0.5, "end_time": now}
    for number in (1, 2):
        trace = {"trace_id": traces.trace_id(number)}
        table = {"id": f"{2:016x}", "name": "DynamoDB", "namespace": "aws", **times}
        table["aws"] = {"table_name": "carts"}
        pay = {"id": f"{3:016x}", "name": "pay", "namespace": "remote", **times}
        traces.send(
            traces.segment(1, **trace, subsegments=[table, pay]),
            traces.segment(
                4,
                **trace,
                name="pay",
                origin="AWS::EC2::Instance",
                parent_id=pay["id"],
                fault=number == 2,
                start_time=now - 0.25,
            ),
        )
    return traces


def _by_type(services: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each.get("Type", ""): each for each in services}


def test_the_service_graph_tells_who_called_whom(shop: Traces) -> None:
    now = shop.cloud.now
    answer = shop.client.get_service_graph(StartTime=now - 60, EndTime=now + 60)
    assert answer["ContainsOldGroupVersions"] is False
    assert len(answer["Services"]) == 4
    found = _by_type(answer["Services"])
    client, root = found["client"], found[""]
    pay, table = found["AWS::EC2::Instance"], found["AWS::DynamoDB::Table"]
    assert (client["State"], client["Name"]) == ("unknown", "shop")
    assert "SummaryStatistics" not in client
    assert (root["State"], root["Root"], root["AccountId"]) == ("active", True, "000000000000")
    assert root["SummaryStatistics"]["OkCount"] == 2
    assert root["SummaryStatistics"]["TotalResponseTime"] == 2.0
    assert root["ResponseTimeHistogram"] == [{"Value": 1.0, "Count": 2}]
    assert (table["Name"], table["State"]) == ("carts", "unknown")
    assert pay["SummaryStatistics"]["FaultStatistics"] == {"OtherCount": 1, "TotalCount": 1}
    assert pay["DurationHistogram"] == [{"Value": 0.25, "Count": 2}]
    assert [edge["ReferenceId"] for edge in client["Edges"]] == [root["ReferenceId"]]
    edges = {edge["ReferenceId"]: edge for edge in root["Edges"]}
    assert set(edges) == {pay["ReferenceId"], table["ReferenceId"]}
    # An edge is what the caller saw: half a second, and no fault.
    seen = edges[pay["ReferenceId"]]
    assert seen["SummaryStatistics"]["OkCount"] == 2
    assert seen["ResponseTimeHistogram"] == [{"Value": 0.5, "Count": 2}]
    assert "Root" not in pay


def test_the_graph_of_a_trace_or_a_group_has_only_theirs(shop: Traces) -> None:
    ids = [shop.trace_id(1), shop.trace_id(9)]
    found = _by_type(shop.client.get_trace_graph(TraceIds=ids)["Services"])
    assert found["AWS::EC2::Instance"]["SummaryStatistics"]["TotalCount"] == 1
    shop.client.create_group(GroupName="broken", FilterExpression='service("pay") { fault }')
    now = shop.cloud.now
    frame = {"StartTime": now - 60, "EndTime": now + 60}
    answer = shop.client.get_service_graph(**frame, GroupName="broken")
    pay = _by_type(answer["Services"])["AWS::EC2::Instance"]
    assert pay["SummaryStatistics"]["FaultStatistics"]["TotalCount"] == 1
    assert pay["SummaryStatistics"]["TotalCount"] == 1
    assert shop.found('group.name = "broken"') == [shop.trace_id(2)]
    assert shop.found('group.name != "broken"') == [shop.trace_id(1)]
    code, _ = refused(shop.client.get_service_graph, **frame, GroupName="none")
    assert code == "InvalidRequestException"


def test_figures_over_time_are_of_what_the_selector_names(shop: Traces) -> None:
    now = shop.cloud.now

    def series(**options: Any) -> list[dict[str, Any]]:
        answer = shop.client.get_time_series_service_statistics(
            StartTime=now - 60, EndTime=now + 60, **options
        )
        found: list[dict[str, Any]] = answer["TimeSeriesServiceStatistics"]
        return found

    (root,) = series()
    begins = int((now - 1) // 60 * 60)
    assert root["Timestamp"].timestamp() == begins
    assert root["ServiceSummaryStatistics"]["TotalCount"] == 2
    (pay,) = series(EntitySelectorExpression='service("pay")', Period=300)
    assert pay["ServiceSummaryStatistics"]["FaultStatistics"]["TotalCount"] == 1
    assert pay["ResponseTimeHistogram"] == [{"Value": 0.25, "Count": 2}]
    (edge,) = series(EntitySelectorExpression='edge("shop", "pay")')
    assert edge["EdgeSummaryStatistics"]["TotalResponseTime"] == 1.0
    (table,) = series(EntitySelectorExpression='id(name: "carts", type: "AWS::DynamoDB::Table")')
    assert table["ServiceSummaryStatistics"]["TotalCount"] == 2
    call = shop.client.get_time_series_service_statistics
    for wrong in ({"EntitySelectorExpression": "ok"}, {"Period": 0}, {"ForecastStatistics": True}):
        code, _ = refused(call, StartTime=now - 60, EndTime=now, **wrong)
        assert code == "InvalidRequestException"


def test_a_graph_of_many_traces_counts_them_all(traces: Traces) -> None:
    documents = [traces.segment(trace_id=traces.trace_id(number)) for number in range(250)]
    traces.send(*documents)
    now = traces.cloud.now
    services = traces.client.get_service_graph(StartTime=now - 60, EndTime=now + 60)["Services"]
    assert [each.get("SummaryStatistics", {}).get("TotalCount") for each in services] == [250, None]
