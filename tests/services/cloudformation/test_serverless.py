"""A serverless application: function, role, table and API from a SAM template."""

import json
from typing import Any

import pytest
from tests.services.functions import bundle

from cloudarium.pytest_plugin import CloudUnderTest

SAM = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Bundle: {Type: String}
Globals:
  Function: {Runtime: python3.11}
Resources:
  Table:
    Type: AWS::Serverless::SimpleTable
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handle
      CodeUri: {Bucket: code, Key: !Ref Bundle}
      Policies: [AWSLambdaBasicExecutionRole]
      Environment: {Variables: {TABLE: !Ref Table}}
      Events:
        Get: {Type: Api, Properties: {Path: /hello, Method: get}}
Outputs:
  Function: {Value: !Ref Hello}
  Url: {Value: !Sub "${ServerlessRestApi}/Prod/hello"}
"""


@pytest.fixture(autouse=True)
def bundles(cloud: CloudUnderTest) -> None:
    """Two versions of the function in S3."""
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="code")
    for version in ("one", "two"):
        source = f"def handle(event, context):\n    return '{version}'\n"
        s3.put_object(Bucket="code", Key=version, Body=bundle(source))


def deployed(cloud: CloudUnderTest, stacks: Any, bundle: str, kind: str = "UPDATE") -> str:
    """Deploy a bundle by a change set, as the CLI does; return the stack's status."""
    request = {"StackName": "app", "ChangeSetName": "deploy"}
    stacks.client.create_change_set(
        **request,
        ChangeSetType=kind,
        TemplateBody=SAM,
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": "Bundle", "ParameterValue": bundle}],
    )
    stacks.client.execute_change_set(**request)
    cloud.settle()
    for _ in range(60):
        if not stacks.described("app")["StackStatus"].endswith("_IN_PROGRESS"):
            break
        cloud.advance(1)
    return str(stacks.described("app")["StackStatus"])


def answered(cloud: CloudUnderTest, stacks: Any) -> Any:
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stacks.described("app")["Outputs"]}
    answer = cloud.client("lambda").invoke(FunctionName=outputs["Function"])
    return json.loads(answer["Payload"].read())


def test_an_application_is_deployed_updated_and_rolled_back(
    cloud: CloudUnderTest, stacks: Any
) -> None:
    assert deployed(cloud, stacks, "one", "CREATE") == "CREATE_COMPLETE"
    first = stacks.physical_ids("app")
    assert answered(cloud, stacks) == "one"
    assert deployed(cloud, stacks, "two") == "UPDATE_COMPLETE"
    assert stacks.physical_ids("app") == first
    assert answered(cloud, stacks) == "two"
    assert deployed(cloud, stacks, "none") == "UPDATE_ROLLBACK_COMPLETE"
    (reason,) = [r for name, s, r in stacks.events("app") if s == "UPDATE_FAILED"]
    assert "NoSuchKey" in reason
    assert stacks.physical_ids("app") == first
    assert answered(cloud, stacks) == "two"
    processed = stacks.client.get_template(StackName="app", TemplateStage="Processed")
    assert processed["TemplateBody"]["Resources"]["Hello"]["Type"] == "AWS::Lambda::Function"
    assert stacks.client.get_template(StackName="app")["TemplateBody"] == SAM


def test_what_sam_refuses_is_a_failed_change_set(stacks: Any) -> None:
    stacks.client.create_change_set(
        StackName="app",
        ChangeSetName="deploy",
        ChangeSetType="CREATE",
        TemplateBody=SAM.replace("Handler: app.handle", "Handler: app.handle\n      Nope: 1"),
        Parameters=[{"ParameterKey": "Bundle", "ParameterValue": "one"}],
    )
    described = stacks.client.describe_change_set(StackName="app", ChangeSetName="deploy")
    assert described["Status"] == "FAILED"
    assert described["StatusReason"] == (
        "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application "
        "Specification document. Number of errors found: 1. Resource with id [Hello] is invalid. "
        "property Nope not defined for resource of type AWS::Serverless::Function"
    )
