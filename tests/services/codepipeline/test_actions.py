"""Actions that call other services: Lambda, CloudFormation, SNS."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.codepipeline.support import BUCKET, ROLE, action, approval, source
from tests.services.functions import make_function, make_role

from cloudarium.pytest_plugin import CloudUnderTest

TEMPLATE = {
    "Parameters": {"Delay": {"Type": "String", "Default": "0"}},
    "Resources": {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": {"Ref": "Delay"}}}
    },
    "Outputs": {"Url": {"Value": {"Ref": "Queue"}}},
}


def put(cloud: CloudUnderTest, path: str, content: object) -> None:
    """Commit a JSON file to `main`."""
    codecommit = cloud.client("codecommit")
    where = {"repositoryName": "profile", "branchName": "main"}
    tip = codecommit.get_branch(**where)["branch"]["commitId"]
    codecommit.put_file(
        **where, filePath=path, fileContent=json.dumps(content).encode(), parentCommitId=tip
    )


@pytest.fixture
def deploy_role(cloud: CloudUnderTest) -> str:
    """A role CloudFormation may do everything with."""
    return make_role(cloud, "deploy", "*", service="cloudformation")


def deploy(name: str, mode: str, role: str, **configuration: str) -> dict[str, Any]:
    """Return a CloudFormation action on the stack `service`."""
    settings = {"ActionMode": mode, "StackName": "service", **configuration}
    if mode != "CHANGE_SET_EXECUTE":
        settings["RoleArn"] = role
    more = {"inputs": ["Source"]} if "TemplatePath" in configuration else {}
    return action(name, "Deploy", "CloudFormation", settings, **more)


def finished(pipelines: Any, execution_id: str) -> str:
    """Let the clock run until an execution has ended and return its status."""
    for _ in range(60):
        status: str = pipelines.status(execution_id)
        if status != "InProgress":
            return status
        pipelines.cloud.advance(1)
    return "InProgress"


def change_set(role: str, **configuration: str) -> dict[str, Any]:
    """Return a stage that makes a change set and executes it."""
    name = {"ChangeSetName": "release"}
    template = {"TemplatePath": "Source::template.json"}
    return {
        "name": "Deploy",
        "actions": [
            deploy("Create", "CHANGE_SET_REPLACE", role, **name, **template, **configuration),
            {**deploy("Execute", "CHANGE_SET_EXECUTE", role, **name), "runOrder": 2},
        ],
    }


def test_a_change_set_deploys_and_updates_a_stack(
    cloud: CloudUnderTest, pipelines: Any, deploy_role: str
) -> None:
    put(cloud, "template.json", TEMPLATE)
    put(cloud, "settings.json", {"Parameters": {"Delay": "1"}, "Tags": {"team": "people"}})
    overrides = json.dumps({"Delay": {"Fn::GetParam": ["Source", "values.json", "delay"]}})
    put(cloud, "values.json", {"delay": "7"})
    stage = change_set(
        deploy_role,
        TemplateConfiguration="Source::settings.json",
        ParameterOverrides=overrides,
    )
    first = pipelines.create(source(), stage)
    assert finished(pipelines, first) == "Succeeded", pipelines.actions(first)
    (stack,) = cloud.client("cloudformation").describe_stacks(StackName="service")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["Parameters"] == [{"ParameterKey": "Delay", "ParameterValue": "7"}]
    assert {"Key": "team", "Value": "people"} in stack["Tags"]
    executed = pipelines.actions(first)["Execute"]["output"]
    assert executed["outputVariables"]["Url"] == stack["Outputs"][0]["OutputValue"]
    assert executed["executionResult"]["externalExecutionId"] == stack["StackId"]
    put(cloud, "values.json", {"delay": "9"})
    second = pipelines.start()
    assert finished(pipelines, second) == "Succeeded", pipelines.actions(second)
    (stack,) = cloud.client("cloudformation").describe_stacks(StackName="service")["Stacks"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    third = pipelines.start()
    assert finished(pipelines, third) == "Succeeded", pipelines.actions(third)


def test_a_stack_that_rolls_back_fails_the_action(
    cloud: CloudUnderTest, pipelines: Any, deploy_role: str
) -> None:
    put(cloud, "template.json", TEMPLATE)
    first = pipelines.create(source(), change_set(deploy_role))
    assert finished(pipelines, first) == "Succeeded", pipelines.actions(first)
    bad = json.loads(json.dumps(TEMPLATE))
    bad["Parameters"]["Delay"]["Default"] = "100000"
    put(cloud, "template.json", bad)
    second = pipelines.start()
    assert finished(pipelines, second) == "Failed"
    error = pipelines.actions(second)["Execute"]["output"]["executionResult"]["errorDetails"]
    assert "UPDATE_ROLLBACK_COMPLETE" in error["message"], error


def test_create_update_and_delete(cloud: CloudUnderTest, pipelines: Any, deploy_role: str) -> None:
    put(cloud, "template.json", TEMPLATE)
    settings = {"TemplatePath": "Source::template.json", "OutputFileName": "outputs.json"}
    create = deploy("Up", "CREATE_UPDATE", deploy_role, **settings)
    create["outputArtifacts"] = [{"name": "Outputs"}]
    delete = deploy("Down", "DELETE_ONLY", deploy_role)
    stages = [
        {"name": "Up", "actions": [create]},
        approval(),
        {"name": "Down", "actions": [delete]},
    ]
    first = pipelines.create(source(), *stages)
    for _ in range(20):
        cloud.advance(1)
    up = pipelines.actions(first)["Up"]
    assert up["status"] == "Succeeded", up
    location = up["output"]["outputArtifacts"][0]["s3location"]
    body = cloud.client("s3").get_object(Bucket=BUCKET, Key=location["key"])["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        outputs = json.loads(archive.read("outputs.json"))
    assert outputs == up["output"]["outputVariables"]
    # The client token makes a step that is taken again after a crash the same request.
    events = cloud.client("cloudformation").describe_stack_events(StackName="service")
    tokens = {event["ClientRequestToken"] for event in events["StackEvents"]}
    assert tokens == {f"{up['actionExecutionId']}-CreateStack"}
    pipelines.decide()
    assert finished(pipelines, first) == "Succeeded", pipelines.actions(first)
    with pytest.raises(ClientError, match="does not exist"):
        cloud.client("cloudformation").describe_stacks(StackName="service")


def test_a_template_that_is_not_in_the_artifact(pipelines: Any, deploy_role: str) -> None:
    first = pipelines.create(source(), change_set(deploy_role))
    assert pipelines.status(first) == "Failed"
    error = pipelines.actions(first)["Create"]["output"]["executionResult"]["errorDetails"]
    assert error["message"] == "File [template.json] does not exist in artifact [Source]"


@pytest.mark.parametrize(
    "overrides",
    ['{"A": {"Fn::GetArtifactAtt": "Source"}}', '{"A": {"Fn::GetParam": ["Source"]}}', "[]"],
)
def test_overrides_of_the_wrong_shape_fail_the_action(
    cloud: CloudUnderTest, pipelines: Any, deploy_role: str, overrides: str
) -> None:
    put(cloud, "template.json", TEMPLATE)
    first = pipelines.create(source(), change_set(deploy_role, ParameterOverrides=overrides))
    assert pipelines.status(first) == "Failed"
    error = pipelines.actions(first)["Create"]["output"]["executionResult"]["errorDetails"]
    assert error["code"] == "ConfigurationError"


def test_an_unresolved_variable_fails_the_action(pipelines: Any) -> None:
    gate = approval()
    gate["actions"][0]["configuration"] = {"CustomData": "#{Nix.CommitId}"}
    first = pipelines.create(source(namespace="Commit"), gate)
    error = pipelines.actions(first)["Approve"]["output"]["executionResult"]["errorDetails"]
    assert "#{Nix.CommitId}" in error["message"]


def test_an_approval_is_asked_for_by_mail(cloud: CloudUnderTest, pipelines: Any) -> None:
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    topic = sns.create_topic(Name="approvals")["TopicArn"]
    queue = sqs.create_queue(QueueName="approvals")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:000000000000:approvals"
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    gate = approval()
    gate["actions"][0]["configuration"] = {
        "NotificationArn": topic,
        "CustomData": "#{Commit.CommitMessage} by #{codepipeline.PipelineExecutionId}",
    }
    first = pipelines.create(source(namespace="Commit"), gate)
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    sent = json.loads(message["Body"])
    assert sent["Subject"] == "APPROVAL NEEDED: AWS CodePipeline profile for action Approve"
    asked = json.loads(sent["Message"])["approval"]
    assert asked["customData"] == f"Begin by {first}"
    (state,) = pipelines.state("Gate")["actionStates"]
    assert asked["token"] == state["latestExecution"]["token"]


HANDLER = """
import json
import boto3

