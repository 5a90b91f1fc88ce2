"""Pipelines: what is taken, what is refused, versions, tags, permissions, events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.codepipeline.support import ROLE, action, approval, pipeline, source

from cloudarium.pytest_plugin import CloudUnderTest

ARN = "arn:aws:codepipeline:us-east-1:000000000000:profile"


def refused(call: Any, **parameters: Any) -> tuple[str, str]:
    """Return code and message of the error a call is answered with."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_pipeline_is_answered_with_its_defaults(cloud: CloudUnderTest, pipelines: Any) -> None:
    client = pipelines.client
    made = client.create_pipeline(
        pipeline=pipeline(source(), approval()), tags=[{"key": "team", "value": "people"}]
    )
    assert made["tags"] == [{"key": "team", "value": "people"}]
    declared = made["pipeline"]
    assert (declared["version"], declared["pipelineType"]) == (1, "V1")
    assert declared["executionMode"] == "SUPERSEDED"
    assert declared["stages"][1]["actions"][0]["runOrder"] == 1
    found = client.get_pipeline(name="profile")
    assert found["pipeline"] == declared
    assert found["metadata"]["pipelineArn"] == ARN
    assert found["metadata"]["created"].timestamp() == cloud.now
    code, message = refused(client.create_pipeline, pipeline=pipeline(source(), approval()))
    assert code == "PipelineNameInUseException"
    assert message == "A pipeline with the name 'profile' already exists in account '000000000000'"


def test_versions_are_kept(pipelines: Any) -> None:
    client = pipelines.client
    client.create_pipeline(pipeline=pipeline(source(), approval()))
    same = client.update_pipeline(pipeline=pipeline(source(), approval()))["pipeline"]
    assert same == client.get_pipeline(name="profile")["pipeline"]
    assert same["version"] == 1
    updated = client.update_pipeline(pipeline=pipeline(source(), approval("Other")))["pipeline"]
    assert updated["version"] == 2
    assert client.get_pipeline(name="profile", version=1)["pipeline"]["stages"][1]["name"] == "Gate"
    assert client.get_pipeline(name="profile")["pipeline"]["stages"][1]["name"] == "Other"
    (listed,) = client.list_pipelines()["pipelines"]
    assert (listed["name"], listed["version"]) == ("profile", 2)
    code, _ = refused(client.get_pipeline, name="profile", version=3)
    assert code == "PipelineVersionNotFoundException"


def test_what_does_not_exist_is_named(pipelines: Any) -> None:
    client = pipelines.client
    missing = (
        "PipelineNotFoundException",
        "Account '000000000000' does not have a pipeline with name 'nix'",
    )
    assert refused(client.get_pipeline, name="nix") == missing
    assert refused(client.get_pipeline_state, name="nix") == missing
    assert refused(client.start_pipeline_execution, name="nix") == missing
    assert refused(client.list_pipeline_executions, pipelineName="nix") == missing
    client.delete_pipeline(name="nix")
    pipelines.create(source(), approval())
    other = "00000000-0000-4000-8000-000000000000"
    code, _ = refused(
        client.get_pipeline_execution, pipelineName="profile", pipelineExecutionId=other
    )
    assert code == "PipelineExecutionNotFoundException"
    code, _ = refused(client.list_pipelines, nextToken="x")
    assert code == "InvalidNextTokenException"


def test_a_deleted_pipeline_does_nothing_more(cloud: CloudUnderTest, pipelines: Any) -> None:
    pipelines.create(source(poll="true"), approval())
    pipelines.client.delete_pipeline(name="profile")
    cloud.advance(8 * 24 * 3600)
    assert pipelines.client.list_pipelines()["pipelines"] == []


Change = Callable[[dict[str, Any]], Any]


