"""Events, triggers and what a killed process must not lose."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

ROOT = "arn:aws:iam::000000000000:root"


@pytest.fixture
def told(cloud: CloudUnderTest) -> Any:
    """Ask for the details of CodeCommit's events so far: a rule sends them all to a queue."""
    sqs, events = cloud.client("sqs"), cloud.client("events")
    queue = sqs.create_queue(QueueName="told")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:000000000000:told"
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["aws.codecommit"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "queue", "Arn": arn}])

    def details() -> list[dict[str, Any]]:
        cloud.settle()
        answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        found = [json.loads(message["Body"]) for message in answer.get("Messages", [])]
        assert {one["detail-type"] for one in found} <= {"CodeCommit Repository State Change"}
        return [one["detail"] for one in found]

    return details


def test_every_change_of_a_branch_is_an_event(
    cloud: CloudUnderTest, codecommit: Any, profile: dict[str, Any], told: Any
) -> None:
    where = {"repositoryName": "profile", "branchName": "main"}
    first = codecommit.put_file(**where, filePath="a", fileContent=b"1")["commitId"]
    second = codecommit.put_file(**where, filePath="a", fileContent=b"2", parentCommitId=first)[
        "commitId"
    ]
    codecommit.create_branch(repositoryName="profile", branchName="next", commitId=first)
    codecommit.delete_branch(repositoryName="profile", branchName="next")
    common = {
        "repositoryName": "profile",
        "repositoryId": profile["repositoryId"],
        "referenceType": "branch",
        "callerUserArn": ROOT,
    }
    main = {**common, "referenceName": "main", "referenceFullName": "refs/heads/main"}
    next_ = {**common, "referenceName": "next", "referenceFullName": "refs/heads/next"}
    expected = [
        {**main, "event": "referenceCreated", "commitId": first},
        {**main, "event": "referenceUpdated", "commitId": second, "oldCommitId": first},
        {**next_, "event": "referenceCreated", "commitId": first},
        {**next_, "event": "referenceDeleted", "oldCommitId": first},
    ]
    found = told()
    assert sorted(found, key=_place) == sorted(expected, key=_place)


def _place(detail: dict[str, Any]) -> tuple[str, str]:
    return detail["referenceName"], detail["event"]


def test_a_push_git_finished_is_announced_after_a_kill(
    cloud: CloudUnderTest, codecommit: Any, profile: dict[str, Any], told: Any, tmp_path: Path
) -> None:
    first = codecommit.put_file(
        repositoryName="profile", branchName="main", filePath="a", fileContent=b"1"
    )["commitId"]
    assert len(told()) == 1
    # What a process leaves that is killed after git moved a reference: the job, and the reference.
    folder = next((cloud.folder / "git" / cloud.account / cloud.region).iterdir())
    payload = {"repository": profile["repositoryId"], "caller": ROOT}
    runtime = cloud.kernel.runtime("codecommit")

    async def leave() -> None:
        from cloudarium.core.identity import root

        ctx = runtime.context(cloud.account, cloud.region, root(cloud.account))
        with ctx.transaction():
            ctx.schedule("announce", payload, ctx.now + 1, profile["repositoryId"])

    cloud.run(leave())
    command = ("git", "-C", str(folder), "update-ref", "refs/heads/late", first)
    subprocess.run(command, check=True, timeout=30)
    cloud.restart()
    cloud.advance(2)
    assert [one["referenceName"] for one in told()] == ["late"]
    cloud.advance(10)
    assert told() == []


def test_triggers_tell_a_topic(
    cloud: CloudUnderTest, codecommit: Any, profile: dict[str, Any]
) -> None:
    sns, sqs = cloud.client("sns"), cloud.client("sqs")
    topic = sns.create_topic(Name="pushes")["TopicArn"]
    queue = sqs.create_queue(QueueName="pushes")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:000000000000:pushes"
    statement: dict[str, Any]
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "codecommit.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    sns.set_topic_attributes(
        TopicArn=topic,
        AttributeName="Policy",
        AttributeValue=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    trigger = {
        "name": "pushes",
        "destinationArn": topic,
        "customData": "mine",
        "branches": ["main"],
        "events": ["all"],
    }
    answer = codecommit.put_repository_triggers(repositoryName="profile", triggers=[trigger])
    found = codecommit.get_repository_triggers(repositoryName="profile")
    assert found["configurationId"] == answer["configurationId"]
    assert found["triggers"] == [trigger]
    tested = codecommit.test_repository_triggers(repositoryName="profile", triggers=[trigger])
    assert tested["successfulExecutions"] == ["pushes"]
    cloud.settle()
    sqs.purge_queue(QueueUrl=queue)
    cloud.advance(60)
    first = codecommit.put_file(
        repositoryName="profile", branchName="main", filePath="a", fileContent=b"1"
    )["commitId"]
    codecommit.create_branch(repositoryName="profile", branchName="next", commitId=first)
    cloud.settle()
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    (record,) = json.loads(json.loads(messages[0]["Body"])["Message"])["Records"]
    assert len(messages) == 1
    assert record["codecommit"]["references"] == [
        {"commit": first, "ref": "refs/heads/main", "created": True}
    ]
    assert record["eventTriggerName"] == "pushes"
    assert record["customData"] == "mine"
    assert record["eventSourceARN"] == profile["Arn"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "a b"}, "InvalidRepositoryTriggerNameException"),
        ({"destinationArn": "x"}, "InvalidRepositoryTriggerDestinationArnException"),
        (
            {"destinationArn": "arn:aws:sns:eu-west-1:000000000000:t"},
            "InvalidRepositoryTriggerRegionException",
        ),
        ({"customData": "x" * 1001}, "InvalidRepositoryTriggerCustomDataException"),
        ({"branches": ["x"] * 11}, "MaximumBranchesExceededException"),
        ({"events": []}, "RepositoryTriggerEventsListRequiredException"),
        ({"events": ["push"]}, "InvalidRepositoryTriggerEventsException"),
    ],
)
def test_a_bad_trigger_is_refused(
    codecommit: Any, profile: dict[str, Any], change: dict[str, Any], code: str
) -> None:
    good = {
        "name": "t",
        "destinationArn": "arn:aws:sns:us-east-1:000000000000:t",
        "branches": [],
        "events": ["all"],
    }
    with pytest.raises(ClientError) as caught:
        codecommit.put_repository_triggers(repositoryName="profile", triggers=[{**good, **change}])
    assert caught.value.response["Error"]["Code"] == code
    assert codecommit.get_repository_triggers(repositoryName="profile")["triggers"] == []
