"""Schedules: created, shown, replaced, listed, deleted; and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from tests.services.scheduler.stage import OFF, Stage, refusal


def shown(stage: Stage, **params: str) -> dict[str, Any]:
    """The schedule `nightly` without what every answer has."""
    answer = stage.client.get_schedule(**{"Name": "nightly", **params})
    return {key: each for key, each in answer.items() if key != "ResponseMetadata"}


def test_a_schedule_has_defaults(stage: Stage) -> None:
    queue = stage.make_queue("jobs")
    arn = stage.create("cron(0 3 * * ? *)", queue, Target={"Input": "go"})
    assert arn == "arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly"
    found = shown(stage)
    created = found.pop("CreationDate")
    assert (created.timestamp(), found.pop("LastModificationDate")) == (stage.cloud.now, created)
    assert found == {
        "Arn": arn,
        "GroupName": "default",
        "Name": "nightly",
        "ScheduleExpression": "cron(0 3 * * ? *)",
        "ScheduleExpressionTimezone": "UTC",
        "State": "ENABLED",
        "ActionAfterCompletion": "NONE",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": queue,
            "RoleArn": stage.role,
            "Input": "go",
            "RetryPolicy": {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185},
        },
    }


def test_an_update_replaces_everything(stage: Stage) -> None:
    queue = stage.make_queue("jobs")
    stage.create(
        "rate(1 hour)", queue, Description="Often", ScheduleExpressionTimezone="Asia/Tokyo"
    )
    before = shown(stage)
    stage.cloud.advance(60)
    stage.client.update_schedule(
        Name="nightly",
        ScheduleExpression="rate(2 minute)",
        FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
        Target={"Arn": queue, "RoleArn": stage.role},
        State="DISABLED",
        ActionAfterCompletion="DELETE",
    )
    after = shown(stage)
    assert "Description" not in after
    assert (after["ScheduleExpressionTimezone"], after["State"]) == ("UTC", "DISABLED")
    assert after["FlexibleTimeWindow"] == {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}
    assert after["CreationDate"] == before["CreationDate"]
    assert after["LastModificationDate"].timestamp() == stage.cloud.now


def test_schedules_are_listed_in_pages(stage: Stage) -> None:
    queue = stage.make_queue("jobs")
    stage.client.create_schedule_group(Name="batch")
    for group, name in (("default", "b"), ("batch", "z"), ("default", "a"), ("batch", "aa")):
        state = "DISABLED" if name == "z" else "ENABLED"
        stage.create("rate(1 day)", queue, Name=name, GroupName=group, State=state)
    pages = stage.client.get_paginator("list_schedules").paginate(PaginationConfig={"PageSize": 3})
    listed = [each for page in pages for each in page["Schedules"]]
    assert [each["Name"] for each in listed] == ["aa", "z", "a", "b"]
    assert (listed[0]["GroupName"], listed[0]["Target"]) == ("batch", {"Arn": queue})

    def names(**params: str) -> list[str]:
        return [each["Name"] for each in stage.client.list_schedules(**params)["Schedules"]]

    assert names(GroupName="default") == ["a", "b"]
    assert names(NamePrefix="a") == ["aa", "a"]
    assert names(State="DISABLED") == ["z"]
    assert refusal(stage.client.list_schedules, GroupName="none")[0] == "ResourceNotFoundException"
    assert refusal(stage.client.list_schedules, NextToken="x")[0] == "ValidationException"


def test_a_deleted_schedule_is_gone(stage: Stage) -> None:
    stage.create("cron(0 3 * * ? *)", stage.make_queue("jobs"))
    stage.client.delete_schedule(Name="nightly")
    missing = ("ResourceNotFoundException", "Schedule nightly does not exist.")
    assert refusal(stage.client.get_schedule, Name="nightly") == missing
    assert refusal(stage.client.delete_schedule, Name="nightly") == missing
    stage.cloud.advance(86_400)
    assert stage.bodies("jobs") == []


def test_a_request_sent_again_is_done_once(stage: Stage) -> None:
    queue = stage.make_queue("jobs")
    first = stage.create("rate(1 day)", queue, ClientToken="once")
    assert stage.create("rate(1 day)", queue, ClientToken="once") == first
    with pytest.raises(stage.client.exceptions.ConflictException, match="client token"):
        stage.create("rate(2 days)", queue, ClientToken="once")
    with pytest.raises(stage.client.exceptions.ConflictException, match="nightly already exists"):
        stage.create("rate(1 day)", queue)
    for _ in range(2):
        stage.client.delete_schedule(Name="nightly", ClientToken="away")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ScheduleExpression": "cron(0 1 * * * *)"}, "Invalid Schedule Expression cron(0 1 * * *"),
        ({"ScheduleExpression": "rate(10 years)"}, "Invalid Schedule Expression rate(10 years)."),
        ({"ScheduleExpressionTimezone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"ScheduleExpressionTimezone": "America"}, "America"),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "MaximumWindowInMinutes must be provided"),
        ({"FlexibleTimeWindow": {**OFF, "MaximumWindowInMinutes": 1}}, "must not be provided"),
        (
            {"StartDate": 1_000_000_000},
            "The StartDate you specify cannot be earlier than 5 minutes",
        ),
        ({"EndDate": 1_000_000_000}, "The EndDate you specify"),
        ({"GroupName": "none"}, "Schedule group none does not exist."),
        ({"Name": "a b"}, "failed to satisfy constraint"),
        ({"arn": "queue"}, "not in correct format"),
        ({"arn": "arn:aws:states:us-east-1:000000000000:stateMachine:x"}, "not supported"),
        (
            {"arn": "arn:aws:scheduler:::aws-sdk:sqs:getQueueUrl"},
            "getQueueUrl API is not supported.",
        ),
        ({"arn": "arn:aws:scheduler:::aws-sdk:sqs:fly"}, "is no API action"),
        ({"arn": "arn:aws:scheduler:::aws-sdk:rds:stopDBCluster"}, "not supported"),
        ({"arn": "arn:aws:scheduler:::aws-sdk:s3:writeGetObjectResponse"}, "not supported"),
        (
            {"arn": "arn:aws:sqs:us-east-1:000000000000:jobs.fifo"},
            "SqsParameters must be specified",
        ),
        (
            {"Target": {"SqsParameters": {"MessageGroupId": "g"}}},
            "Parameters MessageGroupId not valid for the target.",
        ),
        (
            {"arn": "arn:aws:lambda:us-west-2:000000000000:function:f"},
            "The target ARN provided does not match the current region us-east-1.",
        ),
        (
            {"arn": "arn:aws:scheduler:us-east-1:000000000000:aws-sdk:sqs:sendMessage"},
            "scheduler is not a supported service for a target.",
        ),
        (
            {"arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"},
            "You must provide an input to set this target for your schedule.",
        ),
        (
            {"StartDate": 4_000_000_000, "EndDate": 3_900_000_000},
            "The StartDate you specify must come before the EndDate.",
        ),
        ({"arn": "arn:aws:events:us-east-1:000000000000:event-bus/default"}, "EventBridgeParam"),
        (
            {"Target": {"KinesisParameters": {"PartitionKey": "k"}}},
            "Parameters KinesisParameters not supported for the target.",
        ),
        ({"Target": {"Input": "x" * 262_145}}, "must not be larger"),
        ({"Target": {"RoleArn": "arn:aws:iam::000000000000:role/none"}}, "execution role"),
        (
            {
                "arn": "arn:aws:codebuild:us-east-1:000000000000:project/p",
                "Target": {"Input": "{}"},
            },
            "Input is not valid",
        ),
        (
            {"arn": "arn:aws:lambda:us-east-1:000000000000:function:f", "Target": {"Input": "{"}},
            "JSON syntax error in input for the target.",
        ),
        (
            {"arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "Target": {"Input": "[]"}},
            "JSON syntax error in input for the target.",
        ),
        (
            {
                "arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
                "Target": {"SqsParameters": {"MessageGroupId": "g"}},
            },
            "Parameters SqsParameters not supported for the target.",
        ),
    ],
)
def test_what_is_wrong_is_refused(stage: Stage, change: dict[str, Any], message: str) -> None:
    arn = change.pop("arn", f"arn:aws:sqs:us-east-1:{stage.cloud.account}:jobs")
    expression = change.pop("ScheduleExpression", "rate(1 day)")
    code, text = refusal(lambda: stage.create(expression, arn, **change))
    assert message in text
    assert code == (
        "ResourceNotFoundException" if "does not exist" in text else "ValidationException"
    )
    assert stage.client.list_schedules()["Schedules"] == []


@pytest.mark.parametrize(
    "expression",
    [
        "rate(2 minute)",
        "rate(1minute)",
        "RATE(1 minute)",
        "cron(0 12 * * ?)",
        "CRON(0 12 * * ? *)",
        "at(2100-01-01T00:00)",
        "AT(2100-01-01T00:00:00)",
    ],
)
def test_expressions_may_be_written_loosely(stage: Stage, expression: str) -> None:
    """As badmintoncryer/cdk-preflight saw; they are kept as they were written."""
    stage.create(expression, stage.make_queue("jobs"))
    assert stage.client.get_schedule(Name="nightly")["ScheduleExpression"] == expression
