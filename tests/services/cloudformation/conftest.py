"""Stacks in tests: a client and the ways to look at one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.core.kernel import Kernel
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.pytest_plugin import CloudUnderTest


class Stacks:
    """A CloudFormation client with what tests ask of it again and again."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud = cloud
        self.client = cloud.client("cloudformation")

    def create(self, name: str, resources: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Create a stack, wait until nothing moves, return its description."""
        self.client.create_stack(
            StackName=name, TemplateBody=self.template(resources, more), **more
        )
        self.cloud.settle()
        return self.described(name)

    def update(self, name: str, resources: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Update a stack, wait until nothing moves, return its description."""
        self.client.update_stack(
            StackName=name, TemplateBody=self.template(resources, more), **more
        )
        self.cloud.settle()
        return self.described(name)

    def template(self, resources: dict[str, Any], more: dict[str, Any] | None = None) -> str:
        """Return a template with these resources, and the sections taken out of `more`."""
        more = more if more is not None else {}
        sections = ("Description", "Parameters_", "Conditions", "Outputs", "Mappings")
        taken = {name.rstrip("_"): more.pop(name) for name in sections if name in more}
        return json.dumps({"Resources": resources, **taken})

    def described(self, name: str) -> dict[str, Any]:
        """Return DescribeStacks' description of one stack."""
        (stack,) = self.client.describe_stacks(StackName=name)["Stacks"]
        return dict(stack)

    def events(self, name: str) -> list[tuple[str, str, str]]:
        """Return logical id, status and reason of a stack's events, oldest first."""
        events = self.client.describe_stack_events(StackName=name)["StackEvents"]
        return [
            (e["LogicalResourceId"], e["ResourceStatus"], e.get("ResourceStatusReason", ""))
            for e in reversed(events)
        ]

    def statuses(self, name: str) -> list[str]:
        """Return the statuses the stack itself went through."""
        return [status for logical_id, status, _ in self.events(name) if logical_id == name]

    def physical_ids(self, name: str) -> dict[str, str]:
        """Return the stack's resources that exist: logical id to physical id."""
        resources = self.client.describe_stack_resources(StackName=name)["StackResources"]
        return {
            r["LogicalResourceId"]: r["PhysicalResourceId"]
            for r in resources
            if r["ResourceStatus"] != "DELETE_COMPLETE"
        }


@pytest.fixture
def stacks(cloud: CloudUnderTest) -> Stacks:
    """Stacks of the test's own cloud."""
    return Stacks(cloud)


class Things:
    """A resource type of the tests' own: a queue that is ready when the test says so."""

    def __init__(self) -> None:
        self.ready = True
        self.fail_on_update: set[str] = set()
        self.fail_on_delete = False
        self.log: list[str] = []

    def resource_type(self) -> ResourceType:
        """Return `Test::A::Thing`."""
        return ResourceType(
            "Test::A::Thing",
            {"Name": Property(required=True, replaces=True), "Size": Property()},
            create=self._create,
            update=self._update,
            delete=self._delete,
            attributes=("Size", "Name"),
        )

    async def _create(self, resource: ResourceRequest) -> Resource:
        self.log.append(f"create {resource.logical_id}")
        name = str(resource.properties["Name"])
        answer = await resource.call("sqs", "CreateQueue", {"QueueName": name})
        await resource.poll(self._is_ready)
        return self._made(resource, answer["QueueUrl"])

    async def _update(self, resource: ResourceRequest) -> Resource:
        size = str(resource.properties.get("Size"))
        self.log.append(f"update {resource.logical_id} to {size}")
        if size in self.fail_on_update:
            raise AwsError("InvalidSize", f"Size {size} is not possible")
        await resource.poll(self._is_ready)
        return self._made(resource, resource.physical_id)

    async def _delete(self, resource: ResourceRequest) -> None:
        self.log.append(f"delete {resource.logical_id}")
        if self.fail_on_delete:
            raise ZeroDivisionError
        await resource.call("sqs", "DeleteQueue", {"QueueUrl": resource.physical_id})

    async def _is_ready(self) -> bool:
        return self.ready

    def _made(self, resource: ResourceRequest, url: str) -> Resource:
        size = resource.properties.get("Size", 0)
        return Resource(url, {"Size": size, "Name": resource.properties["Name"]})


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> Things:
    """The resource type `Test::A::Thing`, known to every cloud of the test."""
    made, known = Things(), Kernel.resource_type

    def resource_type(kernel: Kernel, name: str) -> ResourceType | None:
        return made.resource_type() if name == "Test::A::Thing" else known(kernel, name)

    monkeypatch.setattr(Kernel, "resource_type", resource_type)
    return made
