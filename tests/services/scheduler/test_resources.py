"""Scheduler's CloudFormation resource types and SAM's ScheduleV2, in real stacks."""

from __future__ import annotations

import json
from typing import Any

from tests.services.scheduler.stage import Stage


def template(stage: Stage, *, group: str = "batch", **settings: Any) -> str:
    """A schedule in a group, with a queue as its target."""
    target = {
        "Arn": {"Fn::GetAtt": ["Queue", "Arn"]},
        "RoleArn": stage.role,
        "Input": "go",
        "RetryPolicy": {"MaximumRetryAttempts": "3"},
    }
    schedule = {
        "GroupName": {"Ref": "Group"},
        "ScheduleExpression": "rate(1 hour)",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": "5"},
        "StartDate": "2099-01-01T00:00:00.000Z",
        "Target": target,
        **settings,
    }
    tags = [{"Key": "team", "Value": group}]
    resources = {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "jobs"}},
        "Group": {
            "Type": "AWS::Scheduler::ScheduleGroup",
            "Properties": {"Name": group, "Tags": tags},
        },
        "Schedule": {"Type": "AWS::Scheduler::Schedule", "Properties": schedule},
    }
    outputs = {
        "Name": {"Value": {"Ref": "Schedule"}},
        "Arn": {"Value": {"Fn::GetAtt": ["Schedule", "Arn"]}},
        "Group": {"Value": {"Fn::GetAtt": ["Group", "Arn"]}},
        "State": {"Value": {"Fn::GetAtt": ["Group", "State"]}},
        "Date": {"Value": {"Fn::GetAtt": ["Group", "CreationDate"]}},
    }
    return json.dumps({"Resources": resources, "Outputs": outputs})


def settled(stage: Stage) -> tuple[str, dict[str, str]]:
    """The status and outputs of the stack `s`, at rest."""
    stage.cloud.settle()
    stack = stage.cloud.client("cloudformation").describe_stacks(StackName="s")["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    return str(stack["StackStatus"]), outputs


def test_a_schedule_is_made_changed_moved_and_removed(stage: Stage) -> None:
    cloudformation, client = stage.cloud.client("cloudformation"), stage.client
    cloudformation.create_stack(StackName="s", TemplateBody=template(stage))
    status, outputs = settled(stage)
    assert status == "CREATE_COMPLETE"
    assert (outputs["Group"].rpartition("/")[2], outputs["State"]) == ("batch", "ACTIVE")
    assert outputs["Arn"].endswith(f":schedule/batch/{outputs['Name']}")
    found = client.get_schedule(Name=outputs["Name"], GroupName="batch")
    assert found["StartDate"].timestamp() == 4070908800
    assert found["FlexibleTimeWindow"]["MaximumWindowInMinutes"] == 5
    assert found["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 3
    tags = client.list_tags_for_resource(ResourceArn=outputs["Group"])["Tags"]
    assert tags == [{"Key": "team", "Value": "batch"}]

    cloudformation.update_stack(StackName="s", TemplateBody=template(stage, State="DISABLED"))
    assert settled(stage) == ("UPDATE_COMPLETE", outputs)
    assert client.list_schedules()["Schedules"][0]["State"] == "DISABLED"

    cloudformation.update_stack(StackName="s", TemplateBody=template(stage, group="other"))
    assert settled(stage)[0] == "UPDATE_COMPLETE"
    (moved,) = client.list_schedules()["Schedules"]
    assert moved["GroupName"] == "other"

    cloudformation.delete_stack(StackName="s")
    stage.cloud.settle()
    assert client.list_schedules()["Schedules"] == []
    assert [each["Name"] for each in client.list_schedule_groups()["ScheduleGroups"]] == ["default"]


def test_a_malformed_schedule_rolls_the_stack_back(stage: Stage) -> None:
    cloudformation = stage.cloud.client("cloudformation")
    for wrong in ({"StartDate": "tomorrow"}, {"ScheduleExpression": "often"}):
        cloudformation.create_stack(StackName="s", TemplateBody=template(stage, **wrong))
        assert settled(stage)[0] == "ROLLBACK_COMPLETE"
        cloudformation.delete_stack(StackName="s")
        stage.cloud.settle()


SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Job:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.11
      Handler: index.handler
      InlineCode: |
        import json
        def handler(event, context):
            print(json.dumps(event))
      Events:
        Nightly:
          Type: ScheduleV2
          Properties:
            ScheduleExpression: rate(1 day)
            ScheduleExpressionTimezone: Europe/Berlin
            Input: '{"from": "sam"}'
            RetryPolicy: {MaximumRetryAttempts: 5}
Outputs:
  Name: {Value: !Ref Job}
"""


def test_sams_schedule_invokes_the_function_as_a_role_of_its_own(stage: Stage) -> None:
    stage.cloud.client("cloudformation").create_stack(
        StackName="s",
        TemplateBody=SAM,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    status, outputs = settled(stage)
    assert status == "CREATE_COMPLETE"
    (schedule,) = stage.client.list_schedules()["Schedules"]
    found = stage.client.get_schedule(Name=schedule["Name"])
    assert found["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 5
    stage.cloud.advance(60)
    events = stage.cloud.client("logs").filter_log_events(
        logGroupName=f"/aws/lambda/{outputs['Name']}", filterPattern='{ $.from = "sam" }'
    )["events"]
    assert len(events) == 1
