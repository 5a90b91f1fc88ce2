"""What happens to code calls functions too: pushes, pipelines, stacks; one running server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.life.listeners import Listener
from tests.life.server import Server, until
from tests.life.test_git import commit, credentials, git, repository, work

ACCOUNT = "000000000000"
# A pipeline's job that tells what it got and reports success.
JOB = """
import json, os, boto3

def handle(event, context):
    job = event["CodePipeline.job"]
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps(job))
    boto3.client("codepipeline").put_job_success_result(jobId=job["id"])
"""
# A custom resource that upper-cases its property.
MAKER = """
import json, os, urllib.request, boto3

def handle(event, context):
    answer = {
        "Status": "SUCCESS",
        "PhysicalResourceId": "made",
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": {"Loud": event["ResourceProperties"]["Text"].upper()},
    }
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=json.dumps(event))
    request = urllib.request.Request(
        event["ResponseURL"], json.dumps(answer).encode(), {"Content-Type": ""}, method="PUT"
    )
    urllib.request.urlopen(request)
"""


def _pushed(server: Server, name: str, folder: Path) -> tuple[str, str, Path]:
    """Push a first commit; return the URL, the commit and the working copy."""
    who = credentials(server, f"{name}-writer", "codecommit:GitPull", "codecommit:GitPush")
    url = repository(server, name, who)
    here = work(folder / name, README="first\n")
    git(here, "push", "--quiet", url, "main")
    return url, git(here, "rev-parse", "HEAD").strip(), here


def test_a_push_triggers_a_function(shared: Server, tmp_path: Path) -> None:
    url, _, here = _pushed(shared, "watched", tmp_path)
    arn = f"arn:aws:codecommit:us-east-1:{ACCOUNT}:watched"
    listener = Listener(shared, "pushes").allow("codecommit.amazonaws.com", arn)
    trigger = {
        "name": "tell",
        "destinationArn": listener.arn,
        "customData": "hello",
        "branches": ["main"],
        "events": ["updateReference"],
    }
    shared.client("codecommit").put_repository_triggers(
        repositoryName="watched", triggers=[trigger]
    )
    tip = commit(here, README="second\n")
    git(here, "push", "--quiet", url, "main")
    (record,) = listener.told()["Records"]
    assert (record["eventSource"], record["customData"]) == ("aws:codecommit", "hello")
    assert record["codecommit"]["references"] == [{"commit": tip, "ref": "refs/heads/main"}]
    git(here, "push", "--quiet", url, "main:other")
    assert listener.told_nothing()


def _pipeline_role(server: Server) -> str:
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "codepipeline.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    allow = {"Effect": "Allow", "Action": ["codecommit:*", "s3:*", "lambda:*"], "Resource": "*"}
    iam = server.client("iam")
    role: str = iam.create_role(
        RoleName="conveyor",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]["Arn"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName="conveyor", PolicyName="all", PolicyDocument=policy)
    return role


def _stage(category: str, provider: str, configuration: dict[str, str], **more: Any) -> Any:
    action = {
        "name": provider,
        "actionTypeId": {
            "category": category,
            "owner": "AWS",
            "provider": provider,
            "version": "1",
        },
        "configuration": configuration,
        **more,
    }
    return {"name": category, "actions": [action]}


def test_a_pipeline_asks_a_function(shared: Server, tmp_path: Path) -> None:
    _, tip, _ = _pushed(shared, "conveyed", tmp_path)
    shared.client("s3").create_bucket(Bucket="conveyor-artifacts")
    listener = Listener(shared, "checks", "codepipeline:PutJobSuccessResult", source=JOB)
    where = {"RepositoryName": "conveyed", "BranchName": "main", "PollForSourceChanges": "false"}
    codepipeline = shared.client("codepipeline")
    codepipeline.create_pipeline(
        pipeline={
            "name": "conveyor",
            "roleArn": _pipeline_role(shared),
            "artifactStore": {"type": "S3", "location": "conveyor-artifacts"},
            "stages": [
                _stage(
                    "Source", "CodeCommit", where, outputArtifacts=[{"name": "code"}], namespace="c"
                ),
                _stage(
                    "Invoke",
                    "Lambda",
                    {"FunctionName": "checks", "UserParameters": "#{c.CommitId}"},
                    inputArtifacts=[{"name": "code"}],
                ),
            ],
        }
    )
    data = listener.told()["data"]
    assert data["actionConfiguration"]["configuration"]["UserParameters"] == tip
    assert data["inputArtifacts"][0]["location"]["s3Location"]["bucketName"] == "conveyor-artifacts"

    def succeeded() -> bool:
        listed = codepipeline.list_pipeline_executions(pipelineName="conveyor")
        return {"Succeeded"} == {one["status"] for one in listed["pipelineExecutionSummaries"]}

    until(succeeded, "the pipeline's success")


def test_a_stack_asks_a_function(shared: Server) -> None:
    listener = Listener(shared, "maker", source=MAKER)
    resource = {
        "Type": "Custom::Loud",
        "Properties": {"ServiceToken": listener.arn, "Text": "hello"},
    }
    template = {
        "Resources": {"Loud": resource},
        "Outputs": {"Loud": {"Value": {"Fn::GetAtt": ["Loud", "Loud"]}}},
    }
    cloudformation = shared.client("cloudformation")
    cloudformation.create_stack(StackName="loud", TemplateBody=json.dumps(template))
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName="loud", WaiterConfig={"Delay": 1})
    (stack,) = cloudformation.describe_stacks(StackName="loud")["Stacks"]
    assert stack["Outputs"][0]["OutputValue"] == "HELLO"
    assert listener.told()["RequestType"] == "Create"
    cloudformation.delete_stack(StackName="loud")
    waiter = cloudformation.get_waiter("stack_delete_complete")
    waiter.wait(StackName="loud", WaiterConfig={"Delay": 1})
    assert listener.told()["RequestType"] == "Delete"
