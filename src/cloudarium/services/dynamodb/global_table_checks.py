"""What the handler of global tables refuses itself.

Source: the failures of real stacks that the rules of `cdk-preflight` (rules/dynamodb) record.
"""

from collections.abc import Iterator
from typing import Any

from . import errors, template_errors

Properties = dict[str, Any]

_STRONG_REPLICAS = 3
_LEVELS = ("ReadOnDemand", "ReadProvisioned")


def check_global_table(given: Properties, region: str) -> None:
    """ValidationException for what the handler refuses, and for all replicas but the one here."""
    replicas = given["Replicas"]
    if region not in [each.get("Region") for each in replicas]:
        raise template_errors.NotHere()
    for way in _LEVELS:
        if f"{way}ThroughputSettings" in given:
            raise template_errors.ReadsOfTable(way=way)
    _check_consistency(given)
    _check_replicas(given)
    if given.get("BillingMode") == "PAY_PER_REQUEST":
        _check_on_demand(given)
    else:
        _check_provisioned(given)
    if len(replicas) != 1:
        raise errors.Unsupported(name=f"A replica outside {region}")


def _check_consistency(given: Properties) -> None:
    witnesses = given.get("GlobalTableWitnesses", [])
    if not _is_strong(given):
        if witnesses:
            raise template_errors.WitnessUnwanted()
        return
    if len(given["Replicas"]) + len(witnesses) != _STRONG_REPLICAS:
        raise template_errors.ReplicaCount()
    if (given.get("TimeToLiveSpecification") or {}).get("Enabled"):
        raise template_errors.ExpiryUnwanted()
    if given.get("LocalSecondaryIndexes"):
        raise template_errors.LocalUnwanted()


def _is_strong(given: Properties) -> bool:
    return bool(given.get("MultiRegionConsistency") == "STRONG")


def _check_replicas(given: Properties) -> None:
    replicas = given["Replicas"]
    if len(replicas) > 1 and "StreamSpecification" not in given and not _is_strong(given):
        raise template_errors.StreamMissing()
    if len({bool(each.get("SSESpecification")) for each in replicas}) > 1:
        raise template_errors.SomeKeys()
    known = {each.get("IndexName") for each in given.get("GlobalSecondaryIndexes", [])}
    for replica in replicas:
        named = [each.get("IndexName") for each in replica.get("GlobalSecondaryIndexes", [])]
        if unknown := [name for name in named if name not in known]:
            raise template_errors.UnknownIndexes(names=", ".join(unknown))


def _check_on_demand(given: Properties) -> None:
    indexes = given.get("GlobalSecondaryIndexes", [])
    if any("WriteProvisionedThroughputSettings" in each for each in (given, *indexes)):
        raise template_errors.SettingsOnDemand()
    if any("ReadProvisionedThroughputSettings" in each for each in _read(given)):
        raise template_errors.SettingsOnDemand()


def _check_provisioned(given: Properties) -> None:
    indexes = given.get("GlobalSecondaryIndexes", [])
    if not all("WriteProvisionedThroughputSettings" in each for each in (given, *indexes)):
        raise template_errors.WritesMissing()
    if "WriteOnDemandThroughputSettings" in given:
        raise template_errors.SettingsProvisioned()
    for each in _read(given):
        settings = each.get("ReadProvisionedThroughputSettings") or {}
        if {"ReadCapacityUnits", "ReadCapacityAutoScalingSettings"} <= set(settings):
            raise template_errors.TwoReads()


def _read(given: Properties) -> Iterator[Properties]:
    """What has settings for reads: the replicas and their indexes."""
    for replica in given["Replicas"]:
        yield replica
        yield from replica.get("GlobalSecondaryIndexes", [])
