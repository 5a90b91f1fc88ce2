"""A role, queues, and schedules over them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

OFF = {"Mode": "OFF"}
ALLOW_ALL = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]


class Stage:
    """Makes what schedules need, and schedules."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud = cloud
        self.client = cloud.client("scheduler")
        self.sqs = cloud.client("sqs")
        self.role = self.make_role("scheduler", ALLOW_ALL)

    def make_role(
        self,
        name: str,
        statements: list[dict[str, Any]],
        service: str = "scheduler",
        **trust: Any,
    ) -> str:
        """The ARN of a new role that a service may assume."""
        allow = {
            "Effect": "Allow",
            "Principal": {"Service": f"{service}.amazonaws.com"},
            "Action": "sts:AssumeRole",
            **trust,
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        iam = self.cloud.client("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]
        if statements:
            policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
            iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=policy)
        return str(role["Arn"])

    def make_queue(self, name: str, **attributes: str) -> str:
        """The ARN of a new queue."""
        self.sqs.create_queue(QueueName=name, Attributes=attributes)
        return f"arn:aws:sqs:{self.cloud.region}:{self.cloud.account}:{name}"

    def messages(self, name: str) -> list[dict[str, Any]]:
        """Take what is now in a queue."""
        url = self.sqs.get_queue_url(QueueName=name)["QueueUrl"]
        taken: list[dict[str, Any]] = []
        while found := self.sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        ).get("Messages"):
            for message in found:
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            taken += found
        return taken

    def bodies(self, name: str) -> list[str]:
        """Take what is now in a queue; the bodies."""
        return [message["Body"] for message in self.messages(name)]

    def create(self, expression: str, arn: str, **options: Any) -> str:
        """Create the schedule `nightly`, or what `Name` says; its ARN."""
        target = {"Arn": arn, "RoleArn": self.role, **options.pop("Target", {})}
        params = {
            "Name": "nightly",
            "ScheduleExpression": expression,
            "FlexibleTimeWindow": OFF,
            "Target": target,
            **options,
        }
        return str(self.client.create_schedule(**params)["ScheduleArn"])

    def value(self, metric: str, **dimensions: str) -> float:
        """The sum of a metric of `AWS/Scheduler` over the last day."""
        self.cloud.settle()
        answer = self.cloud.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Scheduler",
            MetricName=metric,
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
            StartTime=self.cloud.now - 86_400,
            EndTime=self.cloud.now + 60,
            Period=86_400,
            Statistics=["Sum"],
        )
        return float(sum(point["Sum"] for point in answer["Datapoints"]))


def refusal(call: Any, **params: Any) -> tuple[str, str]:
    """The code and the message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return str(error["Code"]), str(error["Message"])
