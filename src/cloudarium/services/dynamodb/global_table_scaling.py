"""The auto scaling settings of global tables, as targets and policies of Application Auto Scaling.

Source: CloudFormation's template reference, `AWS::DynamoDB::GlobalTable
CapacityAutoScalingSettings`. Policies are called as the console calls them.
"""

from collections.abc import Iterator
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import ResourceRequest

_MODEL = "application-autoscaling"
_COOLDOWNS = ("ScaleInCooldown", "ScaleOutCooldown")

Properties = dict[str, Any]
Target = tuple[str, str]
"""An index ("" for the table) and a way: `Read` or `Write`."""


def targets(properties: Properties) -> dict[Target, Properties]:
    """The `CapacityAutoScalingSettings` of a global table that has one replica."""
    if not properties or properties.get("BillingMode") == "PAY_PER_REQUEST":
        return {}
    replica = properties["Replicas"][0]
    named = [("", properties, replica)]
    own = {each["IndexName"]: each for each in replica.get("GlobalSecondaryIndexes", [])}
    for index in properties.get("GlobalSecondaryIndexes", []):
        named.append((index["IndexName"], index, own.get(index["IndexName"], {})))
    return dict(_found(named))


def _found(
    named: list[tuple[str, Properties, Properties]],
) -> Iterator[tuple[Target, Properties]]:
    for name, written, read in named:
        for way, given in (("Write", written), ("Read", read)):
            throughput = given.get(f"{way}ProvisionedThroughputSettings") or {}
            settings = throughput.get(f"{way}CapacityAutoScalingSettings")
            if settings:
                yield (name, way), settings


async def end(
    resource: ResourceRequest,
    table: str,
    old: dict[Target, Properties],
    new: dict[Target, Properties],
) -> None:
    """Ends the scaling of the capacities in `old` that are not in `new`."""
    for target in old:
        if target not in new:
            await _deregister(resource, table, target)


async def begin(
    resource: ResourceRequest,
    table: str,
    old: dict[Target, Properties],
    new: dict[Target, Properties],
) -> None:
    """Has the capacities in `new` scaled as it says."""
    for target, settings in new.items():
        if settings != old.get(target):
            await _register(resource, table, target, settings)


async def _register(
    resource: ResourceRequest, table: str, target: Target, settings: Properties
) -> None:
    key = _key(table, target)
    bounds = {name: int(settings[name]) for name in ("MinCapacity", "MaxCapacity")}
    await resource.call(_MODEL, "RegisterScalableTarget", {**key, **bounds})
    metric = f"DynamoDB{target[1]}CapacityUtilization"
    given = settings["TargetTrackingScalingPolicyConfiguration"]
    configuration: Properties = {
        "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
        "TargetValue": float(given["TargetValue"]),
        "DisableScaleIn": str(given.get("DisableScaleIn", "false")).lower() == "true",
        **{name: int(given[name]) for name in _COOLDOWNS if name in given},
    }
    policy = {
        "PolicyName": f"{metric}:{key['ResourceId']}",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": configuration,
    }
    await resource.call(_MODEL, "PutScalingPolicy", {**key, **policy})


async def _deregister(resource: ResourceRequest, table: str, target: Target) -> None:
    try:
        await resource.call(_MODEL, "DeregisterScalableTarget", _key(table, target))
    except AwsError as error:
        if error.code != "ObjectNotFoundException":
            raise


def _key(table: str, target: Target) -> dict[str, str]:
    index, way = target
    return {
        "ServiceNamespace": "dynamodb",
        "ResourceId": f"table/{table}/index/{index}" if index else f"table/{table}",
        "ScalableDimension": f"dynamodb:{'index' if index else 'table'}:{way}CapacityUnits",
    }
