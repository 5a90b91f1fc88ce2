"""CodeBuild's CloudFormation resource type, in real stacks."""

from __future__ import annotations

import json

from cloudarium.pytest_plugin import CloudUnderTest


def template(description: str) -> str:
    """A project with its role."""
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "codebuild.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
    project = {
        "Name": "made",
        "Description": description,
        "ServiceRole": {"Fn::GetAtt": ["Role", "Arn"]},
        "Source": {"Type": "NO_SOURCE", "BuildSpec": "version: 0.2\n"},
        "Artifacts": {"Type": "NO_ARTIFACTS"},
        "Environment": {
            "Type": "LINUX_CONTAINER",
            "Image": "aws/codebuild/standard:7.0",
            "ComputeType": "BUILD_GENERAL1_SMALL",
            "EnvironmentVariables": [{"Name": "COLOUR", "Value": "green"}],
        },
        "Cache": {"Type": "LOCAL", "Modes": ["LOCAL_CUSTOM_CACHE"]},
        "TimeoutInMinutes": 10,
    }
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
        "Project": {"Type": "AWS::CodeBuild::Project", "Properties": project},
    }
    return json.dumps({"Resources": resources})


def test_a_project_is_made_changed_and_removed(cloud: CloudUnderTest) -> None:
    cloudformation, codebuild = cloud.client("cloudformation"), cloud.client("codebuild")

    def status() -> str:
        cloud.settle()
        return str(cloudformation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"])

    request = {"StackName": "s", "Capabilities": ["CAPABILITY_IAM"]}
    cloudformation.create_stack(TemplateBody=template("old"), **request)
    assert status() == "CREATE_COMPLETE"
    (made,) = codebuild.batch_get_projects(names=["made"])["projects"]
    assert made["timeoutInMinutes"] == 10
    assert made["cache"]["modes"] == ["LOCAL_CUSTOM_CACHE"]
    assert made["environment"]["environmentVariables"] == [
        {"name": "COLOUR", "value": "green", "type": "PLAINTEXT"}
    ]
    cloudformation.update_stack(TemplateBody=template("new"), **request)
    assert status() == "UPDATE_COMPLETE"
    (changed,) = codebuild.batch_get_projects(names=["made"])["projects"]
    assert changed["description"] == "new"
    cloudformation.delete_stack(StackName="s")
    cloud.settle()
    assert codebuild.list_projects()["projects"] == []
