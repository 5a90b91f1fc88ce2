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


def bus_template(description: str, tag: str, *, policy: bool) -> str:
    """A bus and a rule with tags, whose name, like the bus's, is fixed."""
    allow = {"Sid": "all", "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents"}
    arn = {"Fn::Sub": "arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/shop"}
    document = {"Version": "2012-10-17", "Statement": [{**allow, "Resource": arn}]}
    tags = [{"Key": "team", "Value": tag}]
    bus: dict[str, object] = {"Name": "shop", "Description": description, "Tags": tags}
    if policy:
        bus["Policy"] = document
    rule = {"Name": "all", "EventPattern": {"source": ["a"]}, "Tags": tags}
    resources = {
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": bus},
        "Rule": {"Type": "AWS::Events::Rule", "Properties": rule},
    }
    return json.dumps({"Resources": resources})


def test_a_bus_and_a_rule_are_changed_where_they_are(cloud: CloudUnderTest) -> None:
    """Neither description nor tags nor policy make another one (the public resource schema)."""
    cloudformation, events = cloud.client("cloudformation"), cloud.client("events")

    def tag(arn: str) -> str:
        found = events.list_tags_for_resource(ResourceARN=arn)["Tags"]
        return str(next(each["Value"] for each in found if each["Key"] == "team"))

    first = bus_template("old", "one", policy=False)
    cloudformation.create_stack(StackName="s", TemplateBody=first)
    assert status(cloud) == "CREATE_COMPLETE"
    made = events.describe_event_bus(Name="shop")
    rule = events.describe_rule(Name="all")["Arn"]
    assert (tag(made["Arn"]), tag(rule)) == ("one", "one")
    second = bus_template("new", "two", policy=True)
    cloudformation.update_stack(StackName="s", TemplateBody=second)
    assert status(cloud) == "UPDATE_COMPLETE"
    changed = events.describe_event_bus(Name="shop")
    assert (changed["Description"], changed["CreationTime"]) == ("new", made["CreationTime"])
    assert "PutEvents" in changed["Policy"]
    assert (tag(made["Arn"]), tag(rule)) == ("two", "two")
    third = bus_template("new", "two", policy=False)
    cloudformation.update_stack(StackName="s", TemplateBody=third)
    assert status(cloud) == "UPDATE_COMPLETE"
    assert "Policy" not in events.describe_event_bus(Name="shop")


def test_a_bus_gets_another_description(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    events.create_event_bus(Name="shop", Description="old")
    answer = events.update_event_bus(Name="shop", Description="new")
    assert (answer["Name"], answer["Description"]) == ("shop", "new")
    assert events.describe_event_bus(Name="shop")["Description"] == "new"
