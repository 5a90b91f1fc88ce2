"""SetStackPolicy, GetStackPolicy, and what an update may not do because of them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cloudarium.pytest_plugin import CloudUnderTest

ALL = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
NOTHING = {**ALL, "Effect": "Deny"}
BUT_REPLACE = {
    "Effect": "Allow",
    "NotAction": "Update:Replace",
    "Principal": "*",
    "Resource": "*",
}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": list(statements)})


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def topic(name: str) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name}}


def refused(call: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    return str(caught.value.response["Error"]["Message"])


def test_a_policy_is_set_and_read_back(cloud: CloudUnderTest, stacks: Any) -> None:
    stacks.create("shop", {"A": queue()})
    client = stacks.client
    assert "StackPolicyBody" not in client.get_stack_policy(StackName="shop")
    client.set_stack_policy(StackName="shop", StackPolicyBody=policy(ALL))
    assert client.get_stack_policy(StackName="shop")["StackPolicyBody"] == policy(ALL)
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="policies")
    s3.put_object(Bucket="policies", Key="p.json", Body=b"{}")
    client.set_stack_policy(
        StackName="shop", StackPolicyURL="https://policies.s3.amazonaws.com/p.json"
    )
    assert client.get_stack_policy(StackName="shop")["StackPolicyBody"] == "{}"
    assert stacks.update("shop", {"A": queue(DelaySeconds=1)})["StackStatus"] == "UPDATE_COMPLETE"
    stacks.create("other", {"A": queue()}, StackPolicyBody=policy(NOTHING))
    assert client.get_stack_policy(StackName="other")["StackPolicyBody"] == policy(NOTHING)


@pytest.mark.parametrize(
    "body",
    [
        "words",
        "[]",
        policy({**ALL, "Principal": "me"}),
        policy({**ALL, "Action": "Delete:*"}),
        policy({**ALL, "Resource": "A"}),
        policy({**ALL, "NotResource": "*"}),
        policy({**ALL, "Effect": "Maybe"}),
        policy({**ALL, "Condition": {"StringEquals": {"Colour": ["red"]}}}),
        policy({**ALL, "Condition": {"IpAddress": {"ResourceType": "a"}}}),
    ],
)
def test_a_policy_that_is_none_is_refused(stacks: Any, body: str) -> None:
    stacks.create("shop", {"A": queue()})
    set_policy = stacks.client.set_stack_policy
    assert (
        refused(lambda: set_policy(StackName="shop", StackPolicyBody=body))
        == "Error validating stack policy: Invalid stack policy"
    )


def test_a_policy_names_resources_there_are_and_comes_one_way(stacks: Any) -> None:
    stacks.create("shop", {"A": queue(), "B": queue()})
    client = stacks.client
    of_b = policy({**ALL, "Resource": ["LogicalResourceId/B", "LogicalResourceId/X*"]})
    unknown = (
        "stack policy: Unknown logical id 'LogicalResourceId/{}' in statement {{}} - stack "
        "policies can only be applied to logical ids referenced in the template"
    )
    nobody = of_b.replace("/B", "/C")
    assert refused(
        lambda: client.set_stack_policy(StackName="shop", StackPolicyBody=nobody)
    ) == "Error validating " + unknown.format("C")
    client.set_stack_policy(StackName="shop", StackPolicyBody=of_b)
    assert refused(
        lambda: stacks.update("shop", {"A": queue()})
    ) == "Error validating existing " + unknown.format("B")
    both = {"StackPolicyBody": of_b, "StackPolicyURL": "https://a.s3.amazonaws.com/p"}
    assert (
        refused(lambda: client.set_stack_policy(StackName="shop", **both))
        == "You cannot specify both StackPolicyURL and StackPolicyBody"
    )
    assert "Either StackPolicyURL" in refused(lambda: client.set_stack_policy(StackName="shop"))
    assert "does not exist" in refused(lambda: client.get_stack_policy(StackName="none"))


def test_what_a_policy_denies_fails_the_update(stacks: Any) -> None:
    stacks.create("shop", {"A": queue(DelaySeconds=1), "T": topic("one")})
    denies = {**NOTHING, "Resource": "LogicalResourceId/A", "Action": ["Update:Modify"]}
    stacks.client.set_stack_policy(StackName="shop", StackPolicyBody=policy(denies, ALL))
    stack = stacks.update("shop", {"A": queue(DelaySeconds=1), "T": topic("two")})
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    seen = len(stacks.events("shop"))
    stack = stacks.update("shop", {"A": queue(DelaySeconds=2), "T": topic("two")})
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.events("shop")[seen:] == [
        ("shop", "UPDATE_IN_PROGRESS", "User Initiated"),
        (
            "A",
            "UPDATE_FAILED",
            "Action denied by stack policy: Statement [#1] does not allow [Update:Modify] for "
            "resource [LogicalResourceId/A];",
        ),
        (
            "shop",
            "UPDATE_ROLLBACK_IN_PROGRESS",
            "The following resource(s) failed to update: [A]. ",
        ),
        ("A", "UPDATE_COMPLETE", ""),
        ("shop", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", ""),
        ("shop", "UPDATE_ROLLBACK_COMPLETE", ""),
    ]


@pytest.mark.parametrize(
    ("statements", "resources", "reason"),
    [
        ([NOTHING, ALL], {"A": queue(QueueName="b")}, None),
        ([ALL, NOTHING], {"A": queue(QueueName="b")}, "Statement [#2] does not allow [Update:*] "),
        (
            [{**NOTHING, "Action": "Update:Replace"}, ALL],
            {"A": queue(QueueName="b")},
            "Statement [#1] does not allow [Update:Replace] for resource [*];",
        ),
        ([BUT_REPLACE], {"A": queue(QueueName="b")}, "not allowed"),
        (
            [{**NOTHING, "Condition": {"StringLike": {"ResourceType": "AWS::SQS::*"}}}, ALL],
            {"T": topic("one")},
            "Statement [#1] does not allow [Update:*] for resource [*];",
        ),
        (
            [{**NOTHING, "Condition": {"StringEquals": {"ResourceType": ["AWS::SQS::*"]}}}, ALL],
            {"T": topic("one")},
            None,
        ),
        ([{**NOTHING, "Action": "Update:Modify"}, ALL], {"T": topic("one")}, None),
    ],
)
def test_statements_and_what_they_are_about(
    stacks: Any, statements: list[dict[str, Any]], resources: dict[str, Any], reason: str | None
) -> None:
    stacks.create("shop", {"A": queue(QueueName="a"), "T": topic("one")})
    before = stacks.physical_ids("shop")
    stacks.client.set_stack_policy(StackName="shop", StackPolicyBody=policy(*statements))
    stack = stacks.update("shop", {"T": topic("one"), **resources})
    failed = [event[2] for event in stacks.events("shop") if event[1] == "UPDATE_FAILED"]
    if reason is None:
        assert (stack["StackStatus"], failed) == ("UPDATE_COMPLETE", [])
    else:
        assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
        assert len(failed) == 1
        assert "stack policy" in failed[0]
        assert reason in failed[0]
        assert stacks.physical_ids("shop") == before


def test_a_policy_for_one_update_and_one_for_those_after_it(stacks: Any, things: Any) -> None:
    def thing(size: int) -> dict[str, Any]:
        return {"Type": "Test::A::Thing", "Properties": {"Name": "a", "Size": size}}

    stacks.create("shop", {"A": thing(1)}, StackPolicyBody=policy(NOTHING))
    client = stacks.client
    things.ready = False
    stacks.update("shop", {"A": thing(2)}, StackPolicyDuringUpdateBody=policy(ALL))
    assert client.get_stack_policy(StackName="shop")["StackPolicyBody"] == policy(ALL)
    refusal = refused(lambda: client.set_stack_policy(StackName="shop", StackPolicyBody="{}"))
    assert (
        refusal == "SetStackPolicy cannot be called when stack is in the UPDATE_IN_PROGRESS state"
    )
    things.ready = True
    stacks.cloud.advance(5)
    assert stacks.described("shop")["StackStatus"] == "UPDATE_COMPLETE"
    assert client.get_stack_policy(StackName="shop")["StackPolicyBody"] == policy(NOTHING)
    policies = {"StackPolicyDuringUpdateBody": "{}", "StackPolicyBody": policy(ALL)}
    stack = stacks.update("shop", {"A": thing(3)}, **policies)
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    assert client.get_stack_policy(StackName="shop")["StackPolicyBody"] == policy(ALL)
