"""What AWS was measured to refuse of event source mappings, in its words of September 2026.

From badmintoncryer/cdk-preflight.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.lambda_.sources import POLLING, SOURCE, Sources

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:hello"
POLLERS = (
    "MinimumPollers should be between [2, 200] and MaximumPollers should be between"
    " [MinimumPollers, 10000]"
)
METRICS = "Invalid EventSourceMapping metrics. Expected values: [EventCount]"


@pytest.fixture
def sources(functions: Any) -> Sources:
    """A function that may poll."""
    found = Sources(functions)
    found.make()
    return found


def refused(sources: Sources, arn: str, **options: Any) -> str:
    """What Lambda says to a mapping that cannot be."""
    with pytest.raises(ClientError) as caught:
        sources.map(arn, **options)
    error = caught.value.response["Error"]
    assert error["Code"] == "InvalidParameterValueException"
    return str(error["Message"])


def unsupported(name: str) -> str:
    return f"Unsupported {name} parameter for given event source mapping type."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BisectBatchOnFunctionError", True),
        ("DestinationConfig", {"OnFailure": {"Destination": FUNCTION}}),
        ("LoggingConfig", {"SystemLogLevel": "INFO"}),
        ("MaximumRecordAgeInSeconds", 100),
        ("MaximumRetryAttempts", 2),
        ("ParallelizationFactor", 2),
        ("TumblingWindowInSeconds", 10),
    ],
)
def test_settings_that_queues_do_not_have(sources: Sources, name: str, value: Any) -> None:
    _, arn = sources.queue()
    assert refused(sources, arn, **{name: value}) == unsupported(name)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"StartingPositionTimestamp": 1}, "Timestamp is not valid for SQS event sources."),
        ({"MetricsConfig": {"Metrics": ["ErrorCount"]}}, METRICS),
        ({"MetricsConfig": {"Metrics": ["KafkaMetrics"]}}, METRICS),
        ({"ProvisionedPollerConfig": {"MinimumPollers": 1}}, POLLERS),
        ({"ProvisionedPollerConfig": {"MaximumPollers": 1}}, POLLERS),
        (
            {"ProvisionedPollerConfig": {"MinimumPollers": 5, "MaximumPollers": 4}},
            "MinimumPollers must be less than or equal to MaximumPollers.",
        ),
        (
            {"ProvisionedPollerConfig": {"MinimumPollers": 2, "PollerGroupName": "group"}},
            "Invalid parameter: pollerGroupName",
        ),
        (
            {
                "ProvisionedPollerConfig": {"MinimumPollers": 2},
                "ScalingConfig": {"MaximumConcurrency": 2},
            },
            "Provisioned mode for SQS ESM does not support maximum concurrency feature. Use"
            " MaximumPollers as the control mechanism and remove maximum concurrency.",
        ),
        (
            {"FilterCriteria": {"Filters": [{"Pattern": '{"body": ["x"]}'}] * 6}},
            "Too many filter patterns, maximum allowed 5 patterns, provided 6 patterns.",
        ),
    ],
)
def test_settings_of_queues(sources: Sources, options: Any, message: str) -> None:
    _, arn = sources.queue()
    assert refused(sources, arn, **options) == message


def test_fifo_queues_have_small_batches(sources: Sources) -> None:
    _, arn = sources.queue("jobs.fifo", FifoQueue="true")
    assert refused(sources, arn, BatchSize=11) == (
        "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater"
        " than 10"
    )
    window = {"BatchSize": 11, "MaximumBatchingWindowInSeconds": 1}
    assert refused(sources, arn, **window) == "Batching window is not supported for FIFO queues"


def test_sources_are_known_and_near(sources: Sources) -> None:
    assert refused(sources, "arn:aws:s3:::bucket") == (
        "Unrecognized event source. Unsupported source arn : arn:aws:s3:::bucket"
    )
    far = "arn:aws:sqs:eu-west-1:000000000000:jobs"
    assert refused(sources, far) == "Event source region must match Lambda region us-east-1"


def test_more_at_a_time_than_is_reserved(sources: Sources) -> None:
    _, arn = sources.queue()
    sources.client.put_function_concurrency(FunctionName="hello", ReservedConcurrentExecutions=5)
    message = "MaximumConcurrency: 6 is greater than Function Reserved Concurrency: 5"
    assert refused(sources, arn, ScalingConfig={"MaximumConcurrency": 6}) == message
    uuid = sources.map(arn, ScalingConfig={"MaximumConcurrency": 5})
    with pytest.raises(ClientError, match=message):
        sources.client.update_event_source_mapping(
            UUID=uuid, ScalingConfig={"MaximumConcurrency": 6}
        )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ScalingConfig": {"MaximumConcurrency": 2}}, unsupported("ScalingConfig")),
        ({"LoggingConfig": {"SystemLogLevel": "INFO"}}, unsupported("LoggingConfig")),
        ({"MetricsConfig": {"Metrics": ["ErrorCount"]}}, METRICS),
        (
            {"MaximumRecordAgeInSeconds": 59},
            "MaximumRecordAgeInSeconds must be either -1 (forever) or between 60 and 604800"
            " (inclusive)",
        ),
    ],
)
def test_settings_of_streams(sources: Sources, options: Any, message: str) -> None:
    assert refused(sources, sources.table(), StartingPosition="LATEST", **options) == message


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        (
            "arn:aws:sqs:us-east-1:000000000000:failures.fifo",
            "FIFO-type Amazon SQS queues aren't supported as a destination.",
        ),
        (FUNCTION, "The service specified by the TargetArn isn't supported as a destination."),
        (
            "arn:aws:sns:us-east-1:000000000000:failures",
            "The function execution role does not have permissions to call Publish on SNS",
        ),
    ],
)
def test_where_failed_batches_go(sources: Sources, arn: str, message: str) -> None:
    failing = {"DestinationConfig": {"OnFailure": {"Destination": arn}}}
    assert refused(sources, sources.table(), StartingPosition="LATEST", **failing) == message


def test_failed_batches_go_into_all_of_a_bucket(functions: Any) -> None:
    """It is not enough that the role may write under one prefix."""
    narrow = {
        "Effect": "Allow",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::bucket/aws/lambda/*",
    }
    role = functions.make_role("narrow", [*POLLING[:3], narrow])
    functions.make(SOURCE, Role=role)
    failing = {"DestinationConfig": {"OnFailure": {"Destination": "arn:aws:s3:::bucket"}}}
    found = Sources(functions)
    assert refused(found, found.table(), StartingPosition="LATEST", **failing) == (
        "The function execution role does not have permissions to call PutObject on S3"
    )
