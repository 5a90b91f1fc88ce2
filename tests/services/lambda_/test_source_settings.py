"""EventCount metrics and provisioned pollers of event source mappings."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.lambda_.sources import Sources

METRICS = {"Metrics": ["EventCount"]}


@pytest.fixture
def sources(functions: Any) -> Sources:
    """A role that may poll."""
    return Sources(functions)


def _counts(sources: Sources, uuid: str) -> dict[str, float]:
    """The sums of all metrics of a mapping."""
    sources.cloud.settle()
    client = sources.cloud.client("cloudwatch")
    dimensions = [{"Name": "EventSourceMappingUUID", "Value": uuid}]
    found = client.list_metrics(Namespace="AWS/Lambda", Dimensions=dimensions)["Metrics"]
    sums = {}
    for metric in found:
        points = client.get_metric_statistics(
            **metric,
            StartTime=sources.cloud.now - 7200,
            EndTime=sources.cloud.now + 7200,
            Period=86400,
            Statistics=["Sum"],
        )["Datapoints"]
        name = metric["MetricName"].removesuffix("EventCount")
        sums[name] = sum(point["Sum"] for point in points)
    return sums


def _send(sources: Sources, url: str, *bodies: str) -> None:
    entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
    sources.cloud.client("sqs").send_message_batch(QueueUrl=url, Entries=entries)
    sources.cloud.settle()


def test_the_events_of_a_queue_are_counted(sources: Sources) -> None:
    sources.make(BAD="bad", REPORT="yes")
    url, arn = sources.queue()
    criteria = {"Filters": [{"Pattern": json.dumps({"body": [{"anything-but": "no"}]})}]}
    uuid = sources.map(
        arn,
        MetricsConfig=METRICS,
        FilterCriteria=criteria,
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    assert sources.client.get_event_source_mapping(UUID=uuid)["MetricsConfig"] == METRICS
    _send(sources, url, "good", "bad", "no")
    assert _counts(sources, uuid) == {
        "Polled": 3,
        "FilteredOut": 1,
        "Invoked": 2,
        "FailedInvoke": 1,
        "Deleted": 1,
    }


def test_events_are_not_counted_unless_asked_for(sources: Sources) -> None:
    sources.make()
    url, arn = sources.queue()
    uuid = sources.map(arn, MetricsConfig=METRICS)
    shown = sources.client.update_event_source_mapping(UUID=uuid, MetricsConfig={"Metrics": []})
    assert "MetricsConfig" not in shown
    sources.cloud.settle()
    _send(sources, url, "one")
    assert _counts(sources, uuid).get("Invoked", 0) == 0


@pytest.mark.parametrize("has_destination", [True, False])
def test_the_events_of_a_stream_are_counted(sources: Sources, has_destination: bool) -> None:
    sources.make(BAD="bad")
    _, dead = sources.queue("dead")
    options: dict[str, Any] = {}
    if has_destination:
        options["DestinationConfig"] = {"OnFailure": {"Destination": dead}}
    uuid = sources.map(
        sources.table(),
        StartingPosition="TRIM_HORIZON",
        BatchSize=1,
        MaximumRetryAttempts=0,
        MetricsConfig=METRICS,
        **options,
    )
    sources.put("good", "bad")
    assert _counts(sources, uuid) == {
        "Polled": 2,
        "Invoked": 2,
        "FailedInvoke": 1,
        "OnFailureDestinationDelivered" if has_destination else "Dropped": 1,
    }


def test_provisioned_pollers_are_kept(sources: Sources) -> None:
    sources.make()
    _, arn = sources.queue()
    uuid = sources.map(arn, ProvisionedPollerConfig={"MaximumPollers": 3})
    shown = sources.client.get_event_source_mapping(UUID=uuid)
    assert shown["ProvisionedPollerConfig"] == {"MinimumPollers": 2, "MaximumPollers": 3}
    scaling = {"ScalingConfig": {"MaximumConcurrency": 2}}
    assert _refused(sources, UUID=uuid, **scaling).startswith(
        "Provisioned mode for SQS ESM does not"
    )
    changed = sources.client.update_event_source_mapping(
        UUID=uuid, ProvisionedPollerConfig={}, **scaling
    )
    assert "ProvisionedPollerConfig" not in changed
    assert changed["ScalingConfig"] == {"MaximumConcurrency": 2}


def test_settings_of_other_sources_are_refused(sources: Sources) -> None:
    sources.make()
    stream = sources.map(sources.table(), StartingPosition="LATEST")
    pollers = {"MinimumPollers": 2}
    assert _refused(sources, UUID=stream, ProvisionedPollerConfig=pollers) == (
        "Unsupported ProvisionedPollerConfig parameter for given event source mapping type."
    )


def _refused(sources: Sources, **changes: Any) -> str:
    with pytest.raises(ClientError) as refused:
        sources.client.update_event_source_mapping(**changes)
    error = refused.value.response["Error"]
    assert error["Code"] == "InvalidParameterValueException"
    return str(error["Message"])
