"""Capacities follow metrics by real alarms, out and in, between their bounds."""

from __future__ import annotations

from tests.services.autoscaling.stage import WRITES, Stage


def test_a_policy_has_alarms_for_its_target(stage: Stage) -> None:
    stage.register()
    answer = stage.put_policy()
    assert [each["AlarmName"].rsplit("-", 5)[0] for each in answer["Alarms"]] == [
        "TargetTracking-table/orders-AlarmHigh",
        "TargetTracking-table/orders-AlarmLow",
        "TargetTracking-table/orders-ProvisionedCapacityHigh",
        "TargetTracking-table/orders-ProvisionedCapacityLow",
    ]
    high, low = stage.alarms["AlarmHigh"], stage.alarms["AlarmLow"]
    assert high["AlarmActions"] == [answer["PolicyARN"]]
    assert (high["MetricName"], high["Statistic"]) == ("ConsumedWriteCapacityUnits", "Sum")
    assert (high["Threshold"], high["EvaluationPeriods"], high["Period"]) == (150.0, 2, 60)
    assert (low["Threshold"], low["EvaluationPeriods"], low["Period"]) == (90.0, 15, 60)


def test_use_scales_out_and_its_end_scales_in(stage: Stage) -> None:
    stage.register()
    stage.put_policy()
    stage.write(200, 1)
    assert stage.units == 5
    stage.write(200, 4)
    assert stage.units == 7  # 200 a minute are half of 6.7 a second
    latest = stage.activities[0]
    assert latest["Description"] == "Setting write capacity units to 7."
    assert latest["Cause"].startswith("monitor alarm TargetTracking-table/orders-AlarmHigh-")
    assert latest["Cause"].endswith("in state ALARM triggered policy half")
    stage.cloud.advance(60)
    assert stage.activities[0]["StatusCode"] == "Successful"
    assert stage.alarms["AlarmHigh"]["Threshold"] == 7 * 60 * 0.5
    stage.write(60, 20)
    assert stage.units == 5


def test_capacity_stays_between_its_bounds(stage: Stage) -> None:
    stage.register(MaxCapacity=6)
    stage.put_policy()
    stage.write(200, 10)
    assert stage.units == 6
    assert len(stage.activities) == 1


def test_scaling_can_be_suspended_and_slowed(stage: Stage) -> None:
    stage.register(SuspendedState={"DynamicScalingOutSuspended": True})
    stage.put_policy(ScaleOutCooldown=3600)
    stage.write(200, 5)
    assert stage.units == 5
    stage.register(SuspendedState={"DynamicScalingOutSuspended": False})
    stage.write(200, 3)
    assert stage.units == 7
    stage.write(350, 10)
    assert stage.units == 7


def test_scale_in_can_be_disabled(stage: Stage) -> None:
    stage.register()
    stage.put_policy()
    stage.put_policy(DisableScaleIn=True)
    assert "AlarmLow" not in stage.alarms
    stage.write(200, 5)
    stage.write(20, 20)
    assert stage.units == 7


def test_scaling_goes_on_after_a_restart(stage: Stage) -> None:
    stage.register()
    stage.put_policy()
    stage.write(200, 1)
    stage.cloud.restart()
    stage.dynamodb = stage.cloud.client("dynamodb")
    stage.write(200, 4)
    assert stage.units == 7


def test_a_deleted_policy_leaves_no_alarm(stage: Stage) -> None:
    stage.register()
    stage.put_policy()
    stage.client.delete_scaling_policy(**WRITES, PolicyName="half")
    stage.cloud.settle()
    assert stage.alarms == {}
    stage.put_policy()
    stage.client.deregister_scalable_target(**WRITES)
    stage.cloud.settle()
    assert stage.alarms == {}
    assert (
        stage.client.describe_scaling_policies(ServiceNamespace="dynamodb")["ScalingPolicies"] == []
    )
