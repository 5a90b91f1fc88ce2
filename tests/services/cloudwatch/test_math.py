"""GetMetricData and alarms with metric math."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def _stat(name: str) -> dict[str, Any]:
    return {"Metric": {"Namespace": "App", "MetricName": name}, "Period": 60, "Stat": "Sum"}


M1 = {"Id": "m1", "MetricStat": _stat("Requests"), "ReturnData": False}
M2 = {"Id": "m2", "MetricStat": _stat("Errors"), "ReturnData": False}


def _fill(cloud: CloudUnderTest) -> Any:
    """Requests: 10, 20, 40 in three minutes; errors: 1, none, 4."""
    cloudwatch = cloud.client("cloudwatch")
    cloud.advance(60 - cloud.now % 60)
    for requests, failed in ((10, 1), (20, None), (40, 4)):
        data = [{"MetricName": "Requests", "Value": requests}]
        data += [{"MetricName": "Errors", "Value": failed}] if failed is not None else []
        cloudwatch.put_metric_data(Namespace="App", MetricData=data)
        cloud.advance(60)
    return cloudwatch


def _run(cloud: CloudUnderTest, *queries: dict[str, Any]) -> list[dict[str, Any]]:
    now = datetime.fromtimestamp(cloud.now, UTC)
    answer = cloud.client("cloudwatch").get_metric_data(
        MetricDataQueries=list(queries),
        StartTime=now - timedelta(minutes=3),
        EndTime=now,
        ScanBy="TimestampAscending",
    )
    found: list[dict[str, Any]] = answer["MetricDataResults"]
    return found


def _values(cloud: CloudUnderTest, expression: str) -> list[float]:
    (result,) = _run(cloud, M1, M2, {"Id": "e1", "Expression": expression})
    assert result["Label"] == "e1"
    values: list[float] = result["Values"]
    return values


def test_expressions(cloud: CloudUnderTest) -> None:
    _fill(cloud)
    for expression, expected in {
        "100 * m2 / m1": [10, 10],
        "-m1 + 2 ^ 2": [-6, -16, -36],
        "m1 - FILL(m2, 0)": [9, 20, 36],
        "FILL(m2, REPEAT)": [1, 1, 4],
        "FILL(m2, LINEAR)": [1, 2.5, 4],
        "SUM([m1, m2])": [11, 20, 44],
        "SUM(METRICS())": [11, 20, 44],
        'MAX(METRICS("m2"))': [1, 4],
        "m1 / MAX(m1)": [0.25, 0.5, 1],
        "IF(m1 > 15, m1, 0)": [0, 20, 40],
        "IF(m1 > 15 AND m1 < 30, 1)": [1],
        "DIFF(m1)": [10, 20],
        "RATE(m1) * PERIOD(m1)": [10, 20],
        "RUNNING_SUM(m1)": [10, 30, 70],
        "CEIL(AVG([m1, m2]))": [6, 20, 22],
        "DATAPOINT_COUNT([m1, m2])": [2, 1, 2],
        "TIME_SERIES(METRIC_COUNT(METRICS()))": [2, 2, 2],
        "m1 * 0 + LAST(m1) - FIRST(m1)": [30, 30, 30],
        "m1 / (m1 - 20)": [-1, 2],
    }.items():
        assert _values(cloud, expression) == pytest.approx(expected), expression


def test_an_array_gives_a_result_for_each_metric(cloud: CloudUnderTest) -> None:
    _fill(cloud)
    results = _run(cloud, M1, M2, {"Id": "e1", "Expression": "METRICS() * 2"})
    assert [(each["Id"], each["Label"], each["Values"]) for each in results] == [
        ("e1", "Requests", [20, 40, 80]),
        ("e1", "Errors", [2, 8]),
    ]


def test_expressions_build_on_each_other(cloud: CloudUnderTest) -> None:
    _fill(cloud)
    inner = {"Id": "e1", "Expression": "m1 * 2", "ReturnData": False}
    (result,) = _run(cloud, {"Id": "e2", "Expression": "e1 + 1", "Label": "x"}, M1, inner)
    assert (result["Label"], result["Values"]) == ("x", [21, 41, 81])


@pytest.mark.parametrize(
    "expression",
    ["m1 +", "m1 + m9", "NONE(m1)", "SUM(m1)", "e1 + 1", "m1 # 2", "(m1", 'SEARCH("x", "Sum")'],
)
def test_a_wrong_expression_is_refused(cloud: CloudUnderTest, expression: str) -> None:
    _fill(cloud)
    with pytest.raises(ClientError) as caught:
        _run(cloud, M1, {"Id": "e1", "Expression": expression})
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    assert caught.value.response["Error"]["Message"].startswith("Error in expression 'e1': ")


def test_an_alarm_on_an_expression(cloud: CloudUnderTest) -> None:
    cloudwatch = _fill(cloud)
    cloudwatch.put_metric_alarm(
        AlarmName="rate",
        Metrics=[M1, M2, {"Id": "e1", "Expression": "100 * m2 / m1"}],
        EvaluationPeriods=1,
        Threshold=10.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    cloud.advance(2)
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert alarm["StateValue"] == "ALARM"
    assert alarm["StateReason"].startswith("Threshold Crossed: 1 datapoint [10.0 (")
    assert len(alarm["Metrics"]) == 3
    assert alarm["Dimensions"] == []
    cloud.advance(600)
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"


def test_a_long_time_is_filled_as_far_as_an_answer_reaches(cloud: CloudUnderTest) -> None:
    answer = cloud.client("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "e1", "Expression": "TIME_SERIES(1)"}],
        StartTime=0,
        EndTime=cloud.now,
    )
    assert len(answer["MetricDataResults"][0]["Values"]) == 100_800
