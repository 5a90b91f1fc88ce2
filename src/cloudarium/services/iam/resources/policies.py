"""`AWS::IAM::Policy` (inline) and `AWS::IAM::ManagedPolicy`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.iam.limits import VERSIONS_PER_POLICY
from cloudarium.services.iam.resources import holders

_KINDS: tuple[tuple[str, holders.Kind], ...] = (
    ("Groups", "Group"),
    ("Roles", "Role"),
    ("Users", "User"),
)


def _holders(properties: dict[str, Any]) -> list[tuple[holders.Kind, str]]:
    return [(kind, name) for member, kind in _KINDS for name in properties.get(member) or []]


async def _put(resource: ResourceRequest) -> Resource:
    """Put the inline policy into every holder named, and take it from those no longer named."""
    properties = resource.properties
    name, document = properties["PolicyName"], holders.text(properties["PolicyDocument"])
    for kind, holder in _holders(properties):
        params = {f"{kind}Name": holder, "PolicyName": name, "PolicyDocument": document}
        await resource.call("iam", f"Put{kind}Policy", params)
    kept = _holders(properties) if resource.previous.get("PolicyName") == name else []
    await _take_away(resource, resource.previous, kept)
    physical_id = resource.physical_id or resource.generated_name()
    return Resource(physical_id, {"Id": physical_id})


async def _take_away(
    resource: ResourceRequest, properties: dict[str, Any], kept: list[tuple[holders.Kind, str]]
) -> None:
    for kind, holder in _holders(properties):
        if (kind, holder) not in kept:
            params = {f"{kind}Name": holder, "PolicyName": properties["PolicyName"]}
            await holders.call_unless_missing(resource, f"Delete{kind}Policy", params)


async def _delete(resource: ResourceRequest) -> None:
    await _take_away(resource, resource.properties, [])


POLICY = ResourceType(
    name="AWS::IAM::Policy",
    properties={
        "Groups": Property(),
        "PolicyDocument": Property(required=True),
        "PolicyName": Property(required=True),
        "Roles": Property(),
        "Users": Property(),
    },
    create=_put,
    update=_put,
    delete=_delete,
    attributes=("Id",),
)


def _made(policy: dict[str, Any]) -> Resource:
    names = ("AttachmentCount", "DefaultVersionId", "IsAttachable", "PolicyId")
    attributes = {name: policy[name] for name in (*names, "PermissionsBoundaryUsageCount")}
    attributes["PolicyArn"] = policy["Arn"]
    for name in ("CreateDate", "UpdateDate"):
        attributes[name] = _date(policy[name])
    return Resource(policy["Arn"], attributes)


def _date(value: float | datetime) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromtimestamp(value, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


async def _create_managed(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    params = {
        "PolicyName": properties.get("ManagedPolicyName") or resource.generated_name(128),
        "PolicyDocument": holders.text(properties["PolicyDocument"]),
        **holders.picked(properties, "Path", "Description"),
    }
    policy = (await resource.call("iam", "CreatePolicy", params))["Policy"]
    try:
        await _attach(resource, policy["Arn"])
    except AwsError:
        await _remove_managed(resource, policy["Arn"])
        raise
    return _made(policy)


async def _attach(resource: ResourceRequest, arn: str) -> None:
    old, new = _holders(resource.previous), _holders(resource.properties)
    for kind, holder in new:
        if (kind, holder) not in old:
            params = {f"{kind}Name": holder, "PolicyArn": arn}
            await resource.call("iam", f"Attach{kind}Policy", params)
    await _detach(resource, arn, [each for each in old if each not in new])


async def _detach(
    resource: ResourceRequest, arn: str, gone: list[tuple[holders.Kind, str]]
) -> None:
    for kind, holder in gone:
        params = {f"{kind}Name": holder, "PolicyArn": arn}
        await holders.call_unless_missing(resource, f"Detach{kind}Policy", params)


async def _update_managed(resource: ResourceRequest) -> Resource:
    arn = resource.physical_id
    document = holders.text(resource.properties["PolicyDocument"])
    if document != holders.text(resource.previous.get("PolicyDocument", "")):
        await _make_room(resource, arn)
        params = {"PolicyArn": arn, "PolicyDocument": document, "SetAsDefault": True}
        await resource.call("iam", "CreatePolicyVersion", params)
    await _attach(resource, arn)
    return _made((await resource.call("iam", "GetPolicy", {"PolicyArn": arn}))["Policy"])


async def _make_room(resource: ResourceRequest, arn: str) -> None:
    """Delete the oldest version not in force if there is no room for another."""
    versions = await _versions(resource, arn)
    if len(versions) >= VERSIONS_PER_POLICY:
        oldest = [each for each in versions if not each["IsDefaultVersion"]][-1]
        params = {"PolicyArn": arn, "VersionId": oldest["VersionId"]}
        await resource.call("iam", "DeletePolicyVersion", params)


async def _versions(resource: ResourceRequest, arn: str) -> list[dict[str, Any]]:
    answer = await resource.call("iam", "ListPolicyVersions", {"PolicyArn": arn})
    versions: list[dict[str, Any]] = answer["Versions"]
    return versions


async def _delete_managed(resource: ResourceRequest) -> None:
    await _remove_managed(resource, resource.physical_id)


async def _remove_managed(resource: ResourceRequest, arn: str) -> None:
    await _detach(resource, arn, _holders(resource.properties))
    try:
        versions = await _versions(resource, arn)
    except AwsError as error:
        if error.code == "NoSuchEntityException":
            return
        raise
    for version in versions:
        if not version["IsDefaultVersion"]:
            params = {"PolicyArn": arn, "VersionId": version["VersionId"]}
            await holders.call_unless_missing(resource, "DeletePolicyVersion", params)
    await holders.call_unless_missing(resource, "DeletePolicy", {"PolicyArn": arn})


MANAGED_POLICY = ResourceType(
    name="AWS::IAM::ManagedPolicy",
    properties={
        "Description": Property(replaces=True),
        "Groups": Property(),
        "ManagedPolicyName": Property(replaces=True),
        "Path": Property(replaces=True),
        "PolicyDocument": Property(required=True),
        "Roles": Property(),
        "Users": Property(),
    },
    create=_create_managed,
    update=_update_managed,
    delete=_delete_managed,
    attributes=(
        "AttachmentCount",
        "CreateDate",
        "DefaultVersionId",
        "IsAttachable",
        "PermissionsBoundaryUsageCount",
        "PolicyArn",
        "PolicyId",
        "UpdateDate",
    ),
)
