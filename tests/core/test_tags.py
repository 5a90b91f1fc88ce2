"""Tags as lists and dicts."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core import tags
from cloudarium.pytest_plugin import CloudUnderTest


def test_lists_and_dicts() -> None:
    listed = [{"Key": "b", "Value": "1"}, {"Key": "a", "Value": "2"}]
    assert tags.from_list(listed) == {"b": "1", "a": "2"}
    assert tags.to_list({"b": "1", "a": "2"}) == listed
    assert tags.from_list(None) == {}
    assert tags.to_list({"a": "1"}, tags.SMALL) == [{"key": "a", "value": "1"}]


def test_a_stack_s_resource_is_tagged_and_retagged(cloud: CloudUnderTest) -> None:
    cloudformation, codecommit = cloud.client("cloudformation"), cloud.client("codecommit")

    def put(operation: Any, stack_tags: dict[str, str], own: dict[str, str]) -> dict[str, str]:
        properties = {"RepositoryName": "profile", "Tags": tags.to_list(own)}
        resource = {"Type": "AWS::CodeCommit::Repository", "Properties": properties}
        operation(
            StackName="service",
            TemplateBody=json.dumps({"Resources": {"Repository": resource}}),
            Tags=tags.to_list(stack_tags),
        )
        cloud.settle()
        arn = f"arn:aws:codecommit:{cloud.region}:{cloud.account}:profile"
        found: dict[str, str] = codecommit.list_tags_for_resource(resourceArn=arn)["tags"]
        return found

    first = put(cloudformation.create_stack, {"team": "a", "old": "x"}, {"own": "1"})
    assert first == {"team": "a", "old": "x", "own": "1"}
    second = put(cloudformation.update_stack, {"team": "b"}, {"own": "1", "new": "2"})
    assert second == {"team": "b", "own": "1", "new": "2"}
    assert put(cloudformation.update_stack, {"team": "b"}, {"team": "c"}) == {"team": "c"}
