"""Schedules call functions and queues, whatever becomes of the process: boto3 against a server."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.life.server import Server, until
from tests.life.test_functions import function, open_queue, received

OFF = {"Mode": "OFF"}


def role(server: Server) -> str:
    """Make a role that Scheduler may take; return its ARN."""
    iam = server.client("iam")
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "scheduler.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    allow = {
        "Effect": "Allow",
        "Action": ["lambda:InvokeFunction", "sqs:SendMessage"],
        "Resource": "*",
    }
    version = {"Version": "2012-10-17"}
    made = iam.create_role(
        RoleName="clock", AssumeRolePolicyDocument=json.dumps({**version, "Statement": [trust]})
    )
    policy = json.dumps({**version, "Statement": [allow]})
    iam.put_role_policy(RoleName="clock", PolicyName="all", PolicyDocument=policy)
    arn: str = made["Role"]["Arn"]
    return arn


def create(server: Server, name: str, expression: str, target: dict[str, Any]) -> None:
    """Create a schedule."""
    server.client("scheduler").create_schedule(
        Name=name, ScheduleExpression=expression, FlexibleTimeWindow=OFF, Target=target
    )


def test_a_schedule_calls_a_function(shared: Server) -> None:
    url, _ = open_queue(shared, "alarms")
    arn = function(shared, "alarm-clock", Environment={"Variables": {"QUEUE": url}})
    given = '{"at": "<aws.scheduler.scheduled-time>"}'
    create(shared, "clock", "rate(1 day)", {"Arn": arn, "RoleArn": role(shared), "Input": given})
    event = received(shared, url)
    assert datetime.fromisoformat(event["at"]) <= datetime.now(UTC)


def test_no_time_is_lost_when_the_process_is_killed(server: Server) -> None:
    url, queue = open_queue(server, "times")
    target = {"Arn": queue, "RoleArn": role(server), "Input": "<aws.scheduler.scheduled-time>"}
    began = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=10)
    for minute in range(6):
        at = began + timedelta(minutes=minute)
        create(server, f"m{minute}", f"at({at:%Y-%m-%dT%H:%M:%S})", target)
    seen: list[str] = []
    for seconds in (700, 120, 600):
        server.kill()
        server.start()
        server.command("time", "advance", f"{seconds}s")

    def all_of_them() -> bool:
        answer = server.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        seen.extend(message["Body"] for message in answer.get("Messages", []))
        return len(seen) >= 6

    until(all_of_them, "the messages")
    wanted = [f"{began + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%SZ}" for minute in range(6)]
    assert sorted(seen) == wanted
