"""EventBridge's CloudFormation resource types, in real stacks."""

from __future__ import annotations

import json

from cloudarium.pytest_plugin import CloudUnderTest


def template(source: str, *, bus: bool) -> str:
    """A rule with a queue as its target, on a bus of its own or the default one."""
    rule = {
        "EventPattern": {"source": [source]},
        "Targets": [{"Id": "queue", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}],
    }
    resources = {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Rule": {"Type": "AWS::Events::Rule", "Properties": rule},
    }
    if bus:
        resources["Bus"] = {"Type": "AWS::Events::EventBus", "Properties": {"Name": "shop"}}
        rule["EventBusName"] = {"Ref": "Bus"}
    return json.dumps({"Resources": resources})


def status(cloud: CloudUnderTest) -> str:
    """The status of the stack `s`, at rest."""
    cloud.settle()
    stack = cloud.client("cloudformation").describe_stacks(StackName="s")["Stacks"][0]
    return str(stack["StackStatus"])


def test_a_rule_is_made_changed_and_removed(cloud: CloudUnderTest) -> None:
    cloudformation, events = cloud.client("cloudformation"), cloud.client("events")
    cloudformation.create_stack(StackName="s", TemplateBody=template("a", bus=False))
    assert status(cloud) == "CREATE_COMPLETE"
    (rule,) = events.list_rules()["Rules"]
    assert json.loads(rule["EventPattern"]) == {"source": ["a"]}
    assert len(events.list_targets_by_rule(Rule=rule["Name"])["Targets"]) == 1

    cloudformation.update_stack(StackName="s", TemplateBody=template("b", bus=False))
    assert status(cloud) == "UPDATE_COMPLETE"
    assert json.loads(events.describe_rule(Name=rule["Name"])["EventPattern"]) == {"source": ["b"]}

    cloudformation.delete_stack(StackName="s")
    cloud.settle()
    assert events.list_rules()["Rules"] == []


def test_a_rule_moves_to_a_bus_of_its_own(cloud: CloudUnderTest) -> None:
    cloudformation, events = cloud.client("cloudformation"), cloud.client("events")
    cloudformation.create_stack(StackName="s", TemplateBody=template("a", bus=False))
    assert status(cloud) == "CREATE_COMPLETE"
    cloudformation.update_stack(StackName="s", TemplateBody=template("a", bus=True))
    assert status(cloud) == "UPDATE_COMPLETE"
    assert events.list_rules()["Rules"] == []
    assert len(events.list_rules(EventBusName="shop")["Rules"]) == 1
    cloudformation.delete_stack(StackName="s")
    cloud.settle()
    assert [bus["Name"] for bus in events.list_event_buses()["EventBuses"]] == ["default"]
