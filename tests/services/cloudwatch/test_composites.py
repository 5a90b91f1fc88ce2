"""Composite alarms, tags, dashboards."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def _alarms(cloud: CloudUnderTest) -> Any:
    cloudwatch = cloud.client("cloudwatch")
    for name in ("a", "b"):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="App",
            MetricName=name,
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1.0,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            TreatMissingData="ignore",
            Tags=[{"Key": "team", "Value": "x"}],
        )
    return cloudwatch


def _set(cloud: CloudUnderTest, cloudwatch: Any, name: str, state: str) -> None:
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")
    cloud.settle()


def _composite(cloudwatch: Any) -> Any:
    return cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]


def test_a_composite_follows_its_children(cloud: CloudUnderTest) -> None:
    cloudwatch = _alarms(cloud)
    cloudwatch.put_composite_alarm(AlarmName="both", AlarmRule='ALARM(a) AND NOT (OK("b"))')
    cloud.settle()
    assert _composite(cloudwatch)["StateValue"] == "OK"
    _set(cloud, cloudwatch, "a", "ALARM")
    alarm = _composite(cloudwatch)
    assert alarm["StateValue"] == "ALARM"
    assert ":alarm:a transitioned to ALARM at " in alarm["StateReason"]
    _set(cloud, cloudwatch, "b", "OK")
    assert _composite(cloudwatch)["StateValue"] == "OK"
    assert cloudwatch.describe_alarms()["CompositeAlarms"] == []
    with pytest.raises(ClientError, match="composite alarms depending on them"):
        cloudwatch.delete_alarms(AlarmNames=["a"])
    cloudwatch.delete_alarms(AlarmNames=["both"])
    cloudwatch.delete_alarms(AlarmNames=["a"])


@pytest.mark.parametrize("rule", ["ALARM(a) AND", "a", "ALARM(none)", "ALARM(a) ALARM(b)", "("])
def test_a_wrong_rule_is_refused(cloud: CloudUnderTest, rule: str) -> None:
    cloudwatch = _alarms(cloud)
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_composite_alarm(AlarmName="c", AlarmRule=rule)
    assert caught.value.response["Error"]["Code"] == "ValidationError"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"AlarmRule": "GARBAGE(not a rule"},
            "Error in AlarmRule [Unsupported token 'GARBAGE' at char 0, must be: '(', 'NOT',"
            " AT_LEAST, TRUE or FALSE, ALARM, OK, or INSUFFICIENT_DATA]",
        ),
        (
            {"AlarmRule": 'ALARM("c")'},
            "A composite alarm cannot have a child relation with itself via its AlarmRule, as it"
            " would introduce a circular dependency",
        ),
        (
            {"ActionsSuppressorWaitPeriod": 60},
            "ActionsSuppressorWaitPeriod requires an ActionSuppressor",
        ),
    ],
)
def test_refusals_in_the_words_of_aws(
    cloud: CloudUnderTest, change: dict[str, Any], message: str
) -> None:
    cloudwatch = _alarms(cloud)
    with pytest.raises(ClientError) as caught:
        cloudwatch.put_composite_alarm(**{"AlarmName": "c", "AlarmRule": "ALARM(a)", **change})
    assert caught.value.response["Error"]["Message"] == message


def test_alarms_have_tags(cloud: CloudUnderTest) -> None:
    cloudwatch = _alarms(cloud)
    arn = cloudwatch.describe_alarms(AlarmNames=["a"])["MetricAlarms"][0]["AlarmArn"]
    cloudwatch.tag_resource(ResourceARN=arn, Tags=[{"Key": "k", "Value": "v"}])
    cloudwatch.untag_resource(ResourceARN=arn, TagKeys=["team"])
    tags = cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert tags == [{"Key": "k", "Value": "v"}]
    with pytest.raises(ClientError) as caught:
        cloudwatch.list_tags_for_resource(ResourceARN=f"{arn}x")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_dashboards(cloud: CloudUnderTest) -> None:
    cloudwatch = cloud.client("cloudwatch")
    body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "hi"}}]})
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody=body)
    found = cloudwatch.get_dashboard(DashboardName="d")
    assert found["DashboardBody"] == body
    assert found["DashboardArn"] == f"arn:aws:cloudwatch::{cloud.account}:dashboard/d"
    (entry,) = cloudwatch.list_dashboards()["DashboardEntries"]
    assert (entry["DashboardName"], entry["Size"]) == ("d", len(body))
    for wrong in ("no", "{}", "[]", '{"widgets": [{}]}'):
        with pytest.raises(ClientError) as caught:
            cloudwatch.put_dashboard(DashboardName="d", DashboardBody=wrong)
        assert caught.value.response["Error"]["Code"] == "InvalidParameterInput"
    with pytest.raises(ClientError) as caught:
        cloudwatch.delete_dashboards(DashboardNames=["d", "none"])
    assert caught.value.response["Error"]["Code"] == "ResourceNotFound"
    cloudwatch.delete_dashboards(DashboardNames=["d"])
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []
