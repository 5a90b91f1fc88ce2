"""Who may make schedules, and what their roles must let Scheduler do."""

from __future__ import annotations

import json
from typing import Any

from tests.services.scheduler.stage import ALLOW_ALL, OFF, Stage, refusal

SCHEDULE = "arn:aws:scheduler:us-east-1:000000000000:schedule"
GROUP = "arn:aws:scheduler:us-east-1:000000000000:schedule-group"


def client(stage: Stage, statements: list[dict[str, Any]]) -> Any:
    """A client of a user who may do what the statements say."""
    iam = stage.cloud.client("iam")
    iam.create_user(UserName="ann")
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy)
    key = iam.create_access_key(UserName="ann")["AccessKey"]
    return stage.cloud.client("scheduler", credentials=(key["AccessKeyId"], key["SecretAccessKey"]))


def request(stage: Stage, **change: Any) -> dict[str, Any]:
    """What CreateSchedule is asked."""
    arn = f"arn:aws:sqs:us-east-1:{stage.cloud.account}:jobs"
    return {
        "Name": "nightly",
        "ScheduleExpression": "cron(0 3 * * ? *)",
        "FlexibleTimeWindow": OFF,
        "Target": {"Arn": arn, "RoleArn": stage.role},
        **change,
    }


def test_creating_takes_the_right_to_pass_the_role(stage: Stage) -> None:
    create = {"Effect": "Allow", "Action": "scheduler:*", "Resource": f"{SCHEDULE}/default/n*"}
    ann = client(stage, [create])
    code, message = refusal(ann.create_schedule, **request(stage))
    assert code == "AccessDeniedException"
    assert f"iam:PassRole on resource: {stage.role}" in message
    allowed = {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": stage.role,
        "Condition": {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [create, allowed]})
    stage.cloud.client("iam").put_user_policy(UserName="ann", PolicyName="p", PolicyDocument=policy)
    ann.create_schedule(**request(stage))
    ann.get_schedule(Name="nightly")
    denied = refusal(ann.create_schedule, **request(stage, Name="other"))
    assert f"scheduler:CreateSchedule on resource: {SCHEDULE}/default/other" in denied[1]
    assert refusal(ann.list_schedules)[0] == "AccessDeniedException"


def test_deleting_a_group_takes_the_right_to_delete_its_schedules(stage: Stage) -> None:
    group = {"Effect": "Allow", "Action": "scheduler:*", "Resource": f"{GROUP}/*"}
    ann = client(stage, [group])
    ann.create_schedule_group(Name="batch", Tags=[{"Key": "a", "Value": "b"}])
    message = refusal(ann.delete_schedule_group, Name="batch")[1]
    assert f"scheduler:DeleteSchedule on resource: {SCHEDULE}/batch/*" in message


def test_the_role_must_trust_scheduler(stage: Stage) -> None:
    role = stage.make_role("wrong", ALLOW_ALL, service="lambda")
    target = {"Arn": "arn:aws:sqs:us-east-1:000000000000:jobs", "RoleArn": role}
    expected = "The execution role you provide must allow AWS EventBridge Scheduler to assume"
    code, message = refusal(stage.client.create_schedule, **request(stage, Target=target))
    assert (code, message[: len(expected)]) == ("ValidationException", expected)


def test_the_trust_may_be_for_one_group_of_one_account(stage: Stage) -> None:
    stage.client.create_schedule_group(Name="batch")
    queue = stage.make_queue("jobs")
    condition = {
        "StringEquals": {
            "aws:SourceAccount": stage.cloud.account,
            "aws:SourceArn": f"{GROUP}/batch",
        }
    }
    role = stage.make_role("careful", ALLOW_ALL, Condition=condition)
    target = {"Arn": queue, "RoleArn": role}
    refused = refusal(stage.client.create_schedule, **request(stage, Target=target))
    assert refused[0] == "ValidationException"
    stage.client.create_schedule(**request(stage, Target=target, GroupName="batch"))
    stage.cloud.advance(86_400)
    assert len(stage.bodies("jobs")) == 1
