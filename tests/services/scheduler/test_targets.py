"""What schedules call, and what their targets are sent."""

from __future__ import annotations

import json
from typing import Any

from tests.services.functions import make_function
from tests.services.scheduler.stage import ALLOW_ALL, Stage

KEYWORDS = ["schedule-arn", "scheduled-time", "execution-id", "attempt-number"]


def function(stage: Stage, source: str) -> str:
    """The ARN of a function made of a few lines of Python."""
    role = stage.make_role("job", ALLOW_ALL, service="lambda")
    return make_function(stage.cloud, "job", source, Role=role)


def logged(stage: Stage) -> list[dict[str, Any]]:
    """The events the function `job` printed."""
    stage.cloud.settle()
    found = stage.cloud.client("logs").filter_log_events(logGroupName="/aws/lambda/job")
    messages = [each["message"] for each in found["events"]]
    return [json.loads(message) for message in messages if message.startswith("{")]


def test_keywords_are_filled_in(stage: Stage) -> None:
    text = " ".join(f"<aws.scheduler.{name}>" for name in (*KEYWORDS, "other"))
    arn = stage.create("rate(1 day)", stage.make_queue("jobs"), Target={"Input": text})
    stage.cloud.settle()
    (body,) = stage.bodies("jobs")
    schedule, time, execution, attempt, unknown = body.split(" ")
    assert (schedule, attempt, unknown) == (arn, "1", "<aws.scheduler.other>")
    assert time.endswith("Z")
    assert len(execution) == 16
    assert int(execution, 16) >= 0


def test_without_input_the_target_is_notified(stage: Stage) -> None:
    arn = stage.create("rate(1 day)", stage.make_queue("jobs"))
    stage.cloud.settle()
    event = json.loads(stage.bodies("jobs")[0])
    assert len(event.pop("id")) == 36
    assert event.pop("time").endswith("Z")
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": stage.cloud.account,
        "region": stage.cloud.region,
        "resources": [arn],
        "detail": "{}",
    }


def test_a_function_gets_the_input(stage: Stage) -> None:
    arn = function(
        stage, "import json\ndef handler(event, context):\n    print(json.dumps(event))\n"
    )
    given = '{"attempt": "<aws.scheduler.attempt-number>", "n": 1}'
    stage.create("rate(1 day)", arn, Target={"Input": given})
    assert logged(stage) == [{"attempt": "1", "n": 1}]


def test_a_fifo_queue_gets_its_group(stage: Stage) -> None:
    queue = stage.make_queue("jobs.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    group = {"SqsParameters": {"MessageGroupId": "nightly"}}
    stage.create("rate(1 day)", queue, Target={"Input": "go", **group})
    stage.cloud.settle()
    (message,) = stage.messages("jobs.fifo")
    assert (message["Body"], message["Attributes"]["MessageGroupId"]) == ("go", "nightly")


def test_a_topic_tells_its_subscribers(stage: Stage) -> None:
    sns, queue = stage.cloud.client("sns"), stage.make_queue("jobs")
    topic = sns.create_topic(Name="news")["TopicArn"]
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": queue}
    stage.sqs.set_queue_attributes(
        QueueUrl=stage.sqs.get_queue_url(QueueName="jobs")["QueueUrl"],
        Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})},
    )
    raw = {"RawMessageDelivery": "true"}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes=raw)
    stage.create("rate(1 day)", topic, Target={"Input": "wake up"})
    stage.cloud.settle()
    assert stage.bodies("jobs") == ["wake up"]


def test_an_event_bus_gets_an_event(stage: Stage) -> None:
    events, queue = stage.cloud.client("events"), stage.make_queue("jobs")
    events.put_rule(Name="all", EventPattern='{"source": ["shop"]}')
    role = stage.make_role("rule", ALLOW_ALL, service="events")
    events.put_targets(Rule="all", Targets=[{"Id": "q", "Arn": queue, "RoleArn": role}])
    bus = events.describe_event_bus()["Arn"]
    parameters = {"EventBridgeParameters": {"Source": "shop", "DetailType": "Closing"}}
    stage.create("rate(1 day)", bus, Target={"Input": '{"till": 1}', **parameters})
    stage.cloud.settle()
    event = json.loads(stage.bodies("jobs")[0])
    assert (event["source"], event["detail-type"], event["detail"]) == (
        "shop",
        "Closing",
        {"till": 1},
    )


