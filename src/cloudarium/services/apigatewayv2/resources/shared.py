"""What the resource types share: one noun of the API, created, updated and deleted.

The API's members are the types' properties; what replaces a resource is the user guide's "Update
requires: Replacement".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType

Document = dict[str, Any]

MODEL = "apigatewayv2"
NOT_FOUND = "NotFoundException"
_PREFIX = "AWS::ApiGatewayV2::"
_NUMBERS = frozenset(
    {
        "AuthorizerResultTtlInSeconds",
        "MaxAge",
        "Priority",
        "ThrottlingBurstLimit",
        "TimeoutInMillis",
    }
)
_FLAGS = frozenset(
    {
        "AllowCredentials",
        "ApiKeyRequired",
        "AutoDeploy",
        "DataTraceEnabled",
        "DetailedMetricsEnabled",
        "DisableExecuteApiEndpoint",
        "DisableSchemaValidation",
        "EnableSimpleResponses",
        "Required",
        "StripBasePath",
    }
)


def typed(value: Any, name: str = "") -> Any:
    """Return a property with the numbers and booleans that templates spell as text."""
    if isinstance(value, dict):
        return {key: typed(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [typed(one, name) for one in value]
    if name in _NUMBERS:
        return int(value)
    if name == "ThrottlingRateLimit":
        return float(value)
    return is_true(value) if name in _FLAGS else value


def is_true(value: Any) -> bool:
    """Read a boolean property, which templates also spell as text."""
    return str(value).lower() == "true"


def tags(resource: ResourceRequest) -> dict[str, str]:
    """Return the resource's own tags, a map, over the stack's."""
    return {**resource.tags, **(resource.properties.get("Tags") or {})}


async def sync_tags(
    resource: ResourceRequest, path: str, own: Mapping[str, str] | None = None
) -> None:
    """Make the tags of what lies at `path` those the template asks for, over those of its `own`."""
    arn = f"arn:aws:apigateway:{resource.region}::{path}"
    known = (await resource.call(MODEL, "GetTags", {"ResourceArn": arn})).get("Tags", {})
    wanted = {**(own or {}), **tags(resource)}
    changed = {key: value for key, value in wanted.items() if known.get(key) != value}
    gone = sorted(known.keys() - wanted.keys())
    if changed:
        await resource.call(MODEL, "TagResource", {"ResourceArn": arn, "Tags": changed})
    if gone:
        await resource.call(MODEL, "UntagResource", {"ResourceArn": arn, "TagKeys": gone})


async def delete(resource: ResourceRequest, operation: str, params: Document) -> None:
    """Run a delete operation; what is gone already counts as deleted."""
    try:
        await resource.call(MODEL, operation, params)
    except AwsError as error:
        if error.code != NOT_FOUND:
            raise


@dataclass(frozen=True)
class Noun:
    """A noun of the API and its resource type.

    `parents` are the members that say where it belongs; `maps` are the members whose entries an
    update merges, with what takes an entry away; `defaults` is what a member that left the template
    becomes; `prepare` makes the API's members of the properties.
    """

    name: str
    parents: tuple[str, ...]
    members: tuple[str, ...]
    required: tuple[str, ...] = ()
    maps: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Document], Document] = typed

    @property
    def id_member(self) -> str:
        """The member that holds the id."""
        return f"{self.name}Id"

    def type(self) -> ResourceType:
        """Return the resource type."""
        return ResourceType(
            name=f"{_PREFIX}{self.name}",
            properties={
                **{one: Property(required=True, replaces=True) for one in self.parents},
                **{one: Property(required=one in self.required) for one in self.members},
            },
            create=self._create,
            update=self._update,
            delete=self._delete,
            attributes=(self.id_member,),
        )

    async def _create(self, resource: ResourceRequest) -> Resource:
        params = self.prepare({**self._place(resource), **self.told(resource.properties)})
        made = await resource.call(MODEL, f"Create{self.name}", params)
        return self._described(made[self.id_member])

    async def _update(self, resource: ResourceRequest) -> Resource:
        await resource.call(
            MODEL,
            f"Update{self.name}",
            {
                **self._place(resource),
                self.id_member: resource.physical_id,
                **self.changes(resource),
            },
        )
        return self._described(resource.physical_id)

    async def _delete(self, resource: ResourceRequest) -> None:
        params = {**self._place(resource), self.id_member: resource.physical_id}
        await delete(resource, f"Delete{self.name}", params)

    def told(self, properties: Mapping[str, Any]) -> Document:
        """Return the members that properties give."""
        return {name: properties[name] for name in self.members if properties.get(name) is not None}

    def changes(self, resource: ResourceRequest) -> Document:
        """Return what an update is given: what the template says, and what it no longer says."""
        return self.changed(resource.previous, resource.properties)

    def changed(self, previous: Mapping[str, Any], properties: Mapping[str, Any]) -> Document:
        """Return what makes the members be as `properties` say, where they are as `previous` do."""
        before = self.prepare(self.told(previous))
        after = self.prepare(self.told(properties))
        gone = {name: self._empty(name, before[name]) for name in before if name not in after}
        for name, nothing in self.maps.items():
            entries = dict.fromkeys(before.get(name, {}), nothing)
            if entries or name in after:
                after[name] = {**entries, **after.get(name, {})}
                gone.pop(name, None)
        return {**gone, **after}

    def _empty(self, name: str, value: Any) -> Any:
        if name in self.defaults:
            return self.defaults[name]
        if isinstance(value, bool):
            return False
        return type(value)()

    def _place(self, resource: ResourceRequest) -> Document:
        return {name: resource.properties[name] for name in self.parents}

    def _described(self, physical_id: str) -> Resource:
        return Resource(physical_id, {self.id_member: physical_id})
