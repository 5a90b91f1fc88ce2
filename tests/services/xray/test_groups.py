"""Groups, their tags, and insights."""

from __future__ import annotations

from .support import Traces, refused

_INVALID = "InvalidRequestException"
_OFF = {"InsightsEnabled": False, "NotificationsEnabled": False}


def test_a_group_is_made_changed_and_deleted(traces: Traces) -> None:
    client = traces.client
    made = client.create_group(GroupName="slow", FilterExpression="duration > 3")["Group"]
    assert made["GroupARN"].startswith("arn:aws:xray:us-east-1:000000000000:group/slow/")
    assert (made["FilterExpression"], made["InsightsConfiguration"]) == ("duration > 3", _OFF)
    assert client.get_group(GroupName="slow")["Group"] == made
    assert client.get_group(GroupARN=made["GroupARN"])["Group"] == made
    assert refused(client.create_group, GroupName="slow")[0] == _INVALID
    changed = client.update_group(
        GroupARN=made["GroupARN"], InsightsConfiguration={"InsightsEnabled": True}
    )["Group"]
    assert changed["FilterExpression"] == "duration > 3"
    assert changed["InsightsConfiguration"] == {**_OFF, "InsightsEnabled": True}
    assert client.get_group(GroupName="slow")["Group"] == changed
    client.delete_group(GroupName="slow")
    assert refused(client.get_group, GroupName="slow") == (_INVALID, "Group not found")


def test_the_default_group_is_always_there(traces: Traces) -> None:
    client = traces.client
    client.create_group(GroupName="a")
    arn = "arn:aws:xray:us-east-1:000000000000:group/Default"
    default = {"GroupName": "Default", "GroupARN": arn, "InsightsConfiguration": _OFF}
    groups = client.get_groups()["Groups"]
    assert groups[0] == default
    assert [each["GroupName"] for each in groups] == ["Default", "a"]
    assert refused(client.delete_group, GroupName="Default")[0] == _INVALID
    assert refused(client.create_group, GroupName="Default")[0] == _INVALID
    wrong = {"GroupName": "Default", "FilterExpression": "ok"}
    assert refused(client.update_group, **wrong)[0] == _INVALID
    configuration = {"InsightsEnabled": True, "NotificationsEnabled": True}
    client.update_group(GroupName="Default", InsightsConfiguration=configuration)
    assert client.get_groups()["Groups"][0]["InsightsConfiguration"] == configuration


def test_wrong_groups_are_refused(traces: Traces) -> None:
    client = traces.client
    assert refused(client.create_group, GroupName="x", FilterExpression="duration >")[0] == _INVALID
    noise = {"NotificationsEnabled": True}
    assert refused(client.create_group, GroupName="x", InsightsConfiguration=noise)[0] == _INVALID
    assert refused(client.get_group) == (
        _INVALID,
        "Either GroupName or GroupARN must be given.",
    )
    for number in range(25):
        client.create_group(GroupName=f"g{number}")
    code, message = refused(client.create_group, GroupName="x")
    assert (code, message) == (_INVALID, "Maximum number of groups reached: 25")


def test_groups_and_rules_have_tags(traces: Traces) -> None:
    client = traces.client
    tags = [{"Key": "team", "Value": "shop"}]
    group = client.create_group(GroupName="slow", Tags=tags)["Group"]["GroupARN"]
    rule = "arn:aws:xray:us-east-1:000000000000:sampling-rule/Default"
    client.tag_resource(ResourceARN=rule, Tags=tags)
    for arn in (group, rule):
        assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == tags
        client.tag_resource(ResourceARN=arn, Tags=[{"Key": "x", "Value": ""}])
        client.untag_resource(ResourceARN=arn, TagKeys=["team", "other"])
        assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "x", "Value": ""}]
    many = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    assert refused(client.tag_resource, ResourceARN=group, Tags=many)[0] == "TooManyTagsException"
    code, _ = refused(client.list_tags_for_resource, ResourceARN=f"{group}X")
    assert code == "ResourceNotFoundException"
    assert refused(client.untag_resource, ResourceARN=group, TagKeys=["aws:x"])[0] == _INVALID


def test_there_are_no_insights(traces: Traces) -> None:
    client, now = traces.client, traces.cloud.now
    frame = {"StartTime": now - 60, "EndTime": now}
    answer = client.get_insight_summaries(**frame, GroupName="Default")
    assert answer["InsightSummaries"] == []
    assert refused(client.get_insight_summaries, **frame, GroupName="x")[0] == _INVALID
    missing = {"InsightId": "11111111-1111-4111-8111-111111111111"}
    for name, more in (
        ("get_insight", {}),
        ("get_insight_events", {}),
        ("get_insight_impact_graph", frame),
    ):
        assert refused(getattr(client, name), **missing, **more)[0] == _INVALID
