"""Template parameters that name one of Parameter Store, and the rules over parameters."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

STORED = "AWS::SSM::Parameter::Value"


def template(kind: str, value: Any, **more: Any) -> str:
    """A template that shows what the parameter P of type `kind` gives."""
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": value}}
    parameters = {"P": {"Type": kind, "Default": "/shop/name"}}
    outputs = {"O": {"Value": {"Fn::GetAtt": ["Q", "QueueName"]}}}
    document = {"Parameters": parameters, "Resources": {"Q": queue}, "Outputs": outputs, **more}
    return json.dumps(document)


def refusal(call: Any, **params: Any) -> str:
    """The message of the error that a call gets."""
    with pytest.raises(ClientError) as refused:
        call(**params)
    return str(refused.value.response["Error"]["Message"])


def output(cloud: CloudUnderTest) -> str:
    """The stack's output, once all is quiet."""
    cloud.settle()
    (stack,) = cloud.client("cloudformation").describe_stacks(StackName="s")["Stacks"]
    return str(stack["Outputs"][0]["OutputValue"])


def test_the_value_is_looked_up_at_each_operation(cloud: CloudUnderTest) -> None:
    stacks, ssm = cloud.client("cloudformation"), cloud.client("ssm")
    body = template(f"{STORED}<String>", {"Ref": "P"})
    missing = refusal(stacks.create_stack, StackName="s", TemplateBody=body)
    assert missing == (
        "Unable to fetch parameters [/shop/name] from parameter store for this account."
    )
    ssm.put_parameter(Name="/shop/name", Value="one", Type="String")
    stacks.create_stack(StackName="s", TemplateBody=body)
    assert output(cloud) == "one"
    (stack,) = stacks.describe_stacks(StackName="s")["Stacks"]
    assert stack["Parameters"] == [
        {"ParameterKey": "P", "ParameterValue": "/shop/name", "ResolvedValue": "one"}
    ]
    again = {"StackName": "s", "UsePreviousTemplate": True}
    kept = [{"ParameterKey": "P", "UsePreviousValue": True}]
    assert "No updates" in refusal(stacks.update_stack, **again, Parameters=kept)
    ssm.put_parameter(Name="/shop/name", Value="two", Overwrite=True)
    stacks.update_stack(**again, Parameters=kept)
    assert output(cloud) == "two"


def test_lists_and_names(cloud: CloudUnderTest) -> None:
    stacks, ssm = cloud.client("cloudformation"), cloud.client("ssm")
    ssm.put_parameter(Name="/shop/name", Value="a, b ", Type="StringList")
    joined = {"Fn::Join": ["-", {"Ref": "P"}]}
    assert refusal(
        stacks.create_stack, StackName="s", TemplateBody=template(f"{STORED}<String>", "q")
    ) == ("Types for SSM parameters [/shop/name] defined in CFN template and SSM are incompatible")
    stacks.create_stack(StackName="s", TemplateBody=template(f"{STORED}<List<String>>", joined))
    assert output(cloud) == "a-b"
    last = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "P"}]}]}
    body = template("AWS::SSM::Parameter::Name", last)
    stacks.update_stack(StackName="s", TemplateBody=body)
    assert output(cloud) == "name"


def test_secure_strings_are_refused(cloud: CloudUnderTest) -> None:
    cloud.client("ssm").put_parameter(Name="/shop/name", Value="s", Type="SecureString")
    create = cloud.client("cloudformation").create_stack
    body = template(f"{STORED}<String>", {"Ref": "P"})
    assert refusal(create, StackName="s", TemplateBody=body) == (
        "Parameters [/shop/name] referenced by template have types not supported by CloudFormation."
    )


def rule(condition: Any, description: str = "Too old.") -> dict[str, Any]:
    """A rule of one assertion."""
    return {"R": {"Assertions": [{"Assert": condition, "AssertDescription": description}]}}


def test_rules_hold_before_anything_is_made(cloud: CloudUnderTest) -> None:
    stacks = cloud.client("cloudformation")
    new = {"Fn::Not": [{"Fn::Contains": [["1", "2"], {"Ref": "P"}]}]}
    body = template("String", {"Ref": "P"}, Rules=rule(new))
    given = {"StackName": "s", "TemplateBody": body}
    old = [{"ParameterKey": "P", "ParameterValue": "2"}]
    message = refusal(stacks.create_stack, **given, Parameters=old)
    assert message == "Rule validation error: Too old."
    assert stacks.describe_stacks()["Stacks"] == []
    stacks.create_stack(**given, Parameters=[{"ParameterKey": "P", "ParameterValue": "3"}])
    assert output(cloud) == "3"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"Fn::EachMemberEquals": [["a", "a"], {"Ref": "P"}]}, True),
        ({"Fn::EachMemberEquals": [["a", "b"], {"Ref": "P"}]}, False),
        ({"Fn::EachMemberIn": [[{"Ref": "P"}], ["a", "b"]]}, True),
        ({"Fn::EachMemberIn": [["a", "c"], ["a", "b"]]}, False),
        ({"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}, True),
        ({"Fn::And": [{"Fn::Contains": [["a"], "a"]}, {"Fn::Contains": [["a"], "b"]}]}, False),
    ],
)
def test_rule_functions(cloud: CloudUnderTest, condition: Any, holds: bool) -> None:
    body = template("String", {"Ref": "P"}, Rules=rule(condition))
    parameters = [{"ParameterKey": "P", "ParameterValue": "a"}]
    given: dict[str, Any] = {"StackName": "s", "TemplateBody": body, "Parameters": parameters}
    create = cloud.client("cloudformation").create_stack
    if holds:
        assert create(**given)["StackId"].startswith("arn:")
    else:
        assert refusal(create, **given) == "Rule validation error: Too old."


def test_a_rule_whose_condition_does_not_hold_asserts_nothing(cloud: CloudUnderTest) -> None:
    never = {"Fn::Equals": ["a", "b"]}
    rules = {"R": {"RuleCondition": never, "Assertions": [{"Assert": never}]}}
    body = template("String", "q", Rules=rules)
    cloud.client("cloudformation").create_stack(StackName="s", TemplateBody=body)
    assert output(cloud) == "q"


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"R": {}}, "Template format error: Rule R must have Assertions."),
        (
            {"R": {"Assertions": [{"AssertDescription": "x"}]}},
            "Template format error: Every Assertions member of Rule R must have an Assert.",
        ),
        (
            rule({"Fn::Contains": ["a"]}),
            "Template error: every Fn::Contains object requires a list and what it is held against",
        ),
        (
            rule({"Fn::RefAll": "AWS::EC2::VPC::Id"}),
            "The rule function Fn::RefAll is not supported",
        ),
    ],
)
def test_what_is_no_rule(cloud: CloudUnderTest, rules: Any, message: str) -> None:
    create = cloud.client("cloudformation").create_stack
    body = template("String", "q", Rules=rules)
    assert refusal(create, StackName="s", TemplateBody=body) == message


def test_what_a_cdk_application_says_about_itself(cloud: CloudUnderTest) -> None:
    stacks = cloud.client("cloudformation")
    for analytics in ("v2:1", "v2:2"):
        said = {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": analytics}}
        body = template("String", "q", Resources={"M": said}, Outputs={"O": {"Value": "x"}})
        act = stacks.update_stack if analytics == "v2:2" else stacks.create_stack
        act(StackName="s", TemplateBody=body)
        assert output(cloud) == "x"
    (kept,) = stacks.list_stack_resources(StackName="s")["StackResourceSummaries"]
    assert kept["ResourceStatus"] == "UPDATE_COMPLETE"
