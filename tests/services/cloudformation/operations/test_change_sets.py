"""Change sets."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def made(stacks: Any, resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Create the change set `c` of the stack `shop` and return its description."""
    request = {"StackName": "shop", "ChangeSetName": "c", **more}
    stacks.client.create_change_set(**request, TemplateBody=stacks.template(resources))
    stacks.cloud.settle()
    answer = stacks.client.describe_change_set(ChangeSetName="c", StackName="shop")
    return {k: v for k, v in answer.items() if k != "ResponseMetadata"}


def test_a_change_set_makes_a_stack(cloud: CloudUnderTest, stacks: Any) -> None:
    described = made(
        stacks, {"A": queue(QueueName="a")}, ChangeSetType="CREATE", Description="first"
    )
    assert described["Status"] == "CREATE_COMPLETE"
    assert described["ExecutionStatus"] == "AVAILABLE"
    assert described["Description"] == "first"
    assert described["Capabilities"] == []
    assert described["Changes"] == [
        {
            "Type": "Resource",
            "ResourceChange": {
                "Action": "Add",
                "LogicalResourceId": "A",
                "ResourceType": "AWS::SQS::Queue",
                "Scope": [],
                "Details": [],
            },
        }
    ]
    stack = stacks.described("shop")
    assert stack["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert stack["StackStatusReason"] == "User Initiated"
    assert "QueueUrls" not in cloud.client("sqs").list_queues()
    stacks.client.execute_change_set(ChangeSetName="c", StackName="shop")
    cloud.settle()
    stack = stacks.described("shop")
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["ChangeSetId"] == described["ChangeSetId"]
    assert stacks.statuses("shop") == [
        "REVIEW_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
    ]


def test_an_executed_change_set_is_gone_and_its_name_free(stacks: Any) -> None:
    first = made(stacks, {"A": queue(DelaySeconds=1)}, ChangeSetType="CREATE")
    stacks.client.execute_change_set(ChangeSetName="c", StackName="shop")
    stacks.cloud.settle()
    with pytest.raises(ClientError) as gone:
        stacks.client.describe_change_set(ChangeSetName="c", StackName="shop")
    assert gone.value.response["Error"]["Code"] == "ChangeSetNotFound"
    assert gone.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    by_arn = stacks.client.describe_change_set(ChangeSetName=first["ChangeSetId"])
    assert by_arn["ExecutionStatus"] == "EXECUTE_COMPLETE"
    assert stacks.client.list_change_sets(StackName="shop")["Summaries"] == []
    second = made(stacks, {"A": queue(DelaySeconds=2)})
    assert second["ChangeSetId"] != first["ChangeSetId"]
    stacks.client.execute_change_set(ChangeSetName="c", StackName="shop")
    stacks.cloud.settle()
    assert stacks.described("shop")["StackStatus"] == "UPDATE_COMPLETE"


def test_changes_are_told_property_by_property(stacks: Any) -> None:
    stacks.create("shop", {"A": queue(QueueName="a"), "B": queue(DelaySeconds=1), "C": queue()})
    changes = made(stacks, {"A": queue(QueueName="b"), "B": queue(DelaySeconds=2)})["Changes"]
    a, b, c = (change["ResourceChange"] for change in changes)
    assert (a["Action"], a["Replacement"], a["PolicyAction"]) == (
        "Modify",
        "True",
        "ReplaceAndDelete",
    )
    assert a["PhysicalResourceId"].endswith("/a")
    assert a["Details"] == [
        {
            "Target": {
                "Attribute": "Properties",
                "Name": "QueueName",
                "RequiresRecreation": "Always",
            },
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }
    ]
    assert (b["Action"], b["Replacement"], b["Scope"]) == ("Modify", "False", ["Properties"])
    assert (c["Action"], c["LogicalResourceId"], c["PolicyAction"]) == ("Remove", "C", "Delete")


def test_property_values_are_shown_on_request(stacks: Any) -> None:
    stacks.create("shop", {"A": queue(DelaySeconds=1)})
    made(stacks, {"A": queue(DelaySeconds=2)})
    answer = stacks.client.describe_change_set(
        ChangeSetName="c", StackName="shop", IncludePropertyValues=True
    )
    change = answer["Changes"][0]["ResourceChange"]
    assert json.loads(change["BeforeContext"]) == {"Properties": {"DelaySeconds": 1}}
    assert json.loads(change["AfterContext"]) == {"Properties": {"DelaySeconds": 2}}


def test_no_changes_is_a_failed_change_set(stacks: Any) -> None:
    stacks.create("shop", {"A": queue()})
    described = made(stacks, {"A": queue()})
    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert described["StatusReason"] == (
        "The submitted information didn't contain changes. "
        "Submit different information to create a change set."
    )
    with pytest.raises(ClientError) as refused:
        stacks.client.execute_change_set(ChangeSetName="c", StackName="shop")
    assert refused.value.response["Error"]["Code"] == "InvalidChangeSetStatus"
    assert refused.value.response["Error"]["Message"] == (
        f"ChangeSet [{described['ChangeSetId']}] cannot be executed in its current status of "
        "[FAILED]"
    )
    stacks.client.delete_change_set(ChangeSetName="c", StackName="shop")
    assert stacks.client.list_change_sets(StackName="shop")["Summaries"] == []


def test_a_missing_export_is_a_failed_change_set(stacks: Any) -> None:
    resources = {"A": queue(QueueName={"Fn::ImportValue": "nope"})}
    described = made(stacks, resources, ChangeSetType="CREATE")
    assert (described["Status"], described["StatusReason"]) == (
        "FAILED",
        "No export named nope found.",
    )


def test_executing_one_makes_the_others_obsolete(stacks: Any) -> None:
    stacks.create("shop", {"A": queue(DelaySeconds=1)})
    made(stacks, {"A": queue(DelaySeconds=2)})
    other = stacks.client.create_change_set(
        StackName="shop",
        ChangeSetName="d",
        TemplateBody=stacks.template({"A": queue(DelaySeconds=3)}),
    )
    names = [s["ChangeSetName"] for s in _summaries(stacks)]
    assert names == ["c", "d"]
    stacks.client.execute_change_set(ChangeSetName="c", StackName="shop")
    stacks.cloud.settle()
    described = stacks.client.describe_change_set(ChangeSetName=other["Id"])
    assert described["ExecutionStatus"] == "OBSOLETE"
    with pytest.raises(ClientError, match=r"current status of \[OBSOLETE\]"):
        stacks.client.execute_change_set(ChangeSetName=other["Id"])


def _summaries(stacks: Any) -> list[dict[str, Any]]:
    return list(stacks.client.list_change_sets(StackName="shop")["Summaries"])


def test_executing_twice_with_one_token_is_executing_once(stacks: Any) -> None:
    made(stacks, {"A": queue()}, ChangeSetType="CREATE")
    for _ in range(2):
        stacks.client.execute_change_set(
            ChangeSetName="c", StackName="shop", ClientRequestToken="t"
        )
    stacks.cloud.settle()
    assert stacks.statuses("shop").count("CREATE_IN_PROGRESS") == 1


def test_creating_twice_with_one_token_is_creating_once(stacks: Any) -> None:
    request = {
        "StackName": "shop",
        "ChangeSetName": "c",
        "ChangeSetType": "CREATE",
        "TemplateBody": stacks.template({"A": queue()}),
    }
    first = stacks.client.create_change_set(**request, ClientToken="t")
    assert stacks.client.create_change_set(**request, ClientToken="t")["Id"] == first["Id"]
    with pytest.raises(ClientError, match="ChangeSet c already exists for stack shop"):
        stacks.client.create_change_set(**request)


def test_a_failed_change_set_execution_rolls_back(cloud: CloudUnderTest, stacks: Any) -> None:
    described = made(
        stacks, {"A": queue(DelaySeconds=-1)}, ChangeSetType="CREATE", OnStackFailure="DELETE"
    )
    assert described["OnStackFailure"] == "DELETE"
    stack_id = described["StackId"]
    stacks.client.execute_change_set(ChangeSetName="c", StackName="shop")
    cloud.settle()
    assert stacks.described(stack_id)["StackStatus"] == "DELETE_COMPLETE"


def test_a_stack_under_review_can_be_deleted(stacks: Any) -> None:
    described = made(stacks, {"A": queue()}, ChangeSetType="CREATE")
    stacks.client.delete_stack(StackName="shop")
    assert stacks.described(described["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_a_stack_under_review_can_be_created_directly(stacks: Any) -> None:
    described = made(stacks, {"A": queue()}, ChangeSetType="CREATE")
    stack = stacks.create("shop", {"A": queue()})
    assert (stack["StackId"], stack["StackStatus"]) == (described["StackId"], "CREATE_COMPLETE")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"StackName": "none"}, "Stack [none] does not exist"),
        (
            {"ChangeSetType": "CREATE"},
            "Stack [shop] already exists and cannot be created again with the changeSet [c].",
        ),
        ({"ChangeSetType": "IMPORT"}, "ChangeSetType IMPORT is not supported"),
        ({"TemplateBody": "{}"},
         "Template format error: At least one Resources member must be defined."),
    ],
)  # fmt: skip
def test_a_bad_request_makes_no_change_set(stacks: Any, more: dict[str, Any], message: str) -> None:
    stacks.create("shop", {"A": queue()})
    request = {
        "StackName": "shop",
        "ChangeSetName": "c",
        "TemplateBody": stacks.template({"A": queue(DelaySeconds=1)}),
    }
    with pytest.raises(ClientError) as refused:
        stacks.client.create_change_set(**{**request, **more})
    assert refused.value.response["Error"]["Message"] == message
    assert _summaries(stacks) == []


def test_a_change_set_is_named_by_arn_or_with_its_stack(stacks: Any) -> None:
    for operation in ("describe_change_set", "delete_change_set", "execute_change_set"):
        with pytest.raises(ClientError) as refused:
            getattr(stacks.client, operation)(ChangeSetName="c")
        assert refused.value.response["Error"]["Message"] == (
            "StackName must be specified if ChangeSetName is not specified as an ARN."
        )
        with pytest.raises(ClientError, match=r"Stack \[none\] does not exist"):
            getattr(stacks.client, operation)(ChangeSetName="c", StackName="none")