def test_a_build_is_started(stage: Stage) -> None:
    codebuild = stage.cloud.client("codebuild")
    project = codebuild.create_project(
        name="report",
        source={"type": "NO_SOURCE", "buildspec": "version: 0.2\nphases: {}\n"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=stage.make_role("build", ALLOW_ALL, service="codebuild"),
    )["project"]["arn"]
    stage.create("rate(1 day)", project)
    stage.cloud.settle()
    assert len(codebuild.list_builds_for_project(projectName="report")["ids"]) == 1


def test_a_pipeline_is_started(stage: Stage) -> None:
    client = stage.cloud.client("codepipeline")
    stage.cloud.client("codecommit").create_repository(repositoryName="shop")
    where = {"RepositoryName": "shop", "BranchName": "main", "PollForSourceChanges": "false"}
    source = {"category": "Source", "owner": "AWS", "provider": "CodeCommit", "version": "1"}
    approval = {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}
    first = {
        "name": "Get",
        "actionTypeId": source,
        "configuration": where,
        "outputArtifacts": [{"name": "code"}],
    }
    stages = [
        {"name": "Source", "actions": [first]},
        {"name": "Say", "actions": [{"name": "Yes", "actionTypeId": approval}]},
    ]
    stage.cloud.client("s3").create_bucket(Bucket="code")
    declaration = {
        "name": "ship",
        "roleArn": stage.make_role("pipeline", ALLOW_ALL, service="codepipeline"),
        "artifactStore": {"type": "S3", "location": "code"},
        "stages": stages,
    }
    client.create_pipeline(pipeline=declaration)
    stage.cloud.settle()
    arn = f"arn:aws:codepipeline:{stage.cloud.region}:{stage.cloud.account}:ship"
    stage.create("rate(1 day)", arn)
    stage.cloud.settle()
    answer = client.list_pipeline_executions(pipelineName="ship")
    assert len(answer["pipelineExecutionSummaries"]) == 2


def universal(stage: Stage, service: str, action: str, given: dict[str, Any]) -> None:
    """Have an operation called now."""
    arn = f"arn:aws:scheduler:::aws-sdk:{service}:{action}"
    stage.create("rate(1 day)", arn, Name=action, Target={"Input": json.dumps(given)})
    stage.cloud.settle()


def test_any_operation_that_writes_can_be_called(stage: Stage) -> None:
    stage.make_queue("jobs")
    url = stage.sqs.get_queue_url(QueueName="jobs")["QueueUrl"]
    body = "<aws.scheduler.attempt-number>"
    universal(stage, "sqs", "sendMessage", {"QueueUrl": url, "MessageBody": body})
    assert stage.bodies("jobs") == ["1"]

    universal(stage, "sqs", "createQueue", {"queueName": "more", "tags": {"a": "b"}})
    assert stage.messages("more") == []

    group = {"LogGroupName": "/jobs"}
    universal(stage, "cloudwatchlogs", "createLogGroup", group)
    groups = stage.cloud.client("logs").describe_log_groups()["logGroups"]
    assert "/jobs" in [each["logGroupName"] for each in groups]

    stage.cloud.client("s3").create_bucket(Bucket="store")
    universal(stage, "s3", "putObject", {"Bucket": "store", "Key": "a", "Body": "hello"})
    stored = stage.cloud.client("s3").get_object(Bucket="store", Key="a")["Body"].read()
    assert stored == b"hello"


def test_a_function_is_invoked_by_the_universal_target(stage: Stage) -> None:
    arn = function(
        stage, "import json\ndef handler(event, context):\n    print(json.dumps(event))\n"
    )
    given = {"FunctionName": arn, "InvocationType": "Event", "Payload": '{"message": "hi"}'}
    universal(stage, "lambda", "invoke", given)
    assert logged(stage) == [{"message": "hi"}]


def test_an_input_that_does_not_fit_fails_the_invocation(stage: Stage) -> None:
    dead = stage.make_queue("dead")
    for number, given in enumerate(('{"Bird": 1}', '{"QueueName": 7}')):
        target = {
            "Input": given,
            "RetryPolicy": {"MaximumRetryAttempts": 0},
            "DeadLetterConfig": {"Arn": dead},
        }
        arn = "arn:aws:scheduler:::aws-sdk:sqs:createQueue"
        stage.create("rate(1 day)", arn, Name=f"n{number}", Target=target)
    stage.cloud.settle()
    messages = [
        m["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"] for m in stage.messages("dead")
    ]
    assert sorted(messages) == ["input has no member Bird", "input.QueueName is not of type string"]
