"""SAM, loops and capabilities."""

from typing import Any

import pytest

from cloudarium.core.errors import AwsError
from cloudarium.services.cloudformation.template import capabilities, loops, serverless
from cloudarium.services.cloudformation.template.document import parse
from cloudarium.services.cloudformation.template.structure import checked

SAM = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.11, Timeout: 5, Environment: {Variables: {TABLE: !Ref Table}}}
Parameters:
  Stage: {Type: String, Default: live}
Resources:
  Table:
    Type: AWS::Serverless::SimpleTable
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: {Bucket: code, Key: app.zip}
      Policies:
        - AWSLambdaBasicExecutionRole
        - DynamoDBCrudPolicy: {TableName: !Ref Table}
      Events:
        Get: {Type: Api, Properties: {Path: /hello, Method: get}}
Outputs:
  Url: {Value: !Sub "https://${ServerlessRestApi}.execute-api.${AWS::Region}/Prod/hello"}
"""


def test_sam_becomes_plain_resources() -> None:
    result = serverless.translated(parse(SAM), {"Stage": "live"}, "eu-west-1")
    types = {name: body["Type"] for name, body in result["Resources"].items()}
    deployment = next(n for n, kind in types.items() if kind == "AWS::ApiGateway::Deployment")
    assert types == {
        "Table": "AWS::DynamoDB::Table",
        "Hello": "AWS::Lambda::Function",
        "HelloRole": "AWS::IAM::Role",
        "HelloGetPermissionProd": "AWS::Lambda::Permission",
        "ServerlessRestApi": "AWS::ApiGateway::RestApi",
        deployment: "AWS::ApiGateway::Deployment",
        "ServerlessRestApiProdStage": "AWS::ApiGateway::Stage",
    }
    function = result["Resources"]["Hello"]["Properties"]
    assert function["Code"] == {"S3Bucket": "code", "S3Key": "app.zip"}
    assert function["Timeout"] == 5
    assert function["Environment"] == {"Variables": {"TABLE": {"Ref": "Table"}}}
    assert "Transform" not in result
    assert capabilities.needed(checked(result)) == (["CAPABILITY_IAM"], ["AWS::IAM::Role"])


def test_sam_translates_the_same_twice() -> None:
    once = serverless.translated(parse(SAM), {"Stage": "live"}, "eu-west-1")
    assert serverless.translated(parse(SAM), {"Stage": "live"}, "eu-west-1") == once


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        (
            {"Type": "AWS::Serverless::Function", "Properties": {"Nope": 1}},
            "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application "
            "Specification document. Number of errors found: 1. Resource with id [Hello] is "
            "invalid. property Nope not defined for resource of type AWS::Serverless::Function",
        ),
        (
            {"Type": "AWS::Serverless::Application", "Properties": {"Location": {"a": "b"}}},
            "Transform AWS::Serverless-2016-10-31 failed with: Resource with id [Hello] is "
            "invalid. Applications of the Serverless Application Repository are not supported; "
            "Location must be a template URL.",
        ),
    ],
)
def test_sam_errors_are_shown_as_aws_shows_them(resource: dict[str, Any], message: str) -> None:
    with pytest.raises(AwsError) as refused:
        serverless.translated({"Resources": {"Hello": resource}}, {}, "eu-west-1")
    assert refused.value.message == message


def test_loops_are_unrolled() -> None:
    document = parse(
        """
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::ForEach::Queues:
            - Name
            - [orders, bills-paid]
            - "Queue&{Name}":
                Type: AWS::SQS::Queue
                Properties: {QueueName: !Sub "q-${Name}", Tag: !Ref Name}
        """
    )
    assert loops.expanded(document, lambda collection: collection)["Resources"] == {
        "Queueorders": {
            "Type": "AWS::SQS::Queue",
            "Properties": {"QueueName": {"Fn::Sub": "q-orders"}, "Tag": "orders"},
        },
        "Queuebillspaid": {
            "Type": "AWS::SQS::Queue",
            "Properties": {"QueueName": {"Fn::Sub": "q-bills-paid"}, "Tag": "bills-paid"},
        },
    }


def test_a_malformed_loop_is_refused() -> None:
    with pytest.raises(AwsError, match=r"Fn::ForEach::Queues layout is incorrect"):
        loops.expanded({"Resources": {"Fn::ForEach::Queues": ["a"]}}, lambda value: value)
    with pytest.raises(AwsError, match=r"could not resolve its collection"):
        loops.expanded({"Fn::ForEach::Queues": ["a", "b", {}]}, lambda value: value)


@pytest.mark.parametrize(
    ("properties", "given", "message"),
    [
        ({}, [], "Requires capabilities : [CAPABILITY_IAM]"),
        ({"RoleName": "r"}, ["CAPABILITY_IAM"], "Requires capabilities : [CAPABILITY_NAMED_IAM]"),
    ],
)
def test_iam_resources_need_an_acknowledgement(
    properties: dict[str, Any], given: list[str], message: str
) -> None:
    template = checked({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": properties}}})
    with pytest.raises(AwsError) as refused:
        capabilities.check(template, {"Capabilities": given}, expanded=False)
    assert (refused.value.code, refused.value.message) == (
        "InsufficientCapabilitiesException",
        message,
    )


def test_the_wider_capability_covers_the_narrower() -> None:
    template = checked({"Resources": {"R": {"Type": "AWS::IAM::Role"}}})
    capabilities.check(template, {"Capabilities": ["CAPABILITY_NAMED_IAM"]}, expanded=False)
    with pytest.raises(AwsError, match="CAPABILITY_AUTO_EXPAND"):
        capabilities.check(template, {"Capabilities": ["CAPABILITY_IAM"]}, expanded=True)


def test_loops_within_loops_come_to_an_end() -> None:
    body: dict[str, Any] = {"${A}${B}${C}": {"Type": "AWS::SQS::Queue"}}
    for name in "CBA":
        body = {f"Fn::ForEach::{name}": [name, [str(n) for n in range(100)], body]}
    with pytest.raises(AwsError, match="is repeated too often"):
        loops.expanded({"Resources": body}, lambda value: value)
