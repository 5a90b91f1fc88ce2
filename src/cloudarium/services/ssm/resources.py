"""AWS::SSM::Parameter.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
"""

from __future__ import annotations

from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.ssm import errors

_REPLACING = ("Name", "Type")
_SETTINGS = ("AllowedPattern", "DataType", "Description", "Policies", "Tier", "Type", "Value")


def _tags(tags: dict[str, str], properties: dict[str, Any]) -> dict[str, str]:
    """The property `Tags` is an object here; AWS's own tags are left out."""
    stack = {key: value for key, value in tags.items() if not key.startswith("aws:")}
    return {**stack, **{key: str(value) for key, value in properties.get("Tags", {}).items()}}


async def _put(resource: ResourceRequest, name: str, **more: Any) -> Resource:
    properties = resource.properties
    if properties["Type"] == "SecureString":
        raise errors.UnsupportedType()
    settings = {key: str(properties[key]) for key in _SETTINGS if key in properties}
    await resource.call("ssm", "PutParameter", {"Name": name, **settings, **more})
    return Resource(name, {"Type": settings["Type"], "Value": settings["Value"]})


async def _create(resource: ResourceRequest) -> Resource:
    name = resource.properties.get("Name") or resource.generated_name(128)
    pairs = _tags(resource.tags, resource.properties)
    tags = [{"Key": key, "Value": value} for key, value in pairs.items()]
    return await _put(resource, name, Tags=tags)


async def _update(resource: ResourceRequest) -> Resource:
    name = resource.physical_id
    made = await _put(resource, name, Overwrite=True)
    before = _tags(resource.previous_tags, resource.previous)
    after = _tags(resource.tags, resource.properties)
    target = {"ResourceType": "Parameter", "ResourceId": name}
    if gone := sorted(before.keys() - after.keys()):
        await resource.call("ssm", "RemoveTagsFromResource", {**target, "TagKeys": gone})
    if after != before and after:
        tags = [{"Key": key, "Value": value} for key, value in after.items()]
        await resource.call("ssm", "AddTagsToResource", {**target, "Tags": tags})
    return made


async def _delete(resource: ResourceRequest) -> None:
    try:
        await resource.call("ssm", "DeleteParameter", {"Name": resource.physical_id})
    except AwsError as error:
        if not errors.ParameterNotFound.matches(error):
            raise


PARAMETER = ResourceType(
    name="AWS::SSM::Parameter",
    properties={
        name: Property(required=name in ("Type", "Value"), replaces=name in _REPLACING)
        for name in ("Name", "Tags", *_SETTINGS)
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Type", "Value"),
)
