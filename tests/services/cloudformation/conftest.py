"""Stacks in tests: a client and the ways to look at one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cloudarium.pytest_plugin import CloudUnderTest


class Stacks:
    """A CloudFormation client with what tests ask of it again and again."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud = cloud
        self.client = cloud.client("cloudformation")

    def create(self, name: str, resources: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Create a stack, wait until nothing moves, return its description."""
        self.client.create_stack(StackName=name, TemplateBody=template(resources, more), **more)
        self.cloud.settle()
        return self.described(name)

    def update(self, name: str, resources: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Update a stack, wait until nothing moves, return its description."""
        self.client.update_stack(StackName=name, TemplateBody=template(resources, more), **more)
        self.cloud.settle()
        return self.described(name)

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


def template(resources: dict[str, Any], more: dict[str, Any]) -> str:
    """Return a template with these resources, and the sections taken out of `more`."""
    sections = ("Description", "Parameters_", "Conditions", "Outputs", "Mappings")
    taken = {name.rstrip("_"): more.pop(name) for name in sections if name in more}
    return json.dumps({"Resources": resources, **taken})


def queue(**properties: Any) -> dict[str, Any]:
    """Return a template's queue."""
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


@pytest.fixture
def stacks(cloud: CloudUnderTest) -> Stacks:
    """Stacks of the test's own cloud."""
    return Stacks(cloud)
