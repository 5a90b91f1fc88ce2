"""What a CloudFormation resource type is: declared by its service, driven by CloudFormation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Property:
    """A top-level property of a resource type.

    `replaces` says that changing it makes a new resource ("Update requires: Replacement").
    """

    required: bool = False
    replaces: bool = False


@dataclass(frozen=True)
class Resource:
    """A resource as made or updated: what `Ref` gives and what `Fn::GetAtt` gives."""

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


class ResourceRequest(Protocol):
    """What a resource type's functions are given."""

    @property
    def properties(self) -> dict[str, Any]:
        """The resolved properties."""

    @property
    def previous(self) -> dict[str, Any]:
        """The resolved properties before this update; empty on create."""

    @property
    def physical_id(self) -> str:
        """The physical id; empty on create."""

    @property
    def logical_id(self) -> str:
        """The name in the template."""

    @property
    def stack_id(self) -> str:
        """The stack's ARN."""

    @property
    def stack_name(self) -> str:
        """The stack's name."""

    @property
    def account(self) -> str:
        """The stack's account."""

    @property
    def region(self) -> str:
        """The stack's region."""

    @property
    def tags(self) -> dict[str, str]:
        """The stack's tags and AWS's own (`aws:cloudformation:stack-name`, ...)."""

    @property
    def previous_tags(self) -> dict[str, str]:
        """Those tags before this update, as far as known; empty on create."""

    def generated_name(self, limit: int = 64, *, lower: bool = False) -> str:
        """Return `<stack>-<logical id>-<suffix>`, the same over restarts, at most `limit` long."""

    async def call(self, model: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """Call a service as the stack's principal; done once however often it is retried."""

    async def poll(self, check: Callable[[], Awaitable[bool]]) -> None:
        """Wait until `check` answers true."""


Change = Callable[[ResourceRequest], Awaitable[Resource]]


@dataclass(frozen=True)
class ResourceType:
    """A resource type. Without `update` every change of a property replaces the resource."""

    name: str
    properties: Mapping[str, Property]
    create: Change
    delete: Callable[[ResourceRequest], Awaitable[None]]
    update: Change | None = None
    attributes: tuple[str, ...] = ()
