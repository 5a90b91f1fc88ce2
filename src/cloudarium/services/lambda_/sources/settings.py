"""What a mapping may be configured with, checked and completed with Lambda's defaults."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Request
from cloudarium.services.lambda_ import errors, limits, source_errors
from cloudarium.services.lambda_.sources import filters

Configuration = dict[str, Any]

_QUEUE_DEFAULTS: Configuration = {
    "BatchSize": 10,
    "MaximumBatchingWindowInSeconds": 0,
    "FunctionResponseTypes": [],
}
_STREAM_DEFAULTS: Configuration = {
    "BatchSize": 100,
    "MaximumBatchingWindowInSeconds": 0,
    "ParallelizationFactor": 1,
    "MaximumRecordAgeInSeconds": -1,
    "BisectBatchOnFunctionError": False,
    "MaximumRetryAttempts": -1,
    "TumblingWindowInSeconds": 0,
    "FunctionResponseTypes": [],
    "DestinationConfig": {"OnFailure": {}},
}
_OF_KAFKA_ONLY = ("LoggingConfig",)
_OF_STREAMS_ONLY = (
    "ParallelizationFactor",
    "MaximumRecordAgeInSeconds",
    "BisectBatchOnFunctionError",
    "MaximumRetryAttempts",
    "DestinationConfig",
    "TumblingWindowInSeconds",
)
_OF_QUEUES_ONLY = ("ScalingConfig", "ProvisionedPollerConfig")
_UNSUPPORTED = (
    "KMSKeyArn",
    "Topics",
    "Queues",
    "SourceAccessConfigurations",
    "SelfManagedEventSource",
    "AmazonManagedKafkaEventSourceConfig",
    "SelfManagedKafkaEventSourceConfig",
    "DocumentDBEventSourceConfig",
)
_SIZE_WITHOUT_WINDOW = 10
_SHORTEST_RECORD_AGE = 60


def created(source_arn: str, request: Request) -> Configuration:
    """The configuration that CreateEventSourceMapping asks for; raises InvalidParameterValue."""
    if source_arn.split(":")[2] == "sqs":
        if request.get("StartingPosition"):
            raise errors.invalid(source_errors.POSITION_OF_QUEUE)
        if request.get("StartingPositionTimestamp"):
            raise errors.invalid(source_errors.TIMESTAMP_OF_QUEUE)
        return updated(source_arn, _QUEUE_DEFAULTS, request)
    position = request.get("StartingPosition")
    if position is None:
        raise errors.invalid(source_errors.NO_POSITION)
    if position == "AT_TIMESTAMP":
        raise errors.invalid(source_errors.POSITION_OF_STREAM.format(arn=source_arn))
    if request.get("StartingPositionTimestamp"):
        raise errors.invalid(source_errors.TIMESTAMP)
    return {**updated(source_arn, _STREAM_DEFAULTS, request), "StartingPosition": position}


def updated(source_arn: str, current: Configuration, request: Request) -> Configuration:
    """The configuration after a change; raises InvalidParameterValueException."""
    for name in _UNSUPPORTED:
        if request.get(name):
            raise errors.invalid(errors.NOT_SUPPORTED.format(name=name))
    changed = dict(current)
    for name in (*_STREAM_DEFAULTS, "ScalingConfig"):
        if name in request:
            changed[name] = request[name]
    if "MetricsConfig" in request:
        _set_metrics(request["MetricsConfig"], changed)
    if "FilterCriteria" in request:
        changed.pop("FilterCriteria", None)
        if criteria := filters.checked(request["FilterCriteria"]):
            changed["FilterCriteria"] = criteria
    if source_arn.split(":")[2] == "sqs":
        _check_queue(source_arn, request, changed)
    else:
        _check_stream(request, changed)
    return changed


def _refuse(request: Request, *names: str) -> None:
    """Refuse what sources of another kind have."""
    for name in names:
        if request.get(name):
            raise errors.invalid(source_errors.UNSUPPORTED.format(name=name))


def _check_queue(source_arn: str, request: Request, changed: Configuration) -> None:
    _refuse(request, *_OF_STREAMS_ONLY, *_OF_KAFKA_ONLY)
    size, window = changed["BatchSize"], changed["MaximumBatchingWindowInSeconds"]
    if source_arn.endswith(".fifo") and window:
        raise errors.invalid(source_errors.FIFO_WINDOW)
    if size > _SIZE_WITHOUT_WINDOW and not window:
        raise errors.invalid(source_errors.NO_WINDOW)
    if not (changed.get("ScalingConfig") or {}).get("MaximumConcurrency"):
        changed.pop("ScalingConfig", None)
    if "ProvisionedPollerConfig" in request:
        _set_pollers(request["ProvisionedPollerConfig"], changed)
    if changed.get("ScalingConfig") and changed.get("ProvisionedPollerConfig"):
        raise errors.invalid(source_errors.TWO_SCALINGS)


def _set_metrics(config: Configuration, changed: Configuration) -> None:
    """`changed` gets the metrics; those of Kafka's sources are refused."""
    changed.pop("MetricsConfig", None)
    metrics = config.get("Metrics") or []
    for name in metrics:
        if name != "EventCount":
            raise errors.invalid(source_errors.METRICS)
    if metrics:
        changed["MetricsConfig"] = {"Metrics": metrics}


def _set_pollers(config: Configuration, changed: Configuration) -> None:
    """`changed` gets provisioned pollers, with SQS's defaults; an empty configuration ends them."""
    changed.pop("ProvisionedPollerConfig", None)
    if not config:
        return
    if "PollerGroupName" in config:
        raise errors.invalid(source_errors.POLLER_GROUP)
    if config.get("MinimumPollers", 0) > config.get("MaximumPollers", limits.MOST_POLLERS):
        raise errors.invalid(source_errors.FEWEST_OVER_MOST)
    least = config.get("MinimumPollers", limits.POLLERS[0])
    most = config.get("MaximumPollers", max(limits.POLLERS[1], least))
    if not limits.FEWEST_POLLERS <= least <= most:
        raise errors.invalid(source_errors.POLLERS)
    changed["ProvisionedPollerConfig"] = {"MinimumPollers": least, "MaximumPollers": most}


def _check_stream(request: Request, changed: Configuration) -> None:
    _refuse(request, *_OF_QUEUES_ONLY, *_OF_KAFKA_ONLY)
    if 0 <= changed["MaximumRecordAgeInSeconds"] < _SHORTEST_RECORD_AGE:
        raise errors.invalid(source_errors.RECORD_AGE)
    destination = failure_destination(changed)
    shown = {"Destination": destination} if destination else {}
    changed["DestinationConfig"] = {"OnFailure": shown}


def failure_destination(configuration: Configuration) -> str:
    """The ARN that failed batches are told to, "" for none."""
    config = configuration.get("DestinationConfig") or {}
    arn: str = (config.get("OnFailure") or {}).get("Destination") or ""
    return arn
