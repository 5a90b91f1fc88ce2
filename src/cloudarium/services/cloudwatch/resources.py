"""CloudWatch's CloudFormation resource types."""

from __future__ import annotations

from typing import Any

from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType

_NUMBERS = {"Period": int, "EvaluationPeriods": int, "DatapointsToAlarm": int, "Threshold": float}
_PLAIN = (
    *("AlarmDescription", "ActionsEnabled", "OKActions", "AlarmActions"),
    *("InsufficientDataActions", "MetricName", "Namespace", "Statistic", "ExtendedStatistic"),
    *("Dimensions", "Unit", "ComparisonOperator", "TreatMissingData"),
    *("EvaluateLowSampleCountPercentile", "Metrics"),
)
_COMPOSITE = (
    *("AlarmDescription", "AlarmRule", "ActionsEnabled", "OKActions", "AlarmActions"),
    "InsufficientDataActions",
)


def _truth(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


def _query(query: dict[str, Any]) -> dict[str, Any]:
    """Return a metric data query with numbers and truths as such (templates may have strings)."""
    found = dict(query)
    if "ReturnData" in found:
        found["ReturnData"] = _truth(found["ReturnData"])
    if "Period" in found:
        found["Period"] = int(found["Period"])
    if "MetricStat" in found:
        stat = found["MetricStat"]
        found["MetricStat"] = {**stat, "Period": int(stat["Period"])}
    return found


def _tags(resource: ResourceRequest, properties: dict[str, Any]) -> list[dict[str, str]]:
    own = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
    return [{"Key": key, "Value": value} for key, value in {**resource.tags, **own}.items()]


async def _put_alarm(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    name = resource.physical_id or properties.get("AlarmName") or resource.generated_name(255)
    params: dict[str, Any] = {"AlarmName": name}
    params |= {key: properties[key] for key in _PLAIN if key in properties}
    params |= {key: kind(properties[key]) for key, kind in _NUMBERS.items() if key in properties}
    if "ActionsEnabled" in params:
        params["ActionsEnabled"] = _truth(params["ActionsEnabled"])
    if "Metrics" in params:
        params["Metrics"] = [_query(query) for query in params["Metrics"]]
    if not resource.physical_id and (tags := _tags(resource, properties)):
        params["Tags"] = tags
    await resource.call("cloudwatch", "PutMetricAlarm", params)
    return _alarm(resource, name)


def _alarm(resource: ResourceRequest, name: str) -> Resource:
    arn = f"arn:aws:cloudwatch:{resource.region}:{resource.account}:alarm:{name}"
    return Resource(name, {"Arn": arn})


async def _delete_alarm(resource: ResourceRequest) -> None:
    await resource.call("cloudwatch", "DeleteAlarms", {"AlarmNames": [resource.physical_id]})


async def _put_composite(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    name = resource.physical_id or properties.get("AlarmName") or resource.generated_name(255)
    params = {key: properties[key] for key in _COMPOSITE if key in properties}
    if "ActionsEnabled" in params:
        params["ActionsEnabled"] = _truth(params["ActionsEnabled"])
    if not resource.physical_id and (tags := _tags(resource, properties)):
        params["Tags"] = tags
    await resource.call("cloudwatch", "PutCompositeAlarm", {"AlarmName": name, **params})
    return _alarm(resource, name)


COMPOSITE_ALARM = ResourceType(
    name="AWS::CloudWatch::CompositeAlarm",
    properties={
        "AlarmName": Property(replaces=True),
        "Tags": Property(),
        **{name: Property(required=name == "AlarmRule") for name in _COMPOSITE},
    },
    create=_put_composite,
    update=_put_composite,
    delete=_delete_alarm,
    attributes=("Arn",),
)
ALARM = ResourceType(
    name="AWS::CloudWatch::Alarm",
    properties={
        "AlarmName": Property(replaces=True),
        "Tags": Property(),
        **{name: Property() for name in (*_PLAIN, *_NUMBERS)},
        "ComparisonOperator": Property(required=True),
        "EvaluationPeriods": Property(required=True),
    },
    create=_put_alarm,
    update=_put_alarm,
    delete=_delete_alarm,
    attributes=("Arn",),
)
