"""What the resource types' handlers refuse themselves, before they ask for anything.

Source: the failures of real stacks that the rules of `cdk-preflight` (rules/dynamodb) record.
"""

from collections.abc import Iterator
from typing import Any

from . import template_errors

Properties = dict[str, Any]

_CLASSES = (None, "STANDARD", "STANDARD_INFREQUENT_ACCESS")
_MAXIMUMS = ("MaxReadRequestUnits", "MaxWriteRequestUnits")


def check_table(properties: Properties) -> None:
    """ValidationException for the properties of a table that its handler refuses."""
    expiry = properties.get("TimeToLiveSpecification") or {}
    if expiry.get("Enabled") and not expiry.get("AttributeName"):
        raise template_errors.ExpiryUnnamed()
    if properties.get("TableClass") not in _CLASSES:
        raise template_errors.BadClass()
    recovery = properties.get("PointInTimeRecoverySpecification") or {}
    if "RecoveryPeriodInDays" in recovery and not recovery.get("PointInTimeRecoveryEnabled"):
        raise template_errors.PeriodWithoutRecovery()
    if "AttributeDefinitions" in properties:
        _check_definitions(properties)
    _check_throughput(properties)


def _check_definitions(properties: Properties) -> None:
    defined = [each.get("AttributeName") for each in properties["AttributeDefinitions"]]
    keys = {
        element.get("AttributeName")
        for each in (properties, *_indexes(properties))
        for element in each.get("KeySchema", ())
    }
    if len(defined) != len(set(defined)):
        raise template_errors.DefinedTwice()
    if not keys <= set(defined):
        raise template_errors.Undefined()
    if len(defined) != len(keys):
        raise template_errors.Unused()


def _check_throughput(properties: Properties) -> None:
    global_indexes = properties.get("GlobalSecondaryIndexes", [])
    on_demand = properties.get("BillingMode") == "PAY_PER_REQUEST"
    for each in (properties, *global_indexes):
        if on_demand and "ProvisionedThroughput" in each:
            raise template_errors.ThroughputOnDemand()
        if not on_demand and "ProvisionedThroughput" not in each:
            raise template_errors.ThroughputMissing()
    maximums = properties.get("OnDemandThroughput") or {}
    for name in _MAXIMUMS:
        if name in maximums and not on_demand:
            raise template_errors.MaximumProvisioned(name=name)


def _indexes(properties: Properties) -> Iterator[Properties]:
    for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        yield from properties.get(kind, ())