def handler(event, context):
    job = event["CodePipeline.job"]
    boto3.client("sqs").send_message(QueueUrl=QUEUE, MessageBody=json.dumps(job))
"""


@pytest.fixture
def function(cloud: CloudUnderTest) -> str:
    """A function that passes its job on to the queue `jobs`; answers the queue's URL."""
    queue = str(cloud.client("sqs").create_queue(QueueName="jobs")["QueueUrl"])
    make_function(cloud, "work", HANDLER.replace("QUEUE,", f"{queue!r},"), "*")
    return queue


def invoke() -> dict[str, Any]:
    """Return a stage that invokes the function with the source."""
    settings = {"FunctionName": "work", "UserParameters": "#{Commit.CommitId}"}
    one = action("Call", "Invoke", "Lambda", settings, inputs=["Source"])
    return {"name": "Call", "actions": [one]}


def next_job(cloud: CloudUnderTest, queue: str) -> dict[str, Any]:
    """Return the job the function was called with."""
    cloud.settle()
    (message,) = cloud.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    cloud.client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    job: dict[str, Any] = json.loads(message["Body"])
    return job


def test_a_function_does_a_job_in_two_steps(
    cloud: CloudUnderTest, pipelines: Any, function: str
) -> None:
    first = pipelines.create(source(namespace="Commit"), invoke())
    job = next_job(cloud, function)
    (artifact,) = job["data"]["inputArtifacts"]
    keys = job["data"]["artifactCredentials"]
    s3 = cloud.client(
        "s3", credentials=(keys["accessKeyId"], keys["secretAccessKey"], keys["sessionToken"])
    )
    where = artifact["location"]["s3Location"]
    assert s3.get_object(Bucket=where["bucketName"], Key=where["objectKey"])["Body"].read()
    configuration = job["data"]["actionConfiguration"]["configuration"]
    assert len(configuration["UserParameters"]) == 40
    client = pipelines.client
    details = client.get_job_details(jobId=job["id"])["jobDetails"]
    assert details["data"]["actionConfiguration"]["configuration"] == configuration
    client.put_job_success_result(jobId=job["id"], continuationToken="half")
    with pytest.raises(ClientError, match="InvalidJobState"):
        client.put_job_success_result(jobId=job["id"])
    cloud.advance(31)
    again = next_job(cloud, function)
    assert again["data"]["continuationToken"] == "half"
    client.put_job_success_result(jobId=again["id"], outputVariables={"a": "1"})
    cloud.settle()
    assert pipelines.status(first) == "Succeeded"
    assert pipelines.actions(first)["Call"]["output"]["outputVariables"] == {"a": "1"}


