"""Dynamic references to Parameter Store; what is expected here was measured on AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

NAME = "/shop/str"
REFERENCE = "{{resolve:ssm:/shop/str}}"


def template(value: Any, **more: Any) -> str:
    """A template whose parameter `/shop/copy` has `value`, beside a queue."""
    copy = {"Name": "/shop/copy", "Type": "String", "Value": value}
    resources = {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Copy": {"Type": "AWS::SSM::Parameter", "Properties": copy},
    }
    return json.dumps({"Resources": resources, **more})


@pytest.fixture
def stacks(cloud: CloudUnderTest) -> Any:
    """CloudFormation, beside a parameter of two versions."""
    ssm = cloud.client("ssm")
    ssm.put_parameter(Name=NAME, Value="v1", Type="String")
    ssm.put_parameter(Name=NAME, Value="v2", Overwrite=True)
    ssm.put_parameter(Name="/shop/list", Value="a,b, c ,d", Type="StringList")
    ssm.put_parameter(Name="/shop/secure", Value="s", Type="SecureString")
    return cloud.client("cloudformation")


def copied(cloud: CloudUnderTest) -> str:
    cloud.settle()
    found = cloud.client("ssm").get_parameter(Name="/shop/copy")
    return str(found["Parameter"]["Value"])


@pytest.mark.parametrize(
    ("value", "given"),
    [
        (REFERENCE, "v2"),
        ("{{resolve:ssm:/shop/str:1}}", "v1"),
        ("A={{resolve:ssm:/shop/str:1}}_B={{resolve:ssm:/shop/list:1}}", "A=v1_B=a,b, c ,d"),
        ({"Fn::Sub": ["{{resolve:ssm:/${Path}/str}}", {"Path": "shop"}]}, "v2"),
        ({"Fn::Join": ["", ["{{", "resolve:ssm:", NAME, "}}"]]}, "v2"),
        ({"Fn::Select": [0, {"Fn::Split": [",", REFERENCE]}]}, "v2"),
    ],
)
def test_a_reference_gives_the_value(
    cloud: CloudUnderTest, stacks: Any, value: Any, given: str
) -> None:
    stacks.create_stack(StackName="s", TemplateBody=template(value))
    assert copied(cloud) == given


def test_a_reference_stands_beside_what_a_resource_gives(
    cloud: CloudUnderTest, stacks: Any
) -> None:
    parameters = {"Path": {"Type": "String", "Default": "shop"}}
    value = {"Fn::Sub": "{{resolve:ssm:/${Path}/str}} ${Queue.Arn}"}
    stacks.create_stack(StackName="s", TemplateBody=template(value, Parameters=parameters))
    assert copied(cloud).startswith("v2 arn:aws:sqs:")
    parts = {"Fn::Split": [":", {"Fn::GetAtt": ["Queue", "Arn"]}]}
    joined = {"Fn::Join": [" ", [REFERENCE, {"Fn::Select": [2, parts]}]]}
    stacks.update_stack(StackName="s", TemplateBody=template(joined))
    assert copied(cloud) == "v2 sqs"


def test_references_are_looked_up_at_each_operation(cloud: CloudUnderTest, stacks: Any) -> None:
    body = template(REFERENCE)
    stacks.create_stack(StackName="s", TemplateBody=body)
    cloud.settle()
    cloud.client("ssm").put_parameter(Name=NAME, Value="v3", Overwrite=True)
    stacks.update_stack(StackName="s", TemplateBody=body)
    assert copied(cloud) == "v3"


def test_a_parameter_has_a_reference_with_a_version(cloud: CloudUnderTest, stacks: Any) -> None:
    def body(default: str) -> str:
        outputs = {"O": {"Value": {"Ref": "P"}}, "L": {"Value": REFERENCE}}
        parameters = {"P": {"Type": "String", "Default": default}}
        return template({"Ref": "P"}, Parameters=parameters, Outputs=outputs)

    with pytest.raises(
        ClientError, match="parameter P should not contain ssm versionless resolver"
    ):
        stacks.create_stack(StackName="s", TemplateBody=body(REFERENCE))
    stacks.create_stack(StackName="s", TemplateBody=body("{{resolve:ssm:/shop/str:1}}"))
    assert copied(cloud) == "v1"
    (stack,) = stacks.describe_stacks(StackName="s")["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    assert outputs == {"O": "v1", "L": REFERENCE}  # an output's own references stay as they are


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{{resolve:ssm:/shop/none:1}}", "Parameters: [ssm:/shop/none:1] cannot be found."),
        (
            "{{resolve:ssm:/shop/str:prod}}",
            "Incorrect format is used in the following SSM reference: "
            "[{{resolve:ssm:/shop/str:prod}}]",
        ),
        (
            "{{resolve:ssm:/shop/secure:1}}",
            "Non-secure ssm prefix was used for secure parameter /shop/secure",
        ),
        (
            "{{resolve:ssm-secure:/shop/secure:1}}",
            "SSM Secure reference is not supported in: [AWS::SSM::Parameter/Properties/Value]",
        ),
    ],
)
def test_what_gives_nothing_is_refused(stacks: Any, value: str, message: str) -> None:
    with pytest.raises(ClientError) as refused:
        stacks.create_stack(StackName="s", TemplateBody=template(value))
    assert refused.value.response["Error"]["Message"] == message


def test_a_reference_made_of_what_a_resource_gives_fails(
    cloud: CloudUnderTest, stacks: Any
) -> None:
    body = template({"Fn::Sub": "{{resolve:ssm:/${Queue.QueueName}/x}}"})
    stacks.create_stack(StackName="s", TemplateBody=body)
    cloud.settle()
    events = stacks.describe_stack_events(StackName="s")["StackEvents"]
    (reason,) = [
        e["ResourceStatusReason"] for e in events if e["ResourceStatus"] == "CREATE_FAILED"
    ]
    assert "made of what a resource gives, is not supported" in reason


def test_a_failed_update_goes_back_to_the_old_value(cloud: CloudUnderTest, stacks: Any) -> None:
    stacks.create_stack(StackName="s", TemplateBody=template(REFERENCE))
    cloud.settle()
    cloud.client("ssm").put_parameter(Name=NAME, Value="v3", Overwrite=True)
    document = json.loads(template(REFERENCE))
    document["Resources"]["Late"] = {
        "Type": "AWS::SSM::Parameter",
        "DependsOn": "Copy",
        "Properties": {"Name": NAME, "Type": "String", "Value": "taken"},
    }
    stacks.update_stack(StackName="s", TemplateBody=json.dumps(document))
    assert copied(cloud) == "v2"
    (stack,) = stacks.describe_stacks(StackName="s")["Stacks"]
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
