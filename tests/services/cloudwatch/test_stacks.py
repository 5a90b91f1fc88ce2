"""CloudWatch's and Logs' resource types in a stack, their rights, their events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

RESOURCES: dict[str, Any] = {
    "Logs": {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {"LogGroupName": "/app", "RetentionInDays": 7},
    },
    "Stream": {
        "Type": "AWS::Logs::LogStream",
        "Properties": {"LogGroupName": {"Ref": "Logs"}, "LogStreamName": "s"},
    },
    "Filter": {
        "Type": "AWS::Logs::MetricFilter",
        "Properties": {
            "LogGroupName": {"Ref": "Logs"},
            "FilterPattern": "ERROR",
            "MetricTransformations": [
                {"MetricName": "Errors", "MetricNamespace": "App", "MetricValue": "1"}
            ],
        },
    },
    "Topic": {"Type": "AWS::SNS::Topic"},
    "Alarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": "errors",
            "Namespace": "App",
            "MetricName": "Errors",
            "Statistic": "Sum",
            "Period": "60",
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "Topic"}],
        },
    },
    "Both": {
        "Type": "AWS::CloudWatch::CompositeAlarm",
        "Properties": {"AlarmName": "both", "AlarmRule": {"Fn::Sub": "ALARM(${Alarm})"}},
    },
    "Board": {
        "Type": "AWS::CloudWatch::Dashboard",
        "Properties": {"DashboardName": "board", "DashboardBody": '{"widgets": []}'},
    },
}
OUTPUTS = {
    "Logs": {"Value": {"Fn::GetAtt": ["Logs", "Arn"]}},
    "Alarm": {"Value": {"Fn::GetAtt": ["Alarm", "Arn"]}},
}


def _template(**changes: Any) -> str:
    resources = json.loads(json.dumps(RESOURCES))
    for name, properties in changes.items():
        resources[name]["Properties"] |= properties
    return json.dumps({"Resources": resources, "Outputs": OUTPUTS})


def test_a_stack_makes_changes_and_removes_them(cloud: CloudUnderTest) -> None:
    cloudformation, logs = cloud.client("cloudformation"), cloud.client("logs")
    cloudwatch = cloud.client("cloudwatch")
    cloudformation.create_stack(StackName="app", TemplateBody=_template())
    cloud.settle()
    stack = cloudformation.describe_stacks(StackName="app")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    place = f"{cloud.region}:{cloud.account}"
    assert outputs["Logs"] == f"arn:aws:logs:{place}:log-group:/app:*"
    assert outputs["Alarm"] == f"arn:aws:cloudwatch:{place}:alarm:errors"
    logs.put_log_events(
        logGroupName="/app",
        logStreamName="s",
        logEvents=[{"timestamp": int(cloud.now * 1000), "message": "ERROR"}],
    )
    cloud.settle()
    cloud.advance(3)
    every = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    assert every["MetricAlarms"][0]["StateValue"] == "ALARM"
    assert every["CompositeAlarms"][0]["StateValue"] == "ALARM"
    changed = _template(Logs={"RetentionInDays": 14}, Alarm={"Threshold": 5})
    cloudformation.update_stack(StackName="app", TemplateBody=changed)
    cloud.settle()
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 14
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["Threshold"] == 5
    cloudformation.delete_stack(StackName="app")
    cloud.settle()
    assert logs.describe_log_groups()["logGroups"] == []
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []
    assert cloudwatch.list_dashboards()["DashboardEntries"] == []


def test_a_state_change_is_an_event(cloud: CloudUnderTest) -> None:
    events, sqs, cloudwatch = (cloud.client(each) for each in ("events", "sqs", "cloudwatch"))
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = f"arn:aws:sqs:{cloud.region}:{cloud.account}:q"
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    pattern = {"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}}
    events.put_rule(Name="r", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
    cloudwatch.put_metric_alarm(
        AlarmName="a",
        Namespace="App",
        MetricName="m",
        ExtendedStatistic="p90",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.set_alarm_state(AlarmName="a", StateValue="ALARM", StateReason="drill")
    cloud.settle()
    event = json.loads(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"])
    assert event["detail-type"] == "CloudWatch Alarm State Change"
    assert event["detail"]["state"]["reason"] == "drill"
    assert event["detail"]["previousState"]["value"] == "INSUFFICIENT_DATA"
    (metric,) = event["detail"]["configuration"]["metrics"]
    assert metric["metricStat"]["stat"] == "p90"


def _user(cloud: CloudUnderTest, *statements: dict[str, Any]) -> tuple[str, str]:
    iam = cloud.client("iam")
    iam.create_user(UserName="u")
    policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=policy)
    key = iam.create_access_key(UserName="u")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def test_rights_are_on_groups_streams_alarms_and_namespaces(cloud: CloudUnderTest) -> None:
    place = f"{cloud.region}:{cloud.account}"
    credentials = _user(
        cloud,
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:FilterLogEvents"],
            "Resource": f"arn:aws:logs:{place}:log-group:/mine/*:*",
        },
        {
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": {"StringEquals": {"cloudwatch:namespace": "Mine"}},
        },
    )
    logs = cloud.client("logs", credentials=credentials)
    logs.create_log_group(logGroupName="/mine/a")
    logs.filter_log_events(logGroupName="/mine/a")
    cloudwatch = cloud.client("cloudwatch", credentials=credentials)
    data = [{"MetricName": "m", "Value": 1}]
    cloudwatch.put_metric_data(Namespace="Mine", MetricData=data)
    refused: tuple[Callable[[], Any], ...] = (
        lambda: logs.create_log_group(logGroupName="/other"),
        lambda: logs.create_log_stream(logGroupName="/mine/a", logStreamName="s"),
        lambda: cloudwatch.put_metric_data(Namespace="Other", MetricData=data),
        lambda: cloudwatch.delete_alarms(AlarmNames=["a"]),
    )
    for denied in refused:
        with pytest.raises(ClientError, match="is not authorized to perform"):
            denied()
