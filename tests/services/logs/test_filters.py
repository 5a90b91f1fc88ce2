"""Metric filters, embedded metrics, subscription filters and their patterns."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

GROUP, STREAM = "/app", "one"


def _made(cloud: CloudUnderTest) -> Any:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName=STREAM)
    return logs


def _put(cloud: CloudUnderTest, logs: Any, *messages: str) -> None:
    now = int(cloud.now * 1000)
    events = [{"timestamp": now, "message": message} for message in messages]
    logs.put_log_events(logGroupName=GROUP, logStreamName=STREAM, logEvents=events)
    cloud.settle()


def _sum(cloud: CloudUnderTest, namespace: str, name: str, **dimensions: str) -> float | None:
    now = datetime.fromtimestamp(cloud.now, UTC)
    answer = cloud.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=1),
        Period=600,
        Statistics=["Sum"],
    )
    return answer["Datapoints"][0]["Sum"] if answer["Datapoints"] else None


ACCESS = '10.0.0.1 - frank [10/Oct/2000:13:25:15] "GET /apache_pb.gif HTTP/1.0" 404 1534'
JSON = '{"status": 404, "route": "/profiles/ann", "ok": false, "user": null, "tags": ["a", "b"]}'


@pytest.mark.parametrize(
    ("pattern", "message", "matches"),
    [
        ("", "anything", True),
        ("ERROR", "an ERROR here", True),
        ("ERROR", "an error here", False),
        ("ERROR Exception", "ERROR of another kind", False),
        ('"two words"', "these two words", True),
        ("ERROR -404", "ERROR 404", False),
        ("?ERROR ?WARN", "a WARN", True),
        ("?ERROR ?WARN", "an INFO", False),
        ("%stat(us)?=5\\d\\d%", "status=503", True),
        ("{ $.status = 404 }", JSON, True),
        ("{ $.status >= 500 || $.ok IS FALSE }", JSON, True),
        ("{ $.status = 404 && $.ok IS TRUE }", JSON, False),
        ('{ $.route = "/profiles/*" }', JSON, True),
        ('{ $.route != "/profiles/*" }', JSON, False),
        ("{ $.user IS NULL }", JSON, True),
        ("{ $.none NOT EXISTS }", JSON, True),
        ("{ $.none EXISTS }", JSON, False),
        ("{ ($.tags[1] = b) && ($.status < 500) }", JSON, True),
        ("{ $.route = %^/prof% }", JSON, True),
        ("{ $.status = 404 }", "no JSON", False),
        ("[ip, id, user, time, request, status = 4*, bytes]", ACCESS, True),
        ("[..., status = 404 || status = 500, bytes > 2000]", ACCESS, False),
        ("[ip, ..., bytes > 1000]", ACCESS, True),
        ("[ip, user]", ACCESS, False),
    ],
)
def test_patterns(cloud: CloudUnderTest, pattern: str, message: str, matches: bool) -> None:
    answer = cloud.client("logs").test_metric_filter(
        filterPattern=pattern, logEventMessages=[message]
    )
    assert bool(answer["matches"]) is matches


def test_extracted_values(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    (found,) = logs.test_metric_filter(
        filterPattern="{ $.status = 404 }", logEventMessages=["x", JSON]
    )["matches"]
    assert found["eventNumber"] == 2
    assert found["extractedValues"] == {"$.status": "404"}


DEEP = "{ " + "(" * 400 + "$.a = 1" + ")" * 400 + " }"


@pytest.mark.parametrize("pattern", ["{ $.a = }", "[a, b", '"open', "{ a = 1 }", DEEP])
def test_a_wrong_pattern_is_refused(cloud: CloudUnderTest, pattern: str) -> None:
    with pytest.raises(ClientError) as caught:
        cloud.client("logs").test_metric_filter(filterPattern=pattern, logEventMessages=["x"])
    assert caught.value.response["Error"]["Code"] == "InvalidParameterException"


def test_a_metric_filter_feeds_a_metric(cloud: CloudUnderTest) -> None:
    logs = _made(cloud)
    transformation = {
        "metricName": "Latency",
        "metricNamespace": "App",
        "metricValue": "$.ms",
        "dimensions": {"Route": "$.route"},
    }
    logs.put_metric_filter(
        logGroupName=GROUP,
        filterName="slow",
        filterPattern="{ $.ms > 10 }",
        metricTransformations=[transformation],
    )
    _put(cloud, logs, '{"ms": 30, "route": "a"}', '{"ms": 5, "route": "a"}', "text")
    assert _sum(cloud, "App", "Latency", Route="a") == 30
    (found,) = logs.describe_metric_filters(logGroupName=GROUP)["metricFilters"]
    assert found["metricTransformations"] == [transformation]
    assert logs.describe_metric_filters(metricName="x", metricNamespace="y")["metricFilters"] == []
    assert logs.describe_log_groups()["logGroups"][0]["metricFilterCount"] == 1
    logs.delete_metric_filter(logGroupName=GROUP, filterName="slow")
    with pytest.raises(ClientError, match="The specified metric filter does not exist"):
        logs.delete_metric_filter(logGroupName=GROUP, filterName="slow")


def test_a_filter_that_counts_and_its_default(cloud: CloudUnderTest) -> None:
    logs = _made(cloud)
    logs.put_metric_filter(
        logGroupName=GROUP,
        filterName="errors",
        filterPattern="ERROR",
        metricTransformations=[
            {"metricName": "E", "metricNamespace": "App", "metricValue": "1", "defaultValue": 0}
        ],
    )
    _put(cloud, logs, "fine")
    assert _sum(cloud, "App", "E") == 0
    _put(cloud, logs, "ERROR 1", "ERROR 2")
    assert _sum(cloud, "App", "E") == 2


def test_embedded_metrics_become_metrics(cloud: CloudUnderTest) -> None:
    logs = _made(cloud)
    line = {
        "_aws": {
            "Timestamp": int(cloud.now * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": "Shop",
                    "Dimensions": [["Service"], []],
                    "Metrics": [{"Name": "Requests", "Unit": "Count"}, {"Name": "Times"}],
                }
            ],
        },
        "Service": "profile",
        "Requests": 2,
        "Times": [1, 2, 3],
    }
    wrong = [
        {"_aws": 1},
        {"_aws": {"CloudWatchMetrics": 5}},
        {"_aws": {"CloudWatchMetrics": [1, {"Namespace": "Shop", "Dimensions": 5}]}},
        {"_aws": {"CloudWatchMetrics": [{"Namespace": "Shop", "Metrics": [1, {"Name": []}]}]}},
        {"_aws": {"CloudWatchMetrics": [{"Namespace": "Shop", "Dimensions": [[[]], [1], 2]}]}},
    ]
    _put(cloud, logs, json.dumps(line), *map(json.dumps, wrong))
    assert _sum(cloud, "Shop", "Requests", Service="profile") == 2
    assert _sum(cloud, "Shop", "Requests") == 2
    assert _sum(cloud, "Shop", "Times", Service="profile") == 6
    # As Node.js functions write it by console.log, AWS's library for these metrics too.
    _put(cloud, logs, f"2026-11-30T18:00:00.000Z\tid\tINFO\t{json.dumps(line)}")
    assert _sum(cloud, "Shop", "Times", Service="profile") == 12


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"metricNamespace": "AWS/Custom"}, "Metric namespaces starting with AWS/ are reserved"),
        ({"dimensions": {"Route": "home"}}, "dimension value must be valid selector"),
        (
            {"dimensions": {"Route": "$.r"}, "defaultValue": 0},
            "dimensions and default value are mutually exclusive properties",
        ),
    ],
)
def test_a_wrong_transformation_is_refused(
    cloud: CloudUnderTest, change: dict[str, Any], message: str
) -> None:
    transformation = {"metricName": "m", "metricNamespace": "App", "metricValue": "1"}
    with pytest.raises(ClientError, match=message):
        _made(cloud).put_metric_filter(
            logGroupName=GROUP,
            filterName="f",
            filterPattern="",
            metricTransformations=[{**transformation, **change}],
        )


def test_groups_of_infrequent_access_have_no_filters(cloud: CloudUnderTest) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName=GROUP, logGroupClass="INFREQUENT_ACCESS")
    filtered = {"logGroupName": GROUP, "filterName": "f", "filterPattern": ""}
    transformation = {"metricName": "m", "metricNamespace": "App", "metricValue": "1"}
    with pytest.raises(ClientError, match="only supported on the Standard log class"):
        logs.put_metric_filter(**filtered, metricTransformations=[transformation])
    with pytest.raises(ClientError, match="only supported on the Standard log class"):
        logs.put_subscription_filter(**filtered, destinationArn="arn:aws:sns:us-east-1:1:t")


@pytest.mark.parametrize(
    ("arn", "role", "pattern", "message"),
    [
        (
            "arn:aws:kinesis:us-east-1:0:stream/s",
            {},
            "[a",
            r"starts with '\[' it must end with '\]'",
        ),
        ("arn:aws:sns:us-east-1:0:t", {}, "", "cannot work with destinationArn for vendor sns"),
        (
            "arn:aws:kinesis:us-east-1:0:stream/s",
            {},
            "",
            "destinationArn for vendor kinesis cannot be used without roleArn",
        ),
        (
            "arn:aws:lambda:us-east-1:0:function:f",
            {"roleArn": "arn:aws:iam::000000000000:role/r"},
            "",
            "destinationArn for vendor lambda cannot be used with roleArn",
        ),
    ],
)
def test_a_wrong_destination_is_refused(
    cloud: CloudUnderTest, arn: str, role: dict[str, str], pattern: str, message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        _made(cloud).put_subscription_filter(
            logGroupName=GROUP, filterName="f", filterPattern=pattern, destinationArn=arn, **role
        )


def test_a_subscription_needs_a_function_that_lets_logs_invoke_it(cloud: CloudUnderTest) -> None:
    logs = _made(cloud)
    function = f"arn:aws:lambda:{cloud.region}:{cloud.account}:function:none"
    for arn, message in (
        (function, "Could not execute the lambda function"),
        ("arn:aws:kinesis:us-east-1:0:stream/s", "vendor kinesis"),
    ):
        with pytest.raises(ClientError, match=message):
            logs.put_subscription_filter(
                logGroupName=GROUP, filterName="f", filterPattern="", destinationArn=arn
            )
    answer = logs.describe_subscription_filters(logGroupName=GROUP)
    assert answer["subscriptionFilters"] == []
    with pytest.raises(ClientError, match="subscription filter does not exist"):
        logs.delete_subscription_filter(logGroupName=GROUP, filterName="f")
