"""PutMetricData, ListMetrics, GetMetricStatistics, GetMetricData."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

ALL = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]


def _now(cloud: CloudUnderTest) -> datetime:
    return datetime.fromtimestamp(cloud.now, UTC)


def _put(cloudwatch: Any, *data: dict[str, Any]) -> None:
    named = [{"MetricName": "Latency", **datum} for datum in data]
    cloudwatch.put_metric_data(Namespace="App", MetricData=named)


def _statistics(cloud: CloudUnderTest, **more: Any) -> list[dict[str, Any]]:
    now = _now(cloud)
    answer = cloud.client("cloudwatch").get_metric_statistics(
        **{
            "Namespace": "App",
            "MetricName": "Latency",
            "StartTime": now - timedelta(hours=1),
            "EndTime": now + timedelta(minutes=1),
            "Period": 60,
            "Statistics": ALL,
            **more,
        }
    )
    return sorted(answer["Datapoints"], key=lambda point: point["Timestamp"])


def test_values_counts_and_statistic_sets_add_up(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    _put(
        cloudwatch,
        {"Value": 1.0},
        {"Values": [2.0, 4.0], "Counts": [3.0, 1.0]},
        {"StatisticValues": {"SampleCount": 2, "Sum": 20, "Minimum": 8, "Maximum": 12}},
    )
    (point,) = _statistics(cloud)
    assert point["SampleCount"] == 7
    assert point["Sum"] == 31
    assert point["Average"] == pytest.approx(31 / 7)
    assert (point["Minimum"], point["Maximum"]) == (1, 12)
    assert point["Unit"] == "None"
    assert point["Timestamp"] == _now(cloud).replace(second=0, microsecond=0)


def test_percentiles_come_from_the_distribution(cloud: CloudUnderTest) -> None:
    _put(cloud.client("cloudwatch"), {"Values": [float(n) for n in range(1, 101)]})
    (point,) = _statistics(
        cloud, Statistics=["Sum"], ExtendedStatistics=["p50", "p90", "p100", "tm90"]
    )
    found = point["ExtendedStatistics"]
    assert found["p50"] == pytest.approx(50.5)
    assert found["p90"] == pytest.approx(90.1)
    assert found["p100"] == 100
    assert found["tm90"] == pytest.approx(45.5)


def test_units_are_kept_apart(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    _put(cloudwatch, {"Value": 1, "Unit": "Seconds"}, {"Value": 2, "Unit": "Count"})
    assert {point["Unit"] for point in _statistics(cloud)} == {"Seconds", "Count"}
    (only,) = _statistics(cloud, Unit="Count")
    assert only["Sum"] == 2


def test_high_resolution_is_kept_by_the_second_for_three_hours(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    cloud.advance(60 - cloud.now % 60)
    for _ in range(3):
        _put(cloudwatch, {"Value": 1, "StorageResolution": 1})
        cloud.advance(10)
    assert [point["Sum"] for point in _statistics(cloud, Period=60)] == [3]
    now = _now(cloud)
    assert len(_statistics(cloud, Period=10, StartTime=now - timedelta(minutes=2))) == 3
    cloud.advance(4 * 3600)
    times = {"StartTime": now - timedelta(minutes=2), "EndTime": now}
    assert _statistics(cloud, Period=10, **times) == []
    assert [point["Sum"] for point in _statistics(cloud, Period=60, **times)] == [3]


def test_old_points_grow_coarser(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    cloud.advance(3600 - cloud.now % 3600)
    for _ in range(2):
        _put(cloudwatch, {"Value": 1})
        cloud.advance(60)
    start = _now(cloud) - timedelta(minutes=5)
    cloud.advance(16 * 86_400)
    found = _statistics(cloud, StartTime=start, EndTime=start + timedelta(minutes=10))
    assert [point["Sum"] for point in found] == [2]


def test_metrics_are_listed_by_name_and_dimension(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    one = [{"Name": "Route", "Value": "a"}]
    _put(cloudwatch, {"Value": 1, "Dimensions": one}, {"Value": 1})
    every = cloudwatch.list_metrics(Namespace="App")["Metrics"]
    assert {"Namespace": "App", "MetricName": "Latency", "Dimensions": one} in every
    assert len(every) == 2
    by_name = cloudwatch.list_metrics(Dimensions=[{"Name": "Route"}])["Metrics"]
    assert len(by_name) == 1
    assert cloudwatch.list_metrics(Dimensions=[{"Name": "Route", "Value": "b"}])["Metrics"] == []
    cloud.advance(4 * 3600)
    assert cloudwatch.list_metrics(RecentlyActive="PT3H")["Metrics"] == []
    cloud.advance(15 * 86_400)
    assert cloudwatch.list_metrics()["Metrics"] == []


def test_more_metrics_than_a_page(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    for start in range(0, 501, 167):
        _put(cloudwatch, *({"MetricName": f"m{start + n}", "Value": 1} for n in range(167)))
    pages = list(cloudwatch.get_paginator("list_metrics").paginate())
    assert [len(page["Metrics"]) for page in pages] == [500, 1]


def test_get_metric_data_is_newest_first(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    for value in (1, 2):
        _put(cloudwatch, {"Value": value})
        cloud.advance(60)
    stat = {"Metric": {"Namespace": "App", "MetricName": "Latency"}, "Period": 60, "Stat": "Sum"}
    params: dict[str, Any] = {
        "MetricDataQueries": [{"Id": "m1", "MetricStat": stat}],
        "StartTime": _now(cloud) - timedelta(hours=1),
        "EndTime": _now(cloud),
    }
    (result,) = cloudwatch.get_metric_data(**params)["MetricDataResults"]
    assert result["Values"] == [2, 1]
    assert (result["Id"], result["Label"], result["StatusCode"]) == ("m1", "Latency", "Complete")
    (result,) = cloudwatch.get_metric_data(**params, ScanBy="TimestampAscending")[
        "MetricDataResults"
    ]
    assert result["Values"] == [1, 2]
    page = cloudwatch.get_metric_data(**params, MaxDatapoints=1)
    assert page["MetricDataResults"][0]["StatusCode"] == "PartialData"
    rest = cloudwatch.get_metric_data(**params, MaxDatapoints=1, NextToken=page["NextToken"])
    assert rest["MetricDataResults"][0]["Values"] == [1]


@pytest.mark.parametrize(
    ("datum", "code", "message"),
    [
        ({}, "MissingParameter", "MetricData.member.1.Value"),
        ({"Value": 1.0, "Values": [1.0]}, "InvalidParameterCombination", "mutually exclusive"),
        ({"Values": [1.0], "Counts": [1.0, 2.0]}, "InvalidParameterValue", "same size"),
        ({"Value": 2.0**361}, "InvalidParameterValue", "MetricData.member.1.Value"),
        ({"Value": 1.0, "StorageResolution": 5}, "InvalidParameterValue", "StorageResolution"),
        ({"Value": 1.0, "Timestamp": 0}, "InvalidParameterValue", "two weeks in the past"),
        ({"Value": 1.0, "Timestamp": 2**33}, "InvalidParameterValue", "two hours in the future"),
    ],
)
def test_wrong_data_is_refused(
    cloud: CloudUnderTest, datum: dict[str, Any], code: str, message: str
) -> None:
    cloudwatch = cloud.client("cloudwatch")
    with pytest.raises(ClientError) as caught:
        _put(cloudwatch, datum)
    assert caught.value.response["Error"]["Code"] == code
    assert message in caught.value.response["Error"]["Message"]
    assert cloudwatch.list_metrics()["Metrics"] == []


def test_namespaces_of_aws_are_reserved(cloud: CloudUnderTest) -> None:
    with pytest.raises(ClientError, match="AWS/Lambda for parameter Namespace is invalid"):
        cloud.client("cloudwatch").put_metric_data(
            Namespace="AWS/Lambda", MetricData=[{"MetricName": "x", "Value": 1}]
        )


def test_too_many_datapoints_are_refused(cloud: CloudUnderTest) -> None:
    with pytest.raises(ClientError) as caught:
        _statistics(cloud, StartTime=_now(cloud) - timedelta(days=2))
    assert caught.value.response["Error"]["Code"] == "InvalidParameterCombination"
    assert "exceeds the limit of 1,440" in caught.value.response["Error"]["Message"]


def test_telemetry_becomes_metrics(cloud: CloudUnderTest) -> None:
    async def measure() -> None:
        part = cloud.kernel.telemetry.part(cloud.account, cloud.region)
        part.metric("AWS/Lambda", "Errors", 1, "Count", {"FunctionName": "f"})

    cloud.run(measure())
    cloud.settle()
    (point,) = _statistics(
        cloud,
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": "f"}],
    )
    assert (point["Sum"], point["Unit"]) == (1, "Count")