def _first(declared: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = declared["stages"][0]["actions"][0]
    return found


STRUCTURE = "InvalidStructureException"
STAGE = "InvalidStageDeclarationException"
ACTION = "InvalidActionDeclarationException"
BUILD = action("Build", "Build", "CodeBuild", {"ProjectName": "p"}, inputs=["Source"])
DEPLOY = {"ActionMode": "CREATE_UPDATE", "StackName": "s"}


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (
            lambda one: one.update(stages=one["stages"][:1]),
            STRUCTURE,
            "Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline",
        ),
        (
            lambda one: one["stages"].reverse(),
            STRUCTURE,
            "Pipeline should start with a stage that only contains source actions",
        ),
        (
            lambda one: one["stages"].append(source()),
            STAGE,
            "Stage name 'Source' is used more than once",
        ),
        (
            lambda one: one.update(stages=[source(), {**source(), "name": "Late"}]),
            STRUCTURE,
            "Pipeline should contain at least 1 action whose category is not Source",
        ),
        (
            lambda one: one["stages"].extend({**approval(), "name": f"S{n}"} for n in range(49)),
            STRUCTURE,
            "Pipeline has too many stages. There can only be up to 50 stages in a pipeline",
        ),
        (
            lambda one: _first(one).update(region="us-west-2"),
            "ValidationException",
            "Your pipeline contains actions in more than one region. Use 'pipeline.artifactStores'",
        ),
        (
            lambda one: one.update(artifactStores={"us-west-2": one.pop("artifactStore")}),
            "ValidationException",
            "The following region is missing in 'pipeline.artifactStores': us-east-1.",
        ),
        (
            lambda one: one["stages"].append({**source(), "name": "Late"}),
            STRUCTURE,
            "Source actions can only be included in the first stage of the pipeline",
        ),
        (lambda one: one.pop("artifactStore"), STRUCTURE, "exactly one of artifactStore"),
        (
            lambda one: one.update(roleArn="arn:aws:iam::000000000000:role/nix"),
            STRUCTURE,
            "CodePipeline is not authorized to perform AssumeRole on role "
            "arn:aws:iam::000000000000:role/nix",
        ),
        (
            lambda one: one.update(variables=[{"name": "X"}]),
            STRUCTURE,
            "Pipeline variable can only be used with V2 pipelines",
        ),
        (
            lambda one: one.update(variables=[{"name": "X"}] * 2, pipelineType="V2"),
            STRUCTURE,
            "Variable names must be unique. The following variable name is already in use: X",
        ),
        (
            lambda one: one.update(executionMode="QUEUED"),
            STRUCTURE,
            "QUEUED or PARALLEL mode can only be used with V2 pipelines",
        ),
        (
            lambda one: one["stages"][1].update(onFailure={"result": "ROLLBACK"}),
            STRUCTURE,
            "onFailure of stage 'Gate' is not supported",
        ),
        (lambda one: one["stages"][1].update(actions=[]), STAGE, "Stage 'Gate' has no actions"),
        (
            lambda one: one["stages"][1]["actions"].append(one["stages"][1]["actions"][0]),
            STAGE,
            "Duplicate action name 'Approve' in stage 'Gate'",
        ),
        (
            lambda one: _first(one)["actionTypeId"].update(provider="GitWhat"),
            ACTION,
            "ActionType (Category: 'Source', Provider: 'GitWhat', Owner: 'AWS', Version: '1') in "
            "action 'Fetch' is not available in region 'US_EAST_1'",
        ),
        (
            lambda one: _first(one)["configuration"].pop("BranchName"),
            ACTION,
            "Action configuration for action 'Fetch' is missing required configuration "
            "'BranchName'",
        ),
        (
            lambda one: _first(one)["configuration"].update(Branch="x"),
            ACTION,
            "Action configuration for action 'Fetch' contains unknown configuration 'Branch'",
        ),
        (
            lambda one: _first(one)["configuration"].update(PollForSourceChanges="maybe"),
            ACTION,
            "invalid value 'maybe' for 'PollForSourceChanges'",
        ),
        (
            lambda one: _first(one).update(outputArtifacts=[]),
            ACTION,
            "Action Fetch declares 0 output artifacts which is less than the minimum count (1)",
        ),
        (
            lambda one: one["stages"][1]["actions"][0].update(inputArtifacts=[{"name": "Source"}]),
            ACTION,
            "Action Approve declares 1 input artifacts which is more than the maximum count (0)",
        ),
        (
            lambda one: one["stages"].append(
                {"name": "B", "actions": [{**BUILD, "inputArtifacts": [{"name": "Nix"}]}]}
            ),
            ACTION,
            "Input Artifact Bundle Nix in action Build is not declared as Output Artifact Bundle",
        ),
        (
            lambda one: one["stages"].append(
                {"name": "B", "actions": [{**BUILD, "outputArtifacts": [{"name": "Source"}]}]}
            ),
            ACTION,
            "Output Artifact Bundle name must be unique within the pipeline. Source",
        ),
        (
            lambda one: one["stages"].append(
                {"name": "D", "actions": [action("D", "Deploy", "CloudFormation", DEPLOY)]}
            ),
            ACTION,
            "missing required configuration 'RoleArn'",
        ),
        (
            lambda one: [
                _first(one).update(namespace="N"),
                one["stages"][1]["actions"][0].update(namespace="N"),
            ],
            ACTION,
            "Namespace must be unique",
        ),
    ],
)
def test_a_bad_declaration_is_refused(
    pipelines: Any, change: Change, code: str, message: str
) -> None:
    declared = pipeline(source(), approval())
    change(declared)
    found = refused(pipelines.client.create_pipeline, pipeline=declared)
    assert found[0] == code, found
    assert message in found[1]
    assert pipelines.client.list_pipelines()["pipelines"] == []


def test_variables_of_a_v2_pipeline(cloud: CloudUnderTest, pipelines: Any) -> None:
    declared = [{"name": "Who", "defaultValue": "all"}, {"name": "Why"}]
    first = {"name": "Who", "value": "me"}
    code, message = refused(
        pipelines.client.create_pipeline,
        pipeline=pipeline(source(), approval(), pipelineType="V2", variables=declared),
    )
    assert (code, "'Why' has no default value" in message) == ("ValidationException", True)
    pipelines.create(source(), approval(), pipelineType="V2", variables=declared[:1])
    execution_id = pipelines.start(variables=[first])
    answer = pipelines.client.get_pipeline_execution(
        pipelineName="profile", pipelineExecutionId=execution_id
    )["pipelineExecution"]
    assert answer["variables"] == [{"name": "Who", "resolvedValue": "me"}]
    code, message = refused(
        pipelines.client.start_pipeline_execution,
        name="profile",
        variables=[{"name": "Nix", "value": "x"}],
    )
    assert (code, "'Nix' is not declared" in message) == ("ValidationException", True)


