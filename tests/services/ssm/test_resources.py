"""AWS::SSM::Parameter in stacks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def template(**properties: Any) -> str:
    """A template with one parameter."""
    resource = {"Type": "AWS::SSM::Parameter", "Properties": properties}
    return json.dumps(
        {
            "Resources": {"P": resource},
            "Outputs": {
                "Name": {"Value": {"Ref": "P"}},
                "Value": {"Value": {"Fn::GetAtt": ["P", "Value"]}},
            },
        }
    )


def outputs(cloud: CloudUnderTest) -> tuple[str, dict[str, str]]:
    """The stack's status and outputs, once all is quiet."""
    cloud.settle()
    (stack,) = cloud.client("cloudformation").describe_stacks(StackName="s")["Stacks"]
    shown = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    return stack["StackStatus"], shown


def test_a_parameter_lives_with_its_stack(cloud: CloudUnderTest) -> None:
    stacks, ssm = cloud.client("cloudformation"), cloud.client("ssm")
    body = template(Name="/a", Type="String", Value="1", Tags={"t": "x"})
    stacks.create_stack(StackName="s", TemplateBody=body)
    assert outputs(cloud) == ("CREATE_COMPLETE", {"Name": "/a", "Value": "1"})
    stacks.update_stack(
        StackName="s", TemplateBody=template(Name="/a", Type="String", Value="2", Tags={"u": "y"})
    )
    assert outputs(cloud) == ("UPDATE_COMPLETE", {"Name": "/a", "Value": "2"})
    assert ssm.get_parameter(Name="/a")["Parameter"]["Version"] == 2
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/a")["TagList"]
    assert tags == [{"Key": "u", "Value": "y"}]
    stacks.delete_stack(StackName="s")
    cloud.settle()
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name="/a")


def test_a_stack_does_not_take_over_a_parameter(cloud: CloudUnderTest) -> None:
    cloud.client("ssm").put_parameter(Name="/a", Value="mine", Type="String")
    body = template(Name="/a", Type="String", Value="theirs")
    cloud.client("cloudformation").create_stack(StackName="s", TemplateBody=body)
    assert outputs(cloud)[0] == "ROLLBACK_COMPLETE"
    assert cloud.client("ssm").get_parameter(Name="/a")["Parameter"]["Value"] == "mine"


def test_secure_strings_are_not_for_templates(cloud: CloudUnderTest) -> None:
    body = template(Type="SecureString", Value="x")
    cloud.client("cloudformation").create_stack(StackName="s", TemplateBody=body)
    assert outputs(cloud)[0] == "ROLLBACK_COMPLETE"
    assert cloud.client("ssm").describe_parameters()["Parameters"] == []