def test_a_function_lets_the_action_fail(
    cloud: CloudUnderTest, pipelines: Any, function: str
) -> None:
    first = pipelines.create(source(namespace="Commit"), invoke())
    job = next_job(cloud, function)
    failure = {"type": "JobFailed", "message": "no"}
    pipelines.client.put_job_failure_result(jobId=job["id"], failureDetails=failure)
    error = pipelines.actions(first)["Call"]["output"]["executionResult"]["errorDetails"]
    assert error == {"code": "JobFailed", "message": "no"}
    other = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(ClientError, match="JobNotFound"):
        pipelines.client.put_job_failure_result(jobId=other, failureDetails=failure)


def test_a_function_that_never_reports_times_out(
    cloud: CloudUnderTest, pipelines: Any, function: str
) -> None:
    first = pipelines.create(source(namespace="Commit"), invoke())
    next_job(cloud, function)
    cloud.advance(20 * 60 + 1)
    error = pipelines.actions(first)["Call"]["output"]["executionResult"]["errorDetails"]
    assert "failed to return a result" in error["message"]


def test_an_action_may_have_a_role_of_its_own(cloud: CloudUnderTest, pipelines: Any) -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "sts:AssumeRole"}
    iam = cloud.client("iam")
    role = iam.create_role(
        RoleName="reader",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    stage = source(roleArn=role["Role"]["Arn"])
    first = pipelines.create(stage, approval())
    error = pipelines.actions(first)["Fetch"]["output"]["executionResult"]["errorDetails"]
    assert "assumed-role/reader/" in error["message"]
    assert "codecommit:GetBranch" in error["message"]