def test_tags(pipelines: Any) -> None:
    client = pipelines.client
    pipelines.create(source(), approval())
    client.tag_resource(resourceArn=ARN, tags=[{"key": "a", "value": "1"}])
    client.tag_resource(resourceArn=ARN, tags=[{"key": "b", "value": "2"}])
    client.untag_resource(resourceArn=ARN, tagKeys=["a"])
    assert client.list_tags_for_resource(resourceArn=ARN)["tags"] == [{"key": "b", "value": "2"}]
    bad = [{"key": "aws:x", "value": "1"}]
    code, _ = refused(client.tag_resource, resourceArn=ARN, tags=bad)
    assert code == "InvalidTagsException"
    code, _ = refused(client.list_tags_for_resource, resourceArn=f"{ARN}-nix")
    assert code == "ResourceNotFoundException"


def test_a_user_needs_the_action_and_to_pass_the_role(
    cloud: CloudUnderTest, pipelines: Any
) -> None:
    iam = cloud.client("iam")
    iam.create_user(UserName="alice")
    keys = iam.create_access_key(UserName="alice")["AccessKey"]
    alice = cloud.client("codepipeline", credentials=(keys["AccessKeyId"], keys["SecretAccessKey"]))
    declared = pipeline(source(), approval())
    code, message = refused(alice.create_pipeline, pipeline=declared)
    assert code == "AccessDeniedException"
    assert f"codepipeline:CreatePipeline on resource: {ARN}" in message
    allow = {"Effect": "Allow", "Action": "codepipeline:*", "Resource": f"{ARN}*"}
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    iam.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=json.dumps(policy))
    _, message = refused(alice.create_pipeline, pipeline=declared)
    assert f"iam:PassRole on resource: {ROLE}" in message
    pipelines.create(source(), approval())
    assert alice.start_pipeline_execution(name="profile")["pipelineExecutionId"]


def test_a_role_without_permission_fails_the_action(cloud: CloudUnderTest, pipelines: Any) -> None:
    allow = {"Effect": "Allow", "Action": ["codecommit:Get*", "s3:*"], "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [allow]}
    iam = cloud.client("iam")
    iam.put_role_policy(RoleName="pipeline", PolicyName="all", PolicyDocument=json.dumps(policy))
    first = pipelines.create(source(), approval())
    assert pipelines.status(first) == "Failed"
    error = pipelines.actions(first)["Fetch"]["output"]["executionResult"]["errorDetails"]
    assert error["code"] == "PermissionError"
    assert "is not authorized to perform: codecommit:UploadArchive on resource:" in error["message"]


def test_a_missing_branch_fails_the_source(pipelines: Any) -> None:
    stage = source()
    _first({"stages": [stage]})["configuration"]["BranchName"] = "nix"
    first = pipelines.create(stage, approval())
    error = pipelines.actions(first)["Fetch"]["output"]["executionResult"]["errorDetails"]
    assert error["message"] == (
        "The action failed because no branch named nix was found in the selected AWS CodeCommit "
        "repository profile. Make sure you are using the correct branch name, and then try again. "
        "Error: null"
    )


def test_every_change_of_state_is_an_event(cloud: CloudUnderTest, pipelines: Any) -> None:
    sqs, events = cloud.client("sqs"), cloud.client("events")
    queue = sqs.create_queue(QueueName="told")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:000000000000:told"
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    pattern = {"source": ["aws.codepipeline"]}
    events.put_rule(Name="all", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": arn}])
    first = pipelines.create(source(), approval())
    pipelines.decide()
    told: list[dict[str, Any]] = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        told += [json.loads(message["Body"]) for message in messages]
    assert {one["detail"]["execution-id"] for one in told} == {first}
    assert {tuple(one["resources"]) for one in told} == {(ARN,)}
    found = sorted(
        (
            one["detail-type"].split()[1],
            one["detail"].get("action") or one["detail"].get("stage", ""),
            one["detail"]["state"],
        )
        for one in told
    )
    assert found == [
        ("Action", "Approve", "STARTED"),
        ("Action", "Approve", "SUCCEEDED"),
        ("Action", "Fetch", "STARTED"),
        ("Action", "Fetch", "SUCCEEDED"),
        ("Pipeline", "", "STARTED"),
        ("Pipeline", "", "SUCCEEDED"),
        ("Stage", "Gate", "STARTED"),
        ("Stage", "Gate", "SUCCEEDED"),
        ("Stage", "Source", "STARTED"),
        ("Stage", "Source", "SUCCEEDED"),
    ]
