"""What happens when a target does not take an invocation: retries, dead letters, metrics."""

from __future__ import annotations

from typing import Any

from tests.services.scheduler.stage import Stage

MISSING = "arn:aws:sqs:us-east-1:000000000000:missing"


def dead(stage: Stage) -> list[dict[str, str]]:
    """Take the dead letters; their attributes, and their text as `body`."""
    return [
        {
            "body": message["Body"],
            **{key: each["StringValue"] for key, each in message["MessageAttributes"].items()},
        }
        for message in stage.messages("dead")
    ]


def target(stage: Stage, **policy: int) -> dict[str, Any]:
    """What a schedule with a dead-letter queue and a retry policy needs."""
    queue = stage.make_queue("dead")
    return {"Input": "go", "RetryPolicy": policy, "DeadLetterConfig": {"Arn": queue}}


def test_an_exhausted_invocation_becomes_a_dead_letter(stage: Stage) -> None:
    arn = stage.create("rate(1 day)", MISSING, Target=target(stage, MaximumRetryAttempts=2))
    stage.cloud.settle()
    assert dead(stage) == []
    stage.cloud.advance(2)
    assert dead(stage) == []
    stage.cloud.advance(1)
    (letter,) = dead(stage)
    assert len(letter.pop("EXECUTION_ID")) == 16
    assert letter.pop("SCHEDULED_TIME").endswith("Z")
    assert letter == {
        "body": "go",
        "ERROR_CODE": "AWS.SimpleQueueService.NonExistentQueue",
        "ERROR_MESSAGE": "The specified queue does not exist.",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": "2",
        "SCHEDULE_ARN": arn,
        "TARGET_ARN": MISSING,
    }
    for dimensions in ({}, {"ScheduleGroup": "default"}):
        assert stage.value("InvocationAttemptCount", **dimensions) == 3
        assert stage.value("TargetErrorCount", **dimensions) == 3
        assert stage.value("InvocationDroppedCount", **dimensions) == 1
        assert stage.value("InvocationsSentToDeadLetterCount", **dimensions) == 1


def test_retries_end_with_the_events_age(stage: Stage) -> None:
    stage.create("rate(1 day)", MISSING, Target=target(stage, MaximumEventAgeInSeconds=60))
    stage.cloud.advance(61)
    (letter,) = dead(stage)
    assert letter["EXHAUSTED_RETRY_CONDITION"] == "MaximumEventAgeInSeconds"
    assert letter["RETRY_ATTEMPTS"] == "5"


def test_a_target_that_comes_back_is_served(stage: Stage) -> None:
    attempt = {"Input": "<aws.scheduler.attempt-number>"}
    stage.create("rate(1 day)", MISSING, Target={**target(stage), **attempt})
    stage.cloud.advance(10)
    stage.make_queue("missing")
    stage.cloud.advance(60)
    assert stage.bodies("missing") == ["5"]
    stage.cloud.advance(3600)
    assert (stage.bodies("missing"), dead(stage)) == ([], [])


def test_retries_go_on_after_a_restart_and_end_with_the_schedule(stage: Stage) -> None:
    stage.create("rate(1 day)", MISSING, Target=target(stage, MaximumRetryAttempts=4))
    stage.cloud.advance(2)
    stage.cloud.restart()
    after = Stage.__new__(Stage)
    after.cloud, after.sqs = stage.cloud, stage.cloud.client("sqs")
    after.client = stage.cloud.client("scheduler")
    after.cloud.advance(30)
    assert [letter["RETRY_ATTEMPTS"] for letter in dead(after)] == ["4"]
    after.cloud.advance(86_400 - 32)
    after.client.delete_schedule(Name="nightly")
    after.cloud.advance(600)
    assert dead(after) == []


def test_a_schedule_that_fails_for_good_goes_away_too(stage: Stage) -> None:
    end = stage.cloud.now + 60
    stage.create(
        "rate(1 day)",
        MISSING,
        EndDate=end,
        ActionAfterCompletion="DELETE",
        Target=target(stage, MaximumRetryAttempts=1),
    )
    stage.cloud.settle()
    assert len(stage.client.list_schedules()["Schedules"]) == 1
    stage.cloud.advance(1)
    assert stage.client.list_schedules()["Schedules"] == []
    assert len(dead(stage)) == 1


def test_a_dead_letter_that_nobody_takes_is_counted(stage: Stage) -> None:
    policy = {"RetryPolicy": {"MaximumRetryAttempts": 0}, "DeadLetterConfig": {"Arn": MISSING}}
    stage.create("rate(1 day)", MISSING, Target=policy)
    name = "InvocationsFailedToBeSentToDeadLetterCount"
    assert stage.value(name) == 1
    assert stage.value(f"{name}_AWS.SimpleQueueService.NonExistentQueue") == 1
    assert stage.value("InvocationsSentToDeadLetterCount") == 0


def test_a_throttled_target_is_counted(stage: Stage) -> None:
    arn = "arn:aws:scheduler:::aws-sdk:dynamodb:putItem"
    dynamodb = stage.cloud.client("dynamodb")
    dynamodb.create_table(
        TableName="jobs",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )
    stage.cloud.advance(10)
    given = '{"TableName": "jobs", "Item": {"id": {"S": "%s"}, "big": {"S": "%s"}}}'
    for number in range(3):
        text = given % (number, "x" * 200_000)
        stage.create("rate(1 day)", arn, Name=f"n{number}", Target={"Input": text})
    stage.cloud.settle()
    assert stage.value("TargetErrorThrottledCount") >= 1


def test_a_role_that_may_do_nothing_is_told_in_the_dead_letter(stage: Stage) -> None:
    queue = stage.make_queue("dead")
    send = [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue}]
    role = stage.make_role("poor", send)
    bucket = "arn:aws:scheduler:::aws-sdk:s3:createBucket"
    stage.create(
        "rate(1 day)",
        bucket,
        Target={
            "RoleArn": role,
            "Input": '{"Bucket": "b"}',
            "RetryPolicy": {"MaximumRetryAttempts": 0},
            "DeadLetterConfig": {"Arn": queue},
        },
    )
    stage.cloud.settle()
    (letter,) = dead(stage)
    assert letter["ERROR_CODE"] == "AccessDeniedException"
    assert "poor" in letter["ERROR_MESSAGE"]
    assert stage.cloud.client("s3").list_buckets()["Buckets"] == []
