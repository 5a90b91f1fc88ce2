"""Alarms: on the clock, both ways."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

NAME = "reads"
METRIC: dict[str, Any] = {"Namespace": "App", "MetricName": "Throttles"}


def _alarm(cloudwatch: Any, **more: Any) -> None:
    cloudwatch.put_metric_alarm(
        **{
            "AlarmName": NAME,
            **METRIC,
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            **more,
        }
    )


def _put(cloudwatch: Any, value: float, **more: Any) -> None:
    cloudwatch.put_metric_data(
        Namespace="App", MetricData=[{"MetricName": "Throttles", "Value": value, **more}]
    )


def _described(cloudwatch: Any) -> Any:
    return cloudwatch.describe_alarms(AlarmNames=[NAME])["MetricAlarms"][0]


def _state(cloudwatch: Any) -> str:
    return str(_described(cloudwatch)["StateValue"])


def _to_full_minute(cloud: CloudUnderTest, past: float = 10) -> None:
    cloud.advance(60 - cloud.now % 60 + past)


def test_an_alarm_fires_within_seconds_and_recovers_by_itself(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    _to_full_minute(cloud)
    _alarm(cloudwatch)
    assert _described(cloudwatch)["StateReason"] == "Unchecked: Initial alarm creation"
    cloud.advance(2)
    assert _state(cloudwatch) == "OK"
    _put(cloudwatch, 6)
    cloud.advance(2)
    alarm = _described(cloudwatch)
    when = datetime.fromtimestamp(cloud.now // 60 * 60, UTC).strftime("%d/%m/%y %H:%M:%S")
    assert alarm["StateValue"] == "ALARM"
    assert alarm["StateReason"] == (
        f"Threshold Crossed: 1 datapoint [6.0 ({when})] was greater than or equal to the "
        "threshold (1.0)."
    )
    assert json.loads(alarm["StateReasonData"])["recentDatapoints"] == [6.0]
    cloud.advance(240)
    alarm = _described(cloudwatch)
    assert alarm["StateValue"] == "OK"
    assert alarm["StateReason"] == (
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was "
        "treated as [NonBreaching]."
    )
    history = cloudwatch.describe_alarm_history(AlarmName=NAME, ScanBy="TimestampAscending")
    assert [item["HistorySummary"] for item in history["AlarmHistoryItems"]] == [
        'Alarm "reads" created',
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from ALARM to OK",
    ]


def test_an_idle_alarm_schedules_nothing(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    _alarm(cloudwatch)
    cloud.advance(120)
    assert cloud.kernel.scheduler.next_due is None


def test_missing_data_is_insufficient_data_by_default(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    _alarm(cloudwatch, TreatMissingData="missing")
    _put(cloudwatch, 0)
    cloud.advance(130)
    assert _state(cloudwatch) == "OK"
    cloud.advance(240)
    alarm = _described(cloudwatch)
    assert alarm["StateValue"] == "INSUFFICIENT_DATA"
    assert alarm["StateReason"] == "Insufficient Data: 1 datapoint was unknown."


def test_an_average_waits_for_its_period_to_end(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    _to_full_minute(cloud)
    _alarm(cloudwatch, Statistic="Average", Threshold=5.0)
    cloud.advance(2)
    _put(cloudwatch, 9)
    cloud.advance(5)
    assert _state(cloudwatch) == "OK"
    cloud.advance(60)
    assert _state(cloudwatch) == "ALARM"


def test_two_of_three_datapoints(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    _alarm(cloudwatch, EvaluationPeriods=3, DatapointsToAlarm=2)
    for value in (1, 0, 1):
        assert _state(cloudwatch) != "ALARM"
        _to_full_minute(cloud)
        _put(cloudwatch, value)
    cloud.advance(2)
    alarm = _described(cloudwatch)
    assert alarm["StateValue"] == "ALARM"
    assert "2 out of the last 3 datapoints" in alarm["StateReason"]
    assert "(minimum 2 datapoints for OK -> ALARM transition)" in alarm["StateReason"]


def test_a_state_set_by_hand_lasts_until_the_next_evaluation(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    _alarm(cloudwatch)
    cloud.advance(2)
    cloudwatch.set_alarm_state(AlarmName=NAME, StateValue="ALARM", StateReason="a drill")
    assert _described(cloudwatch)["StateReason"] == "a drill"
    cloud.advance(70)
    assert _state(cloudwatch) == "OK"


def test_actions_reach_sns_and_stand_in_the_history(cloud: CloudUnderTest) -> None:
    sns, sqs, cloudwatch = (cloud.client(each) for each in ("sns", "sqs", "cloudwatch"))
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    url = sqs.create_queue(QueueName="alarms")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    arn = queue["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    _alarm(cloudwatch, AlarmActions=[topic], AlarmDescription="too many")
    cloud.advance(2)
    _put(cloudwatch, 2)
    cloud.advance(2)
    envelope = json.loads(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])
    assert envelope["Subject"] == 'ALARM: "reads" in US East (N. Virginia)'
    message = json.loads(envelope["Message"])
    assert message["NewStateValue"] == "ALARM"
    assert message["OldStateValue"] == "OK"
    assert message["Region"] == "US East (N. Virginia)"
    assert message["Trigger"]["Statistic"] == "SUM"
    actions = cloudwatch.describe_alarm_history(AlarmName=NAME, HistoryItemType="Action")
    summaries = [item["HistorySummary"] for item in actions["AlarmHistoryItems"]]
    assert summaries == [f"Successfully executed action {topic}"]


def test_an_action_that_fails_stands_in_the_history(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    topic = f"arn:aws:sns:{cloud.region}:{cloud.account}:none"
    _alarm(cloudwatch, OKActions=[topic])
    cloud.advance(3)
    actions = cloudwatch.describe_alarm_history(AlarmName=NAME, HistoryItemType="Action")
    summary = actions["AlarmHistoryItems"][0]["HistorySummary"]
    assert summary.startswith(f"Failed to execute action {topic}. Received error: ")


def test_disabled_actions_do_nothing(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    topic = f"arn:aws:sns:{cloud.region}:{cloud.account}:none"
    _alarm(cloudwatch, OKActions=[topic])
    cloudwatch.disable_alarm_actions(AlarmNames=[NAME])
    assert _described(cloudwatch)["ActionsEnabled"] is False
    cloud.advance(3)
    answer = cloudwatch.describe_alarm_history(AlarmName=NAME, HistoryItemType="Action")
    assert answer["AlarmHistoryItems"] == []
    cloudwatch.enable_alarm_actions(AlarmNames=[NAME])
    assert _described(cloudwatch)["ActionsEnabled"] is True


def test_describe_and_delete(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    _alarm(cloudwatch)
    _alarm(cloudwatch, AlarmName="other")
    page = cloudwatch.describe_alarms(MaxRecords=1)
    assert [each["AlarmName"] for each in page["MetricAlarms"]] == ["other"]
    rest = cloudwatch.describe_alarms(NextToken=page["NextToken"])
    assert [each["AlarmName"] for each in rest["MetricAlarms"]] == [NAME]
    for_metric = cloudwatch.describe_alarms_for_metric(**METRIC, Period=60)
    assert len(for_metric["MetricAlarms"]) == 2
    cloudwatch.delete_alarms(AlarmNames=[NAME, "other", "none"])
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"Period": 45}, "ValidationError", "Period must be 10, 20, 30 or a multiple of 60"),
        ({"EvaluationPeriods": 2000}, "ValidationError", "more than a day"),
        (
            {"Period": 3600, "EvaluationPeriods": 169},
            "ValidationError",
            "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be"
            " <= 604800) for alarms using period >= 3600",
        ),
        (
            {"AlarmActions": ["arn:aws:s3:::bucket"]},
            "ValidationError",
            "Unsupported AWS vendor s3",
        ),
        (
            {"EvaluateLowSampleCountPercentile": "ignore"},
            "ValidationError",
            "Option evaluateLowSampleCountPercentile can not be applied with statistic",
        ),
        (
            {"ComparisonOperator": "LessThanLowerThreshold"},
            "ValidationError",
            "ComparisonOperators for ranges require ThresholdMetricId to be set",
        ),
        ({"AlarmActions": ["x"]}, "ValidationError", "Invalid arn syntax: x"),
        ({"DatapointsToAlarm": 2}, "ValidationError", "DatapointsToAlarm"),
        ({"TreatMissingData": "no"}, "InvalidParameterValue", "TreatMissingData"),
        ({"ExtendedStatistic": "p90"}, "InvalidParameterCombination", "mutually exclusive"),
    ],
)
def test_a_wrong_alarm_is_refused(
    cloud: CloudUnderTest, change: dict[str, Any], code: str, message: str
) -> None:
    cloudwatch = cloud.client("cloudwatch")
    with pytest.raises(ClientError) as caught:
        _alarm(cloudwatch, **change)
    assert caught.value.response["Error"]["Code"] == code
    assert message in caught.value.response["Error"]["Message"]
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def _query(number: int, **query: Any) -> dict[str, Any]:
    stat = {"Metric": {"Namespace": "n", "MetricName": "m"}, "Period": 60, "Stat": "Sum"}
    return {"Id": f"q{number}", "ReturnData": number == 0, **(query or {"MetricStat": stat})}


_ONE = _query(0)["MetricStat"]


@pytest.mark.parametrize(
    ("queries", "message"),
    [
        ([_query(each) for each in range(11)], "Too many metrics in alarm, maximum is 10"),
        (
            [_query(each, Expression="1 + 1") for each in range(11)],
            "Too many expressions in alarm, maximum is 10",
        ),
        ([_query(0, Expression="SEARCH('x', 'Sum')")], "SEARCH is not supported on Metric Alarms."),
        ([_query(0, MetricStat={**_ONE, "Stat": "Avg"})], "Invalid metrics list"),
        (
            [_query(0, MetricStat={**_ONE, "Period": 45})],
            "Period must be 10, 20, 30 or a multiple of 60",
        ),
        (
            [_query(0, MetricStat=_ONE, Expression="1")],
            "The parameters MetricDataQuery Expression and MetricStat are mutually exclusive",
        ),
    ],
)
def test_wrong_queries_of_an_alarm(
    cloud: CloudUnderTest, queries: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(ClientError) as caught:
        cloud.client("cloudwatch").put_metric_alarm(
            AlarmName=NAME,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            Metrics=queries,
        )
    assert message in caught.value.response["Error"]["Message"]


def test_an_alarm_without_a_threshold(cloud: CloudUnderTest) -> None:
    with pytest.raises(ClientError, match="request should have valid Threshold parameter"):
        cloud.client("cloudwatch").put_metric_alarm(
            AlarmName=NAME,
            EvaluationPeriods=1,
            ComparisonOperator="GreaterThanThreshold",
            Period=60,
            Statistic="Sum",
            **METRIC,
        )


def test_setting_the_state_of_no_alarm(cloud: CloudUnderTest) -> None:
    with pytest.raises(ClientError) as caught:
        cloud.client("cloudwatch").set_alarm_state(
            AlarmName="none", StateValue="OK", StateReason="x"
        )
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"
