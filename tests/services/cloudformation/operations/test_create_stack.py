"""CreateStack, and what becomes of a stack that cannot be made."""

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
    return [url.rsplit("/", 1)[-1] for url in urls]


def test_a_stack_is_made_in_order(cloud: CloudUnderTest, stacks: Any) -> None:
    stack = stacks.create(
        "shop",
        {
            "Orders": queue(QueueName={"Fn::Sub": "${AWS::StackName}-${Stage}"}),
            "Copies": queue(QueueName={"Fn::Join": ["-", [{"Fn::GetAtt": "Orders.QueueName"}, 2]]}),
        },
        Description="a shop",
        Parameters_={"Stage": {"Type": "String"}},
        Outputs={"Url": {"Value": {"Ref": "Orders"}, "Description": "where"}},
        Parameters=[{"ParameterKey": "Stage", "ParameterValue": "live"}],
        Tags=[{"Key": "team", "Value": "a"}],
        EnableTerminationProtection=True,
    )
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["Description"] == "a shop"
    assert stack["Parameters"] == [{"ParameterKey": "Stage", "ParameterValue": "live"}]
    assert stack["Tags"] == [{"Key": "team", "Value": "a"}]
    assert stack["EnableTerminationProtection"] is True
    assert stack["NotificationARNs"] == []
    assert stack["Outputs"][0]["OutputValue"].endswith("/shop-live")
    assert stack["Outputs"][0]["Description"] == "where"
    assert sorted(names(cloud)) == ["shop-live", "shop-live-2"]
    assert stacks.events("shop") == [
        ("shop", "CREATE_IN_PROGRESS", "User Initiated"),
        ("Orders", "CREATE_IN_PROGRESS", ""),
        ("Orders", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("Orders", "CREATE_COMPLETE", ""),
        ("Copies", "CREATE_IN_PROGRESS", ""),
        ("Copies", "CREATE_IN_PROGRESS", "Resource creation Initiated"),
        ("Copies", "CREATE_COMPLETE", ""),
        ("shop", "CREATE_COMPLETE", ""),
    ]
    url = cloud.client("sqs").get_queue_url(QueueName="shop-live")["QueueUrl"]
    tags = cloud.client("sqs").list_queue_tags(QueueUrl=url)["Tags"]
    assert tags["team"] == "a"
    assert tags["aws:cloudformation:logical-id"] == "Orders"


def test_a_failed_create_is_rolled_back(cloud: CloudUnderTest, stacks: Any) -> None:
    stack = stacks.create(
        "shop", {"Good": queue(), "Bad": {**queue(DelaySeconds=-1), "DependsOn": "Good"}}
    )
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert names(cloud) == []
    assert stacks.physical_ids("shop") == {}
    events = stacks.events("shop")
    assert ("shop", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [Bad]. "
            "Rollback requested by user.") in events  # fmt: skip
    (reason,) = [reason for _, status, reason in events if status == "CREATE_FAILED"]
    assert reason.startswith('Resource handler returned message: "Invalid value for the parameter')
    assert "(Service: Sqs, Status Code: 400, Request ID: " in reason
    assert reason.endswith("HandlerErrorCode: InvalidRequest)")
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        stacks.update("shop", {"Good": queue()})


@pytest.mark.parametrize(
    ("choice", "status", "left"),
    [
        ({"OnFailure": "DO_NOTHING"}, "CREATE_FAILED", ["good"]),
        ({"DisableRollback": True}, "CREATE_FAILED", ["good"]),
        ({"OnFailure": "DELETE"}, "DELETE_COMPLETE", []),
    ],
)
def test_what_a_failed_create_leaves(
    cloud: CloudUnderTest, stacks: Any, choice: dict[str, Any], status: str, left: list[str]
) -> None:
    resources = {
        "Good": queue(QueueName="good"),
        "Bad": {**queue(DelaySeconds=-1), "DependsOn": "Good"},
    }
    answer = stacks.client.create_stack(
        StackName="shop", TemplateBody=stacks.template(resources), **choice
    )
    cloud.settle()
    assert stacks.described(answer["StackId"])["StackStatus"] == status
    assert names(cloud) == left


def test_a_stack_left_in_pieces_can_be_rolled_back(cloud: CloudUnderTest, stacks: Any) -> None:
    resources = {"Good": queue(), "Bad": {**queue(DelaySeconds=-1), "DependsOn": "Good"}}
    stacks.create("shop", resources, OnFailure="DO_NOTHING")
    assert len(names(cloud)) == 1
    stacks.client.rollback_stack(StackName="shop")
    cloud.settle()
    assert stacks.described("shop")["StackStatus"] == "ROLLBACK_COMPLETE"
    assert names(cloud) == []
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be rolled"):
        stacks.client.rollback_stack(StackName="shop")


@pytest.mark.parametrize(
    ("policy", "more", "left"),
    [
        ("Retain", {}, ["good"]),
        ("RetainExceptOnCreate", {}, []),
        ("Retain", {"RetainExceptOnCreate": True}, []),
    ],
)
def test_deletion_policies_of_a_failed_create(
    cloud: CloudUnderTest, stacks: Any, policy: str, more: dict[str, Any], left: list[str]
) -> None:
    good = {**queue(QueueName="good"), "DeletionPolicy": policy}
    stacks.create(
        "shop", {"Good": good, "Bad": {**queue(DelaySeconds=-1), "DependsOn": "Good"}}, **more
    )
    assert names(cloud) == left


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        (
            {"Name": "a", "Colour": "red"},
            "Property validation failure: [Encountered unsupported properties in {/}: [Colour]]",
        ),
        ({"Size": 1}, "Property validation failure: [The property {/Name} is required]"),
    ],
)
def test_properties_are_checked_when_the_resource_is_made(
    stacks: Any, things: Any, properties: dict[str, Any], reason: str
) -> None:
    stacks.create("shop", {"A": thing(**properties)})
    assert ("A", "CREATE_FAILED", reason) in stacks.events("shop")
    assert things.log == []


