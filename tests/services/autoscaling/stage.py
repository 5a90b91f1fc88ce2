"""A provisioned table that is scaled, and what uses it up."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

WRITES = {
    "ServiceNamespace": "dynamodb",
    "ResourceId": "table/orders",
    "ScalableDimension": "dynamodb:table:WriteCapacityUnits",
}
HALF = {
    "TargetValue": 50.0,
    "PredefinedMetricSpecification": {
        "PredefinedMetricType": "DynamoDBWriteCapacityUtilization",
    },
}


class Stage:
    """Application Auto Scaling over the table `orders` with 5 units each way."""

    def __init__(self, cloud: CloudUnderTest) -> None:
        self.cloud = cloud
        self.client = cloud.client("application-autoscaling")
        self.dynamodb = cloud.client("dynamodb")
        self.dynamodb.create_table(
            TableName="orders",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        )
        cloud.advance(60)

    def register(self, **change: Any) -> str:
        """Register the table's writes between 5 and 40 units; the target's ARN."""
        params = {**WRITES, "MinCapacity": 5, "MaxCapacity": 40, **change}
        arn = str(self.client.register_scalable_target(**params)["ScalableTargetARN"])
        self.cloud.advance(30)
        return arn

    def put_policy(self, **change: Any) -> dict[str, Any]:
        """Have the writes follow a target of 50 percent."""
        answer: dict[str, Any] = self.client.put_scaling_policy(
            **WRITES,
            PolicyName="half",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={**HALF, **change},
        )
        self.cloud.settle()
        return answer

    def write(self, units: int, minutes: int) -> None:
        """Use up some write capacity units, every minute for a while."""
        item = {"id": {"S": "x"}, "text": {"S": "y" * (1024 * units - 100)}}
        for _ in range(minutes):
            self.dynamodb.put_item(TableName="orders", Item=item)
            self.cloud.advance(60)

    @property
    def units(self) -> int:
        """The table's write capacity."""
        table = self.dynamodb.describe_table(TableName="orders")["Table"]
        return int(table["ProvisionedThroughput"]["WriteCapacityUnits"])

    @property
    def activities(self) -> list[dict[str, Any]]:
        """The scaling activities, the latest first."""
        answer = self.client.describe_scaling_activities(ServiceNamespace="dynamodb")
        found: list[dict[str, Any]] = answer["ScalingActivities"]
        return found

    @property
    def alarms(self) -> dict[str, dict[str, Any]]:
        """The alarms there are, by what they watch."""
        answer = self.cloud.client("cloudwatch").describe_alarms()["MetricAlarms"]
        return {each["AlarmName"].split("-")[2]: each for each in answer}


def refusal(call: Any, **params: Any) -> tuple[str, str]:
    """The code and the message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return str(error["Code"]), str(error["Message"])
