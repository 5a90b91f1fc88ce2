"""Rules whose targets are log groups."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

GROUP = "/aws/events/orders"
ARN = f"arn:aws:logs:us-east-1:000000000000:log-group:{GROUP}"


@pytest.fixture
def orders(cloud: CloudUnderTest) -> CloudUnderTest:
    """A cloud with a log group, a policy that opens it to EventBridge, and a rule."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"{ARN}:*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.put_resource_policy(policyName="events", policyDocument=policy)
    cloud.client("events").put_rule(Name="orders", EventPattern=json.dumps({"source": ["shop"]}))
    return cloud


def target(cloud: CloudUnderTest, **members: Any) -> None:
    """Make the log group the rule's target."""
    targets = [{"Id": "log", "Arn": ARN, **members}]
    cloud.client("events").put_targets(Rule="orders", Targets=targets)


def send(cloud: CloudUnderTest) -> list[dict[str, Any]]:
    """Put an event; return what is in the log group then."""
    entry = {"Source": "shop", "DetailType": "Order Placed", "Detail": '{"id": 7}'}
    cloud.client("events").put_events(Entries=[entry])
    cloud.settle()
    found: list[dict[str, Any]] = cloud.client("logs").filter_log_events(logGroupName=GROUP)[
        "events"
    ]
    return found


def test_an_event_is_written_as_it_is(orders: CloudUnderTest) -> None:
    target(orders)
    (written,) = send(orders)
    event = json.loads(written["message"])
    assert (event["source"], event["detail"]) == ("shop", {"id": 7})
    assert len(send(orders)) == 2


def test_a_template_says_time_and_message(orders: CloudUnderTest) -> None:
    template = '{"timestamp": "<time>", "message": "order <id>"}'
    paths = {"time": "$.time", "id": "$.detail.id"}
    target(orders, InputTransformer={"InputPathsMap": paths, "InputTemplate": template})
    (written,) = send(orders)
    assert written["message"] == "order 7"
    assert abs(written["timestamp"] - written["ingestionTime"]) < 1000


def test_what_is_no_log_event_is_not_written(orders: CloudUnderTest) -> None:
    target(orders, InputTransformer={"InputTemplate": '{"text": "an order"}'})
    assert send(orders) == []


def test_nothing_is_written_without_a_policy(orders: CloudUnderTest) -> None:
    target(orders)
    orders.client("logs").delete_resource_policy(policyName="events")
    assert send(orders) == []


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            {"RoleArn": "arn:aws:iam::000000000000:role/r"},
            f"RoleArn is not supported for target {ARN}.",
        ),
        (
            {"Input": "{}"},
            "Input and InputPath are not valid forms of input for target log."
            " The only valid form of input is InputTransformer.",
        ),
        (
            {"Arn": "arn:aws:logs:us-east-1:000000000000:destination:d"},
            "Parameter arn:aws:logs:us-east-1:000000000000:destination:d is not valid."
            " Reason: Provided Arn is not in correct format.",
        ),
    ],
)
def test_other_targets_are_refused(
    orders: CloudUnderTest, members: dict[str, str], message: str
) -> None:
    with pytest.raises(ClientError) as caught:
        target(orders, **members)
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("ValidationException", message)
