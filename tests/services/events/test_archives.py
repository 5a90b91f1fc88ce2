"""Archives and replays, with SQS as the target."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.services.events.test_events import PATTERN, order, queue_for, received

from cloudarium.pytest_plugin import CloudUnderTest

BUS = "arn:aws:events:us-east-1:000000000000:event-bus/default"
ARCHIVE = "arn:aws:events:us-east-1:000000000000:archive/all"


def refused(call: Any, **params: Any) -> tuple[str, str]:
    """The code and message of the error that a call gets."""
    with pytest.raises(ClientError) as caught:
        call(**params)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def replayed(cloud: CloudUnderTest, name: str, **members: Any) -> dict[str, Any]:
    """Replay the archive `all`, whenever its events are from; return the replay's description."""
    events, now = cloud.client("events"), cloud.kernel.clock.now()
    params = {
        "ReplayName": name,
        "EventSourceArn": ARCHIVE,
        "EventStartTime": now - 86_400,
        "EventEndTime": now + 1,
        "Destination": {"Arn": BUS},
    }
    answer = events.start_replay(**{**params, **members})
    assert answer["State"] == "STARTING"
    cloud.advance(1)
    found: dict[str, Any] = events.describe_replay(ReplayName=name)
    return found


def test_what_was_archived_is_replayed(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    made = events.create_archive(ArchiveName="all", EventSourceArn=BUS)
    assert (made["ArchiveArn"], made["State"]) == (ARCHIVE, "ENABLED")
    for number in range(3):
        events.put_events(Entries=[order({"id": number})])
    found = events.describe_archive(ArchiveName="all")
    assert (found["EventCount"], found["RetentionDays"]) == (3, 0) and found["SizeBytes"] > 300
    url, arn = queue_for(cloud, "orders")
    events.put_rule(Name="orders", EventPattern=PATTERN)
    events.put_targets(Rule="orders", Targets=[{"Id": "q", "Arn": arn}])
    replay = replayed(cloud, "again")
    assert replay["State"] == "COMPLETED" and replay["ReplayEndTime"]
    sent = received(cloud, url)
    assert sorted(event["detail"]["id"] for event in sent) == [0, 1, 2]
    assert {event["replay-name"] for event in sent} == {"again"}
    # What is replayed is not archived once more.
    assert events.describe_archive(ArchiveName="all")["EventCount"] == 3


def test_a_replay_may_be_for_some_rules(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    events.create_archive(ArchiveName="all", EventSourceArn=BUS)
    urls = []
    for name in ("one", "two"):
        url, arn = queue_for(cloud, name)
        events.put_rule(Name=name, EventPattern=PATTERN)
        urls.append(url)
    events.put_events(Entries=[order({"id": 1})])
    for name in ("one", "two"):
        arn = f"arn:aws:sqs:us-east-1:000000000000:{name}"
        events.put_targets(Rule=name, Targets=[{"Id": "q", "Arn": arn}])
    rule = events.describe_rule(Name="two")["Arn"]
    replayed(cloud, "again", Destination={"Arn": BUS, "FilterArns": [rule]})
    assert [len(received(cloud, url)) for url in urls] == [0, 1]


def test_an_archive_keeps_what_matches_as_long_as_it_is_to(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    pattern = json.dumps({"source": ["shop"]})
    events.create_archive(
        ArchiveName="all", EventSourceArn=BUS, EventPattern=pattern, RetentionDays=1
    )
    long_ago = {**order({}), "Time": -40_000_000_000}
    events.put_events(Entries=[order({}), long_ago, {**order({}), "Source": "post"}])
    assert events.describe_archive(ArchiveName="all")["EventCount"] == 2
    cloud.advance(86_401)
    assert events.describe_archive(ArchiveName="all")["EventCount"] == 0
    changed = events.update_archive(ArchiveName="all", RetentionDays=0, Description="d")
    assert changed["ArchiveArn"] == ARCHIVE
    found = events.describe_archive(ArchiveName="all")
    assert (found["Description"], found["EventPattern"]) == ("d", pattern)
    events.delete_archive(ArchiveName="all")
    assert events.list_archives()["Archives"] == []


def test_archives_and_replays_are_listed(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    for name in ("all", "more"):
        events.create_archive(ArchiveName=name, EventSourceArn=BUS)
    found = events.list_archives(EventSourceArn=BUS)["Archives"]
    assert [archive["ArchiveName"] for archive in found] == ["all", "more"]
    (found,) = events.list_archives(NamePrefix="m")["Archives"]
    assert found["EventSourceArn"] == BUS
    replayed(cloud, "one")
    (replay,) = events.list_replays(EventSourceArn=ARCHIVE)["Replays"]
    assert (replay["ReplayName"], replay["State"]) == ("one", "COMPLETED")
    assert events.list_replays(State="RUNNING")["Replays"] == []
    for operation, call in (
        ("ListArchives", events.list_archives),
        ("ListReplays", events.list_replays),
    ):
        message = (
            f"At most one filter is allowed for {operation}."
            " Use either : State, EventSourceArn, or NamePrefix."
        )
        both = {"NamePrefix": "a", "EventSourceArn": BUS}
        assert refused(call, **both) == ("ValidationException", message)


def test_a_replay_is_cancelled_before_its_end(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    events.create_archive(ArchiveName="all", EventSourceArn=BUS)
    now = cloud.kernel.clock.now()
    events.start_replay(
        ReplayName="r",
        EventSourceArn=ARCHIVE,
        EventStartTime=now - 1,
        EventEndTime=now,
        Destination={"Arn": BUS},
    )
    assert events.cancel_replay(ReplayName="r")["State"] == "CANCELLING"
    cloud.advance(1)
    assert events.describe_replay(ReplayName="r")["State"] == "CANCELLED"
    assert refused(events.cancel_replay, ReplayName="r") == (
        "IllegalStatusException",
        "Replay r is not in a valid state for this operation.",
    )


def test_what_is_wrong_is_refused(cloud: CloudUnderTest) -> None:
    events = cloud.client("events")
    events.create_archive(ArchiveName="all", EventSourceArn=BUS)
    other = events.create_event_bus(Name="other")["EventBusArn"]
    missing, exists = "ResourceNotFoundException", "ResourceAlreadyExistsException"
    assert refused(events.create_archive, ArchiveName="all", EventSourceArn=BUS) == (
        exists,
        "Archive all already exists.",
    )
    code, _ = refused(events.create_archive, ArchiveName="a", EventSourceArn=f"{BUS}-none")
    assert code == missing
    assert refused(events.describe_archive, ArchiveName="none") == (
        missing,
        "Archive none does not exist.",
    )
    assert refused(events.describe_replay, ReplayName="none") == (
        missing,
        "Replay none does not exist.",
    )
    good = {
        "ReplayName": "r",
        "EventSourceArn": ARCHIVE,
        "EventStartTime": 1,
        "EventEndTime": 2,
        "Destination": {"Arn": BUS},
    }
    assert refused(events.start_replay, **{**good, "EventSourceArn": f"{ARCHIVE}-none"}) == (
        "ValidationException",
        "Parameter EventSourceArn is not valid. Reason: Archive all-none does not exist.",
    )
    assert refused(events.start_replay, **{**good, "Destination": {"Arn": other}}) == (
        "ValidationException",
        "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
    )
    assert refused(events.start_replay, **{**good, "EventEndTime": 1}) == (
        "ValidationException",
        "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
    )
    events.start_replay(**good)
    assert refused(events.start_replay, **good) == (exists, "Replay r already exists.")


def test_a_stack_has_an_archive(cloud: CloudUnderTest) -> None:
    cloudformation, events = cloud.client("cloudformation"), cloud.client("events")

    def template(**properties: Any) -> str:
        resource = {
            "Type": "AWS::Events::Archive",
            "Properties": {"SourceArn": BUS, **properties},
        }
        output = {"Value": {"Fn::GetAtt": ["A", "ArchiveName"]}}
        return json.dumps({"Resources": {"A": resource}, "Outputs": {"Name": output}})

    pattern = {"source": ["shop"]}
    cloudformation.create_stack(StackName="s", TemplateBody=template(EventPattern=pattern))
    cloud.settle()
    (archive,) = events.list_archives()["Archives"]
    (stack,) = cloudformation.describe_stacks(StackName="s")["Stacks"]
    name = archive["ArchiveName"]
    assert stack["Outputs"][0]["OutputValue"] == name
    assert json.loads(events.describe_archive(ArchiveName=name)["EventPattern"]) == pattern
    cloudformation.update_stack(StackName="s", TemplateBody=template(RetentionDays=7))
    cloud.settle()
    found = events.describe_archive(ArchiveName=name)
    assert found["RetentionDays"] == 7 and "EventPattern" not in found
    cloudformation.delete_stack(StackName="s")
    cloud.settle()
    assert events.list_archives()["Archives"] == []