def test_a_handler_that_breaks_fails_its_resource_only(stacks: Any, things: Any) -> None:
    stacks.create("shop", {"A": thing(Name="a")})
    things.fail_on_delete = True
    stacks.client.delete_stack(StackName="shop")
    stacks.cloud.settle()
    stack = stacks.described("shop")
    assert stack["StackStatus"] == "DELETE_FAILED"
    assert stack["StackStatusReason"] == "The following resource(s) failed to delete: [A]. "
    assert 'Resource handler returned message: "Internal Failure"' in stacks.events("shop")[-2][2]


def test_a_type_nobody_needs_may_be_unknown(stacks: Any) -> None:
    never = {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-gov-west-1"]}
    queue = {"Type": "AWS::SQS::Queue"}
    other = {"Type": "AWS::Nope::Thing", "Condition": "Never"}
    made = stacks.create("shop", {"A": other, "B": queue}, Conditions={"Never": never})
    assert made["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("more", "code", "message"),
    [
        (
            {"TemplateBody": '{"Resources": {"A": {"Type": "AWS::Nope::Thing"}}}'},
            "ValidationError",
            "Template format error: Unrecognized resource types: [AWS::Nope::Thing]",
        ),
        (
            {"TemplateBody": '{"Resources": {"A": {"Type": "AWS::SQS::Queue"}}, "Outputs": '
             '{"O": {"Value": {"Fn::GetAtt": ["A", "Nope"]}}}}'},
            "ValidationError",
            "Template error: resource A does not support attribute type Nope in Fn::GetAtt",
        ),
        (
            {"TemplateBody": '{"Resources": {"A": {"Type": "AWS::SQS::Queue"}}, "Mappings": {}, '
             '"Outputs": {"O": {"Value": {"Fn::FindInMap": ["M", "a", "b"]}}}}'},
            "ValidationError",
            "Template error: Mapping named 'M' is not present in the 'Mappings' section of "
            "template.",
        ),
        ({}, "ValidationError", "Either Template URL or Template Body must be specified."),
        (
            {"TemplateBody": " " * 51201},
            "ValidationError",
            f"1 validation error detected: Value '{' ' * 51201}' at 'templateBody' failed to "
            "satisfy constraint: Member must have length less than or equal to 51200",
        ),
        (
            {"TemplateBody": '{"Resources": {"A": {"Type": "AWS::SQS::Queue", "Properties": '
             '{"QueueName": "{{resolve:secretsmanager:name}}"}}}}'},
            "ValidationError",
            "A dynamic reference to secretsmanager is not supported",
        ),
        (
            {"StackName": "*shop", "TemplateBody": "{}"},
            "ValidationError",
            "1 validation error detected: Value '*shop' at 'stackName' failed to satisfy "
            "constraint: Member must satisfy regular expression pattern: "
            "[a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*",
        ),
        (
            {"TemplateBody": '{"Resources": {"A": {"Type": "AWS::SQS::Queue"}}}',
             "NotificationARNs": ["t"]},
            "ValidationError",
            "Invalid notification ARN: t",
        ),
        (
            {"TemplateBody": '{"Transform": "Mine"}'},
            "ValidationError",
            "No transform named Mine found.",
        ),
        (
            {"TemplateBody": '{"Resources": {"A": {"Type": "AWS::SQS::Queue"}}}',
             "ResourceTypes": ["AWS::SNS::*"]},
            "ValidationError",
            "Resource type AWS::SQS::Queue is not allowed by parameter ResourceTypes "
            "[AWS::SNS::*]",
        ),
        (
            {"TemplateBody": '{"Resources": {"A": {"Type": "AWS::SQS::Queue"}}}',
             "RoleARN": "arn:aws:iam::000000000000:role/none"},
            "ValidationError",
            "Role arn:aws:iam::000000000000:role/none is invalid or cannot be assumed",
        ),
    ],
)  # fmt: skip
def test_a_bad_request_makes_nothing(
    stacks: Any, more: dict[str, Any], code: str, message: str
) -> None:
    with pytest.raises(ClientError) as refused:
        stacks.client.create_stack(**{"StackName": "shop", **more})
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["Error"]["Message"] == message
    assert stacks.client.list_stacks()["StackSummaries"] == []


def test_a_name_is_taken_until_its_stack_is_deleted(stacks: Any) -> None:
    first = stacks.create("shop", {"A": queue()})
    with pytest.raises(ClientError) as refused:
        stacks.create("shop", {"A": queue()})
    assert refused.value.response["Error"]["Code"] == "AlreadyExistsException"
    assert refused.value.response["Error"]["Message"] == "Stack [shop] already exists"
    stacks.client.delete_stack(StackName="shop")
    stacks.cloud.settle()
    second = stacks.create("shop", {"A": queue()})
    assert first["StackId"] != second["StackId"]
    assert stacks.described(first["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_a_repeated_request_is_the_same_request(stacks: Any) -> None:
    first = stacks.create("shop", {"A": queue()}, ClientRequestToken="t")
    second = stacks.create("shop", {"A": queue()}, ClientRequestToken="t")
    assert first["StackId"] == second["StackId"]
    with pytest.raises(ClientError, match="TokenAlreadyExistsException"):
        stacks.create("other", {"A": queue()}, ClientRequestToken="t")


def test_conditions_and_no_echo(cloud: CloudUnderTest, stacks: Any) -> None:
    stack = stacks.create(
        "shop",
        {
            "Always": queue(QueueName={"Fn::If": ["Prod", "big", {"Ref": "AWS::NoValue"}]}),
            "Never": {**queue(), "Condition": "Prod"},
        },
        Parameters_={
            "Env": {"Type": "String", "Default": "test"},
            "Secret": {"Type": "String", "NoEcho": True, "Default": "hush"},
        },
        Conditions={"Prod": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}},
        Outputs={"Hidden": {"Condition": "Prod", "Value": {"Ref": "Never"}}},
    )
    assert list(stacks.physical_ids("shop")) == ["Always"]
    assert "Outputs" not in stack
    assert {"ParameterKey": "Secret", "ParameterValue": "****"} in stack["Parameters"]


def test_a_creation_that_takes_too_long_is_rolled_back(
    cloud: CloudUnderTest, stacks: Any, things: Any
) -> None:
    things.ready = False
    stacks.create(
        "shop",
        {"A": thing(Name="a"), "B": {**queue(), "DependsOn": "A"}},
        TimeoutInMinutes=1,
    )
    cloud.advance(30)
    assert stacks.described("shop")["StackStatus"] == "CREATE_IN_PROGRESS"
    cloud.advance(40)
    events = stacks.events("shop")
    assert ("A", "CREATE_FAILED", "Resource creation cancelled") in events
    reason = "Stack creation time exceeded the specified timeout. Rollback requested by user."
    assert ("shop", "ROLLBACK_IN_PROGRESS", reason) in events


def test_a_creation_goes_on_after_a_restart(
    cloud: CloudUnderTest, stacks: Any, things: Any
) -> None:
    things.ready = False
    resources = {"A": thing(Name="a"), "B": queue(QueueName={"Fn::Sub": "${A.Name}-b"})}
    stacks.create("shop", resources)
    assert stacks.described("shop")["StackStatus"] == "CREATE_IN_PROGRESS"
    cloud.restart()
    things.ready = True
    cloud.advance(5)
    assert stacks.described("shop")["StackStatus"] == "CREATE_COMPLETE"
    assert names(cloud) == ["a", "a-b"]
    assert [event[:2] for event in stacks.events("shop")] == [
        ("shop", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_IN_PROGRESS"),
        ("A", "CREATE_COMPLETE"),
        ("B", "CREATE_IN_PROGRESS"),
        ("B", "CREATE_IN_PROGRESS"),
        ("B", "CREATE_COMPLETE"),
        ("shop", "CREATE_COMPLETE"),
    ]


def test_secrets_are_not_shown_in_events(cloud: CloudUnderTest, stacks: Any) -> None:
    stacks.create(
        "shop",
        {"A": queue(QueueName={"Fn::Sub": "q-${Secret}"})},
        Parameters_={"Secret": {"Type": "String", "NoEcho": True}},
        Parameters=[{"ParameterKey": "Secret", "ParameterValue": "hush"}],
    )
    assert names(cloud) == ["q-hush"]
    events = stacks.client.describe_stack_events(StackName="shop")["StackEvents"]
    shown = {e["ResourceProperties"] for e in events if "ResourceProperties" in e}
    assert shown == {'{"QueueName":"q-****"}'}


def test_a_rolled_back_stack_can_be_deleted_and_made_again(stacks: Any) -> None:
    bad = stacks.create("shop", {"A": queue(DelaySeconds=-1)})
    stacks.client.delete_stack(StackName="shop")
    stacks.cloud.settle()
    assert stacks.described(bad["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.create("shop", {"A": queue()})["StackStatus"] == "CREATE_COMPLETE"


def test_a_stack_left_in_pieces_can_be_mended(cloud: CloudUnderTest, stacks: Any) -> None:
    pieces = {"Good": queue(QueueName="good"), "Bad": {**queue(DelaySeconds=-1)}}
    stacks.create("shop", {**pieces, "Bad": {**pieces["Bad"], "DependsOn": "Good"}},
                  OnFailure="DO_NOTHING")  # fmt: skip
    stack = stacks.update("shop", {"Good": pieces["Good"], "Bad": queue(QueueName="mended")})
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert names(cloud) == ["good", "mended"]
