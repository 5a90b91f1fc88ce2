"""What CloudWatch tells those whose policies are alarms' actions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScalingAlarmed:
    """An alarm asks a scaling policy to act: when its state changes, then every minute.

    `value` is the latest of the data points that put it there, `measured_at` (epoch seconds) the
    beginning of that one's period.
    """

    policy_arn: str
    alarm_name: str
    value: float
    measured_at: float
