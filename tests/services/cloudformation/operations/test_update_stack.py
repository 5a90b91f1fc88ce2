"""UpdateStack: changes in place, replacements, and the way back."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def thing(**properties: Any) -> dict[str, Any]:
    return {"Type": "Test::A::Thing", "Properties": properties}


def names(cloud: CloudUnderTest) -> list[str]:
    urls = cloud.client("sqs").list_queues().get("QueueUrls", [])
    return sorted(url.rsplit("/", 1)[-1] for url in urls)


def delay(cloud: CloudUnderTest, name: str) -> str:
    sqs = cloud.client("sqs")
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])
    return str(answer["Attributes"]["DelaySeconds"])


def test_a_change_in_place_keeps_the_resource(cloud: CloudUnderTest, stacks: Any) -> None:
    stacks.create("shop", {"A": queue(QueueName="a", DelaySeconds=1), "B": queue(QueueName="b")})
    before = stacks.physical_ids("shop")
    stack = stacks.update(
        "shop", {"A": queue(QueueName="a", DelaySeconds=2), "C": queue(QueueName="c")}
    )
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert "LastUpdatedTime" in stack
    assert delay(cloud, "a") == "2"
    assert names(cloud) == ["a", "c"]
    assert stacks.physical_ids("shop")["A"] == before["A"]
    assert stacks.statuses("shop")[2:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_COMPLETE",
    ]
    assert [e[:2] for e in stacks.events("shop") if e[0] == "B"][-2:] == [
        ("B", "DELETE_IN_PROGRESS"),
        ("B", "DELETE_COMPLETE"),
    ]


def test_a_replacement_makes_the_new_before_it_deletes_the_old(
    cloud: CloudUnderTest, stacks: Any
) -> None:
    def resources(name: str) -> dict[str, Any]:
        return {
            "A": queue(QueueName=name),
            "B": queue(QueueName={"Fn::Sub": "${A.QueueName}-copy"}),
            "C": queue(QueueName="c"),
        }

    stacks.create("shop", resources("one"))
    stacks.update("shop", resources("two"))
    assert names(cloud) == ["c", "two", "two-copy"]
    assert stacks.events("shop")[12:] == [
        ("A", "UPDATE_IN_PROGRESS", "Requested update requires the creation of a new physical "
         "resource; hence creating one."),
        ("A", "UPDATE_IN_PROGRESS", "Resource creation Initiated"),
        ("A", "UPDATE_COMPLETE", ""),
        ("B", "UPDATE_IN_PROGRESS", "Requested update requires the creation of a new physical "
         "resource; hence creating one."),
        ("B", "UPDATE_IN_PROGRESS", "Resource creation Initiated"),
        ("B", "UPDATE_COMPLETE", ""),
        ("shop", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", ""),
        ("B", "DELETE_IN_PROGRESS", ""),
        ("B", "DELETE_COMPLETE", ""),
        ("A", "DELETE_IN_PROGRESS", ""),
        ("A", "DELETE_COMPLETE", ""),
        ("shop", "UPDATE_COMPLETE", ""),
    ]  # fmt: skip


def test_retained_resources_stay(cloud: CloudUnderTest, stacks: Any) -> None:
    kept = {"UpdateReplacePolicy": "Retain", "DeletionPolicy": "Retain"}
    stacks.create(
        "shop", {"A": {**queue(QueueName="a"), **kept}, "B": {**queue(QueueName="b"), **kept}}
    )
    stacks.update("shop", {"A": {**queue(QueueName="a2"), **kept}})
    assert names(cloud) == ["a", "a2", "b"]
    assert sorted(e[:2] for e in stacks.events("shop") if e[1] == "DELETE_SKIPPED") == [
        ("A", "DELETE_SKIPPED"),
        ("B", "DELETE_SKIPPED"),
    ]


def test_a_failed_update_is_rolled_back(cloud: CloudUnderTest, stacks: Any, things: Any) -> None:
    outputs = {"Size": {"Value": {"Fn::GetAtt": "Changed.Size"}}}
    stacks.create(
        "shop",
        {
            "Changed": thing(Name="changed", Size=1),
            "Replaced": {**thing(Name="replaced"), "DependsOn": "Changed"},
            "Failing": {**thing(Name="failing", Size=1), "DependsOn": "Replaced"},
            "Removed": thing(Name="removed"),
        },
        Outputs=outputs,
    )
    before = stacks.physical_ids("shop")
    things.fail_on_update.add("99")
    things.log.clear()
    stack = stacks.update(
        "shop",
        {
            "Changed": thing(Name="changed", Size=2),
            "Replaced": {**thing(Name="replaced-anew"), "DependsOn": "Changed"},
            "Failing": {**thing(Name="failing", Size=99), "DependsOn": "Replaced"},
            "Added": {**thing(Name="added"), "DependsOn": "Replaced"},
        },
        Outputs=outputs,
    )
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stack["Outputs"] == [{"OutputKey": "Size", "OutputValue": "1"}]
    assert names(cloud) == ["changed", "failing", "removed", "replaced"]
    assert stacks.physical_ids("shop") == before
    assert stacks.statuses("shop")[2:] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]
    assert "update Changed to 1" in things.log
    assert things.log.index("update Changed to 1") < things.log.index("update Failing to 1")
    reason = "The following resource(s) failed to update: [Failing]. "
    assert ("shop", "UPDATE_ROLLBACK_IN_PROGRESS", reason) in stacks.events("shop")
    body = stacks.client.get_template(StackName="shop")["TemplateBody"]
    assert body["Resources"]["Changed"]["Properties"]["Size"] == 1
    with pytest.raises(ClientError, match=r"No updates are to be performed\."):
        stacks.client.update_stack(StackName="shop", UsePreviousTemplate=True)


def test_without_rollback_a_failed_update_stays_as_it_is(stacks: Any, things: Any) -> None:
    stacks.create("shop", {"A": thing(Name="a", Size=1)})
    things.fail_on_update.add("2")
    stack = stacks.update("shop", {"A": thing(Name="a", Size=2)}, DisableRollback=True)
    assert stack["StackStatus"] == "UPDATE_FAILED"
    stacks.client.rollback_stack(StackName="shop")
    stacks.cloud.settle()
    assert stacks.described("shop")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert things.log[-1] == "update A to 1"


def test_a_failed_rollback_can_be_continued(stacks: Any, things: Any) -> None:
    stacks.create("shop", {"A": thing(Name="a", Size=1)})
    things.fail_on_update.update({"1", "2"})
    stack = stacks.update("shop", {"A": thing(Name="a", Size=2)})
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    stacks.client.continue_update_rollback(StackName="shop")
    stacks.cloud.settle()
    assert stacks.described("shop")["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    stacks.client.continue_update_rollback(StackName="shop", ResourcesToSkip=["A"])
    stacks.cloud.settle()
    assert stacks.described("shop")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    with pytest.raises(ClientError, match="can not continue rollback"):
        stacks.client.continue_update_rollback(StackName="shop")


def test_an_update_can_be_cancelled(cloud: CloudUnderTest, stacks: Any, things: Any) -> None:
    stacks.create("shop", {"A": thing(Name="a", Size=1)})
    with pytest.raises(ClientError, match="CancelUpdateStack cannot be called from current stack"):
        stacks.client.cancel_update_stack(StackName="shop")
    things.ready = False
    stacks.update("shop", {"A": thing(Name="a", Size=2), "B": {**queue(), "DependsOn": "A"}})
    assert stacks.described("shop")["StackStatus"] == "UPDATE_IN_PROGRESS"
    with pytest.raises(ClientError, match="is in UPDATE_IN_PROGRESS state and can not be updated"):
        stacks.update("shop", {"A": thing(Name="a", Size=3)})
    stacks.client.cancel_update_stack(StackName="shop")
    things.ready = True
    cloud.advance(5)
    assert stacks.described("shop")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert names(cloud) == ["a"]


def test_an_update_goes_on_after_a_restart(cloud: CloudUnderTest, stacks: Any, things: Any) -> None:
    stacks.create("shop", {"A": thing(Name="a", Size=1), "B": thing(Name="b", Size=1)})
    things.ready = False
    things.fail_on_update.add("2")
    stacks.update("shop", {"A": thing(Name="anew", Size=1), "B": thing(Name="b", Size=2)})
    cloud.restart()
    things.ready = True
    cloud.advance(5)
    assert stacks.described("shop")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert names(cloud) == ["a", "b"]


def test_a_custom_named_resource_is_not_replaced_by_itself(stacks: Any) -> None:
    stacks.create("shop", {"A": queue(QueueName="a.fifo", FifoQueue=True)})
    stacks.update("shop", {"A": queue(QueueName="a.fifo", FifoQueue=False)})
    reason = (
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        "Rename a.fifo and update the stack again."
    )
    assert ("A", "UPDATE_FAILED", reason) in stacks.events("shop")


def test_parameters_keep_their_previous_values(cloud: CloudUnderTest, stacks: Any) -> None:
    parameters = {"D": {"Type": "Number"}, "N": {"Type": "String"}}
    resources = {"A": queue(QueueName={"Ref": "N"}, DelaySeconds={"Ref": "D"})}
    first = [{"ParameterKey": "D", "ParameterValue": "1"}, {"ParameterKey": "N",
             "ParameterValue": "a"}]  # fmt: skip
    stacks.create("shop", resources, Parameters_=parameters, Parameters=first)
    second = [{"ParameterKey": "D", "ParameterValue": "2"}, {"ParameterKey": "N",
              "UsePreviousValue": True}]  # fmt: skip
    stacks.client.update_stack(StackName="shop", UsePreviousTemplate=True, Parameters=second)
    cloud.settle()
    assert stacks.described("shop")["StackStatus"] == "UPDATE_COMPLETE"
    assert delay(cloud, "a") == "2"


def test_an_update_of_outputs_alone_is_an_update(stacks: Any) -> None:
    stacks.create("shop", {"A": queue()})
    stack = stacks.update("shop", {"A": queue()}, Outputs={"O": {"Value": "v"}})
    assert stack["Outputs"] == [{"OutputKey": "O", "OutputValue": "v"}]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"StackName": "none"}, "Stack [none] does not exist"),
        ({}, "No updates are to be performed."),
        (
            {"Parameters": [{"ParameterKey": "X", "ParameterValue": "1"}]},
            "Parameters: [X] do not exist in the template",
        ),
    ],
)
def test_a_bad_request_changes_nothing(stacks: Any, more: dict[str, Any], message: str) -> None:
    stacks.create("shop", {"A": queue()})
    with pytest.raises(ClientError) as refused:
        stacks.client.update_stack(**{"StackName": "shop", "UsePreviousTemplate": True, **more})
    assert refused.value.response["Error"]["Message"] == message
    assert stacks.described("shop")["StackStatus"] == "CREATE_COMPLETE"
