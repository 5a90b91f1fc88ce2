"""A repository, its pipeline and the rule between them as one CloudFormation stack."""

from __future__ import annotations

import json
from typing import Any

from tests.services.codepipeline.support import BUCKET, ROLE

from cloudarium.pytest_plugin import CloudUnderTest

TEMPLATE: dict[str, Any] = {
    "Parameters": {
        "Description": {"Type": "String", "Default": "Who is who"},
        "Gate": {"Type": "String", "Default": "Gate"},
    },
    "Resources": {
        "Repository": {
            "Type": "AWS::CodeCommit::Repository",
            "Properties": {
                "RepositoryName": "people",
                "RepositoryDescription": {"Ref": "Description"},
                "Tags": [{"Key": "team", "Value": "people"}],
            },
        },
        "Pipeline": {
            "Type": "AWS::CodePipeline::Pipeline",
            "Properties": {
                "Name": "people",
                "PipelineType": "V2",
                "RoleArn": ROLE,
                "ArtifactStore": {"Type": "S3", "Location": BUCKET},
                "Variables": [{"Name": "Who", "DefaultValue": "all"}],
                "DisableInboundStageTransitions": [
                    {"StageName": {"Ref": "Gate"}, "Reason": "Wait"}
                ],
                "Tags": [{"Key": "team", "Value": "people"}],
                "Stages": [
                    {
                        "Name": "Source",
                        "Actions": [
                            {
                                "Name": "Fetch",
                                "ActionTypeId": {
                                    "Category": "Source",
                                    "Owner": "AWS",
                                    "Provider": "CodeCommit",
                                    "Version": "1",
                                },
                                "Configuration": {
                                    "RepositoryName": {"Fn::GetAtt": ["Repository", "Name"]},
                                    "BranchName": "main",
                                    "PollForSourceChanges": False,
                                },
                                "OutputArtifacts": [{"Name": "Source"}],
                            }
                        ],
                    },
                    {
                        "Name": {"Ref": "Gate"},
                        "Actions": [
                            {
                                "Name": "Approve",
                                "ActionTypeId": {
                                    "Category": "Approval",
                                    "Owner": "AWS",
                                    "Provider": "Manual",
                                    "Version": "1",
                                },
                                "RunOrder": "1",
                            }
                        ],
                    },
                ],
            },
        },
        "RuleRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "events.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                },
                "Policies": [
                    {
                        "PolicyName": "start",
                        "PolicyDocument": {
                            "Version": "2012-10-17",
                            "Statement": [
                                {
                                    "Effect": "Allow",
                                    "Action": "codepipeline:StartPipelineExecution",
                                    "Resource": "*",
                                }
                            ],
                        },
                    }
                ],
            },
        },
        "OnPush": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": {
                    "source": ["aws.codecommit"],
                    "resources": [{"Fn::GetAtt": ["Repository", "Arn"]}],
                    "detail": {"event": ["referenceCreated", "referenceUpdated"]},
                },
                "Targets": [
                    {
                        "Id": "pipeline",
                        "Arn": {
                            "Fn::Sub": "arn:aws:codepipeline:${AWS::Region}:${AWS::AccountId}"
                            ":${Pipeline}"
                        },
                        "RoleArn": {"Fn::GetAtt": ["RuleRole", "Arn"]},
                    }
                ],
            },
        },
    },
    "Outputs": {
        "RepositoryId": {"Value": {"Ref": "Repository"}},
        "Http": {"Value": {"Fn::GetAtt": ["Repository", "CloneUrlHttp"]}},
        "Ssh": {"Value": {"Fn::GetAtt": ["Repository", "CloneUrlSsh"]}},
        "Version": {"Value": {"Fn::GetAtt": ["Pipeline", "Version"]}},
    },
}


def stack(cloud: CloudUnderTest) -> tuple[str, dict[str, str]]:
    """Let the stack come to rest; return its status and outputs."""
    client = cloud.client("cloudformation")
    for _ in range(60):
        (found,) = client.describe_stacks(StackName="people")["Stacks"]
        if not found["StackStatus"].endswith("IN_PROGRESS"):
            break
        cloud.advance(1)
    outputs = {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}
    return found["StackStatus"], outputs


def test_a_stack_of_repository_pipeline_and_rule(cloud: CloudUnderTest, pipelines: Any) -> None:
    formation, codecommit = cloud.client("cloudformation"), cloud.client("codecommit")
    asked = {"StackName": "people", "Capabilities": ["CAPABILITY_IAM"]}
    formation.create_stack(**asked, TemplateBody=json.dumps(TEMPLATE))
    status, outputs = stack(cloud)
    assert status == "CREATE_COMPLETE", formation.describe_stack_events(StackName="people")
    found = codecommit.get_repository(repositoryName="people")["repositoryMetadata"]
    assert outputs["RepositoryId"] == found["repositoryId"]
    assert outputs["Http"] == found["cloneUrlHttp"]
    assert outputs["Ssh"] == found["cloneUrlSsh"]
    assert found["repositoryDescription"] == "Who is who"
    declared = pipelines.client.get_pipeline(name="people")["pipeline"]
    assert declared["stages"][0]["actions"][0]["configuration"]["PollForSourceChanges"] == "false"
    assert outputs["Version"] == "1"
    state = pipelines.client.get_pipeline_state(name="people")["stageStates"][1]
    assert state["inboundTransitionState"]["disabledReason"] == "Wait"

    codecommit.put_file(repositoryName="people", branchName="main", filePath="a", fileContent=b"1")
    cloud.settle()
    listed = pipelines.client.list_pipeline_executions(pipelineName="people")
    statuses = [one["status"] for one in listed["pipelineExecutionSummaries"]]
    assert statuses == ["InProgress", "Failed"]
    trigger = listed["pipelineExecutionSummaries"][0]["trigger"]
    assert trigger["triggerType"] == "CloudWatchEvent"
    assert trigger["triggerDetail"].startswith("arn:aws:events:us-east-1:000000000000:rule/people-")

    changed = [{"ParameterKey": "Description", "ParameterValue": "All of them"}]
    changed.append({"ParameterKey": "Gate", "ParameterValue": "Last"})
    formation.update_stack(**asked, TemplateBody=json.dumps(TEMPLATE), Parameters=changed)
    status, outputs = stack(cloud)
    assert (status, outputs["Version"]) == ("UPDATE_COMPLETE", "2")
    found = codecommit.get_repository(repositoryName="people")["repositoryMetadata"]
    assert found["repositoryDescription"] == "All of them"

    formation.delete_stack(StackName="people")
    for _ in range(20):
        cloud.advance(1)
    assert pipelines.client.list_pipelines()["pipelines"] == []
    names = [one["repositoryName"] for one in codecommit.list_repositories()["repositories"]]
    assert names == ["profile"]
