"""Reading stacks."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

QUEUE = {"Type": "AWS::SQS::Queue", "Metadata": {"why": "because"}}


def test_stacks_are_listed_by_status(stacks: Any) -> None:
    stacks.create("one", {"A": QUEUE}, Description="first")
    stacks.create("two", {"A": QUEUE})
    stacks.client.delete_stack(StackName="two")
    stacks.cloud.settle()
    assert [s["StackName"] for s in stacks.client.describe_stacks()["Stacks"]] == ["one"]
    every = stacks.client.list_stacks()["StackSummaries"]
    assert sorted(s["StackName"] for s in every) == ["one", "two"]
    (one,) = stacks.client.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]
    assert one["TemplateDescription"] == "first"
    assert one["DriftInformation"] == {"StackDriftStatus": "NOT_CHECKED"}


def test_resources_are_found_by_stack_name_or_physical_id(stacks: Any) -> None:
    stacks.create("shop", {"A": QUEUE, "B": QUEUE})
    physical_id = stacks.physical_ids("shop")["A"]
    detail = stacks.client.describe_stack_resource(StackName="shop", LogicalResourceId="A")
    assert detail["StackResourceDetail"]["PhysicalResourceId"] == physical_id
    assert detail["StackResourceDetail"]["Metadata"] == '{"why": "because"}'
    found = stacks.client.describe_stack_resources(PhysicalResourceId=physical_id)
    assert [r["LogicalResourceId"] for r in found["StackResources"]] == ["A", "B"]
    only = stacks.client.describe_stack_resources(StackName="shop", LogicalResourceId="B")
    assert [r["LogicalResourceId"] for r in only["StackResources"]] == ["B"]
    listed = stacks.client.list_stack_resources(StackName="shop")["StackResourceSummaries"]
    assert [(r["LogicalResourceId"], r["ResourceStatus"]) for r in listed] == [
        ("A", "CREATE_COMPLETE"),
        ("B", "CREATE_COMPLETE"),
    ]


@pytest.mark.parametrize(
    ("operation", "request_", "message"),
    [
        ("describe_stacks", {"StackName": "none"}, "Stack with id none does not exist"),
        ("describe_stack_events", {"StackName": "none"}, "Stack [none] does not exist"),
        ("list_stack_resources", {"StackName": "none"}, "Stack with id none does not exist"),
        (
            "describe_stack_resource",
            {"StackName": "shop", "LogicalResourceId": "Z"},
            "Resource Z does not exist for stack shop",
        ),
        (
            "describe_stack_resources",
            {"StackName": "shop", "LogicalResourceId": "Z"},
            "Resource Z does not exist for stack shop",
        ),
        (
            "describe_stack_resources",
            {"PhysicalResourceId": "none"},
            "Stack for none does not exist",
        ),
        ("list_change_sets", {"StackName": "none"}, "Stack [none] does not exist"),
        ("get_template", {"StackName": "none"}, "Stack with id none does not exist"),
        ("get_template", {}, "StackName is a required parameter."),
        ("list_stacks", {"NextToken": "x"}, "NextToken is invalid"),
    ],
)
def test_what_is_not_there(
    stacks: Any, operation: str, request_: dict[str, Any], message: str
) -> None:
    stacks.create("shop", {"A": QUEUE})
    with pytest.raises(ClientError) as refused:
        getattr(stacks.client, operation)(**request_)
    assert refused.value.response["Error"] == {
        "Type": "Sender",
        "Code": "ValidationError",
        "Message": message,
    }


def test_events_come_in_pages_newest_first(stacks: Any) -> None:
    stacks.create("shop", {f"A{n}": QUEUE for n in range(40)})
    paginator = stacks.client.get_paginator("describe_stack_events")
    events = paginator.paginate(StackName="shop").build_full_result()["StackEvents"]
    assert len(events) == 1 + 40 * 3 + 1
    assert len({event["EventId"] for event in events}) == len(events)
    assert events[0]["ResourceStatus"] == "CREATE_COMPLETE"
    assert events[-1]["ResourceStatusReason"] == "User Initiated"


def test_accounts_and_regions_have_their_own_stacks(stacks: Any) -> None:
    stacks.create("shop", {"A": QUEUE})
    elsewhere = stacks.cloud.client("cloudformation", region="eu-west-1")
    assert elsewhere.describe_stacks()["Stacks"] == []
    somebody = stacks.cloud.client("cloudformation", credentials=("111111111111", "test"))
    assert somebody.describe_stacks()["Stacks"] == []


def test_a_client_is_told_when_a_stack_is_done(stacks: Any) -> None:
    async def let_the_clock_run() -> None:
        stacks.cloud.clock.resume()

    stacks.cloud.run(let_the_clock_run())
    stacks.client.create_stack(StackName="shop", TemplateBody=stacks.template({"A": QUEUE}))
    assert stacks.described("shop")["StackStatus"] == "CREATE_COMPLETE"
    body = stacks.template({"A": {**QUEUE, "Properties": {"DelaySeconds": 1}}})
    stacks.client.update_stack(StackName="shop", TemplateBody=body)
    assert stacks.described("shop")["StackStatus"] == "UPDATE_COMPLETE"
