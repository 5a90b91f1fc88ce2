"""Schedule groups and their tags."""

from __future__ import annotations

from tests.services.scheduler.stage import Stage, refusal


def test_the_default_group_is_always_there(stage: Stage) -> None:
    group = stage.client.get_schedule_group(Name="default")
    assert (group["Name"], group["State"]) == ("default", "ACTIVE")
    assert group["CreationDate"].timestamp() == stage.cloud.now
    for change in (stage.client.create_schedule_group, stage.client.delete_schedule_group):
        assert refusal(change, Name="default") == (
            "ValidationException",
            "This operation cannot be performed on schedule group default.",
        )
    assert [each["Name"] for each in stage.client.list_schedule_groups()["ScheduleGroups"]] == [
        "default"
    ]


def test_a_group_takes_its_schedules_with_it(stage: Stage) -> None:
    queue = stage.make_queue("jobs")
    arn = stage.client.create_schedule_group(Name="batch")["ScheduleGroupArn"]
    assert arn == "arn:aws:scheduler:us-east-1:000000000000:schedule-group/batch"
    exists = refusal(stage.client.create_schedule_group, Name="batch")
    assert exists == ("ConflictException", "Schedule group batch already exists.")
    stage.create("cron(0 3 * * ? *)", queue, GroupName="batch")
    stage.create("cron(0 3 * * ? *)", queue)
    stage.client.delete_schedule_group(Name="batch")
    missing = ("ResourceNotFoundException", "Schedule group batch does not exist.")
    assert refusal(stage.client.get_schedule_group, Name="batch") == missing
    assert refusal(stage.client.delete_schedule_group, Name="batch") == missing
    (left,) = stage.client.list_schedules()["Schedules"]
    assert left["GroupName"] == "default"
    stage.cloud.advance(86_400)
    assert len(stage.bodies("jobs")) == 1


def test_groups_are_listed_in_pages(stage: Stage) -> None:
    for name in ("b1", "a1", "b2"):
        stage.client.create_schedule_group(Name=name)
    pages = stage.client.get_paginator("list_schedule_groups").paginate(
        NamePrefix="b", PaginationConfig={"PageSize": 1}
    )
    names = [each["Name"] for page in pages for each in page["ScheduleGroups"]]
    assert names == ["b1", "b2"]


def test_groups_have_tags(stage: Stage) -> None:
    client, tag = stage.client, {"Key": "team", "Value": "a"}
    arn = client.create_schedule_group(Name="batch", Tags=[tag])["ScheduleGroupArn"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "cost", "Value": "1"}])
    client.untag_resource(ResourceArn=arn, TagKeys=["team"])
    assert client.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "cost", "Value": "1"}]
    elsewhere = refusal(client.list_tags_for_resource, ResourceArn=f"{arn}2")
    assert elsewhere[0] == "ResourceNotFoundException"
