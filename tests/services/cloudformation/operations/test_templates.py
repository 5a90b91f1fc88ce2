"""Templates: kept as submitted, validated, summarized, read from S3."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

QUEUE = {"Type": "AWS::SQS::Queue"}
YAML = """# my queue
AWSTemplateFormatVersion: 2010-09-09
Description: a queue
Metadata: {a: b}
Parameters:
  Size: {Type: Number, Default: 1, Description: how long, AllowedValues: [1, 2]}
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: !Ref Size}}
"""
LOOP = """
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Queues:
    - Name
    - [One, Two]
    - "Queue${Name}": {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "q-${Name}"}}
"""


def test_a_template_is_given_back_as_it_came(stacks: Any) -> None:
    stacks.client.create_stack(StackName="shop", TemplateBody=YAML)
    for stage in ("Original", "Processed"):
        answer = stacks.client.get_template(StackName="shop", TemplateStage=stage)
        assert answer["TemplateBody"] == YAML
        assert answer["StagesAvailable"] == ["Original", "Processed"]


def test_a_template_is_validated_and_its_parameters_told(stacks: Any) -> None:
    answer = stacks.client.validate_template(TemplateBody=YAML)
    assert answer["Parameters"] == [
        {
            "ParameterKey": "Size",
            "DefaultValue": "1",
            "NoEcho": False,
            "Description": "how long",
        }
    ]
    assert answer["Description"] == "a queue"
    assert "Capabilities" not in answer
    role = {"Resources": {"R": {"Type": "AWS::IAM::Role"}, "Q": QUEUE}}
    answer = stacks.client.validate_template(TemplateBody=json.dumps(role))
    assert answer["Capabilities"] == ["CAPABILITY_IAM"]
    assert answer["CapabilitiesReason"] == (
        "The following resource(s) require capabilities: [AWS::IAM::Role]"
    )
    with pytest.raises(ClientError, match=r"Template format error: JSON not well-formed\."):
        stacks.client.validate_template(TemplateBody='{"Resources": [')


def test_a_template_is_summarized(stacks: Any) -> None:
    stacks.client.create_stack(StackName="shop", TemplateBody=YAML)
    for request in ({"TemplateBody": YAML}, {"StackName": "shop"}):
        answer = stacks.client.get_template_summary(**request)
        assert answer["Parameters"] == [
            {
                "ParameterKey": "Size",
                "DefaultValue": "1",
                "ParameterType": "Number",
                "NoEcho": False,
                "Description": "how long",
                "ParameterConstraints": {"AllowedValues": ["1", "2"]},
            }
        ]
        assert answer["ResourceTypes"] == ["AWS::SQS::Queue"]
        assert answer["Version"] == "2010-09-09"
        assert json.loads(answer["Metadata"]) == {"a": "b"}
        assert answer["ResourceIdentifierSummaries"] == [
            {"ResourceType": "AWS::SQS::Queue", "LogicalResourceIds": ["Queue"]}
        ]


def test_a_stack_under_review_has_no_summary(stacks: Any) -> None:
    stacks.client.create_change_set(
        StackName="shop", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=YAML
    )
    with pytest.raises(ClientError, match="cannot be called on REVIEW_IN_PROGRESS stacks"):
        stacks.client.get_template_summary(StackName="shop")
    answer = stacks.client.get_template(StackName="shop", ChangeSetName="c")
    assert answer["TemplateBody"] == YAML


def test_loops_are_expanded_before_anything_is_made(cloud: CloudUnderTest, stacks: Any) -> None:
    with pytest.raises(ClientError) as refused:
        stacks.client.create_stack(StackName="shop", TemplateBody=LOOP)
    assert refused.value.response["Error"] == {
        "Type": "Sender",
        "Code": "InsufficientCapabilitiesException",
        "Message": "Requires capabilities : [CAPABILITY_AUTO_EXPAND]",
    }
    stacks.client.create_stack(
        StackName="shop", TemplateBody=LOOP, Capabilities=["CAPABILITY_AUTO_EXPAND"]
    )
    cloud.settle()
    assert sorted(stacks.physical_ids("shop")) == ["QueueOne", "QueueTwo"]
    answer = stacks.client.get_template(StackName="shop", TemplateStage="Processed")
    assert list(answer["TemplateBody"]["Resources"]) == ["QueueOne", "QueueTwo"]


def test_a_template_is_read_from_s3(cloud: CloudUnderTest, stacks: Any) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key="shop.yaml", Body=YAML.encode())
    addresses = (
        "https://templates.s3.us-east-1.amazonaws.com/shop.yaml",
        "https://s3.us-east-1.amazonaws.com/templates/shop.yaml",
        "https://templates.s3.amazonaws.com/shop.yaml",
        "http://localhost:4566/templates/shop.yaml",
        "http://templates.s3.localhost:4566/shop.yaml",
        "http://localhost.localstack.cloud:4566/templates/shop.yaml",
    )
    for url in addresses:
        assert stacks.client.validate_template(TemplateURL=url)["Description"] == "a queue"
    with pytest.raises(ClientError, match=r"S3 error: The specified key does not exist\."):
        stacks.client.validate_template(TemplateURL="http://localhost:4566/templates/none")
    with pytest.raises(ClientError, match=r"TemplateURL must be a supported URL\."):
        stacks.client.validate_template(TemplateURL="ftp://example.com/a")


def test_pieces_are_included_from_s3(cloud: CloudUnderTest, stacks: Any) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="templates")
    s3.put_object(Bucket="templates", Key="queue.yaml", Body=b"DelaySeconds: 3")
    include = {"Name": "AWS::Include", "Parameters": {"Location": "s3://templates/queue.yaml"}}
    resources = {"A": {**QUEUE, "Properties": {"Fn::Transform": include}}}
    stacks.create("shop", resources)
    url = stacks.physical_ids("shop")["A"]
    answer = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    assert answer["Attributes"]["DelaySeconds"] == "3"
