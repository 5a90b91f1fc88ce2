"""AWS::Logs::MetricFilter and AWS::Logs::SubscriptionFilter."""

from __future__ import annotations

from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.logs.errors import LogGroupNotFound

_TRANSFORMATION = {
    "MetricName": "metricName",
    "MetricNamespace": "metricNamespace",
    "MetricValue": "metricValue",
    "Unit": "unit",
}


def _transformation(given: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        new: str(given[old]) for old, new in _TRANSFORMATION.items() if old in given
    }
    if "DefaultValue" in given:
        found["defaultValue"] = float(given["DefaultValue"])
    if "Dimensions" in given:
        found["dimensions"] = {each["Key"]: each["Value"] for each in given["Dimensions"]}
    return found


def _filter(resource: ResourceRequest) -> dict[str, Any]:
    properties = resource.properties
    name = resource.physical_id or properties.get("FilterName") or resource.generated_name(512)
    return {
        "logGroupName": properties["LogGroupName"],
        "filterName": name,
        "filterPattern": properties["FilterPattern"],
    }


async def _put_metric_filter(resource: ResourceRequest) -> Resource:
    params = _filter(resource)
    given = resource.properties["MetricTransformations"]
    params["metricTransformations"] = [_transformation(each) for each in given]
    await resource.call("logs", "PutMetricFilter", params)
    return Resource(params["filterName"])


async def _put_subscription_filter(resource: ResourceRequest) -> Resource:
    params = _filter(resource)
    params["destinationArn"] = resource.properties["DestinationArn"]
    await resource.call("logs", "PutSubscriptionFilter", params)
    return Resource(params["filterName"])


async def _delete(resource: ResourceRequest, operation: str) -> None:
    group = resource.properties["LogGroupName"]
    params = {"logGroupName": group, "filterName": resource.physical_id}
    try:
        await resource.call("logs", operation, params)
    except AwsError as error:
        if not LogGroupNotFound.matches(error):  # the filter's absence has the same code
            raise


async def _delete_metric_filter(resource: ResourceRequest) -> None:
    await _delete(resource, "DeleteMetricFilter")


async def _delete_subscription_filter(resource: ResourceRequest) -> None:
    await _delete(resource, "DeleteSubscriptionFilter")


_COMMON = {
    "LogGroupName": Property(required=True, replaces=True),
    "FilterName": Property(replaces=True),
    "FilterPattern": Property(required=True),
}
METRIC_FILTER = ResourceType(
    name="AWS::Logs::MetricFilter",
    properties={**_COMMON, "MetricTransformations": Property(required=True)},
    create=_put_metric_filter,
    update=_put_metric_filter,
    delete=_delete_metric_filter,
)
SUBSCRIPTION_FILTER = ResourceType(
    name="AWS::Logs::SubscriptionFilter",
    properties={**_COMMON, "DestinationArn": Property(required=True)},
    create=_put_subscription_filter,
    update=_put_subscription_filter,
    delete=_delete_subscription_filter,
)
