"""Scheduled actions: bounds that change by the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.services.autoscaling.stage import WRITES, Stage, refusal


def put(stage: Stage, schedule: str, bounds: dict[str, int], **more: Any) -> None:
    """Put the scheduled action `morning`."""
    params = {
        **WRITES,
        "ScheduledActionName": "morning",
        "Schedule": schedule,
        "ScalableTargetAction": bounds,
        **more,
    }
    stage.client.put_scheduled_action(**params)


def test_bounds_change_on_time(stage: Stage) -> None:
    stage.register()
    place = ZoneInfo("Asia/Tokyo")
    at = datetime.fromtimestamp(stage.cloud.now + 7200, UTC)
    wall = at.astimezone(place).strftime("%Y-%m-%dT%H:%M:%S")
    put(stage, f"at({wall})", {"MinCapacity": 20}, Timezone="Asia/Tokyo")
    stage.cloud.advance(7190)
    assert stage.units == 5
    stage.cloud.advance(60)
    assert stage.units == 20
    (target,) = stage.client.describe_scalable_targets(ServiceNamespace="dynamodb")[
        "ScalableTargets"
    ]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (20, 40)
    assert stage.activities[0]["Cause"] == "minimum capacity was set to 20"


def test_an_action_recurs_until_it_ends_or_is_deleted(stage: Stage) -> None:
    stage.register()
    end = datetime.fromtimestamp(stage.cloud.now, UTC) + timedelta(days=2)
    put(stage, "rate(1 day)", {"MinCapacity": 10}, EndTime=end)
    for _ in range(3):
        stage.cloud.advance(86_400)
        changed = stage.units
        stage.register(MinCapacity=5, MaxCapacity=5)
        stage.register(MinCapacity=5, MaxCapacity=40)
    assert changed == 5
    causes = [each["Cause"] for each in stage.activities]
    assert causes.count("minimum capacity was set to 10") == 2
    put(stage, "rate(1 hour)", {"MinCapacity": 30})
    stage.client.delete_scheduled_action(**WRITES, ScheduledActionName="morning")
    stage.cloud.advance(7200)
    assert stage.units == 5


def test_a_suspended_target_is_left_alone(stage: Stage) -> None:
    stage.register(SuspendedState={"ScheduledScalingSuspended": True})
    put(stage, "rate(1 hour)", {"MinCapacity": 30})
    stage.cloud.advance(7200)
    assert stage.units == 5


def test_an_action_is_described_and_changed(stage: Stage) -> None:
    stage.register()
    end = datetime.fromtimestamp(stage.cloud.now + 864_000, UTC)
    put(stage, "cron(0 8 ? * MON-FRI *)", {"MinCapacity": 10}, EndTime=end)

    def described() -> dict[str, Any]:
        answer = stage.client.describe_scheduled_actions(
            ServiceNamespace="dynamodb",
            ScheduledActionNames=["morning"],
            ResourceId="table/orders",
        )
        found: dict[str, Any] = answer["ScheduledActions"][0]
        return found

    before = described()
    arn = before["ScheduledActionARN"]
    assert arn.startswith("arn:aws:autoscaling:us-east-1:000000000000:scheduledAction:")
    assert arn.endswith(":resource/dynamodb/table/orders:scheduledActionName/morning")
    assert (before["Schedule"], before["EndTime"]) == ("cron(0 8 ? * MON-FRI *)", end)
    bounds = {"MinCapacity": 1, "MaxCapacity": 2}
    stage.client.put_scheduled_action(
        **WRITES, ScheduledActionName="morning", ScalableTargetAction=bounds
    )
    after = described()
    assert (after["Schedule"], after["ScalableTargetAction"]) == (before["Schedule"], bounds)
    assert "EndTime" not in after
    assert after["ScheduledActionARN"] == arn


@pytest.mark.parametrize(
    ("schedule", "bounds", "more", "message"),
    [
        ("often", {"MinCapacity": 1}, {}, "Invalid schedule: often"),
        ("rate(1 day)", {"MinCapacity": 1}, {"Timezone": "Mars"}, "Invalid time zone: Mars"),
        ("rate(1 day)", {}, {}, "MinCapacity or MaxCapacity is required"),
        ("rate(1 day)", {"MaxCapacity": -1}, {}, "Capacities cannot be negative"),
        ("rate(1 day)", {"MinCapacity": 2, "MaxCapacity": 1}, {}, "cannot be less"),
    ],
)
def test_what_is_wrong_is_refused(
    stage: Stage, schedule: str, bounds: dict[str, int], more: dict[str, Any], message: str
) -> None:
    stage.register()
    code, text = refusal(lambda: put(stage, schedule, bounds, **more))
    assert (code, message in text) == ("ValidationException", True)
    missing = refusal(stage.client.delete_scheduled_action, **WRITES, ScheduledActionName="morning")
    assert missing[0] == "ObjectNotFoundException"
