"""Changes of alarms' configuration, each noted in their history."""

from __future__ import annotations

from cloudarium.core.context import Context, Request
from cloudarium.services.cloudwatch import alarm_history, alarms, errors, evaluating, shown
from cloudarium.services.cloudwatch.alarms import Alarm


def put(ctx: Context, kind: str, request: Request) -> Alarm:
    """Make an alarm or change its configuration; tags count for a new one only."""
    name = request["AlarmName"]
    before = alarms.named(ctx, name)
    if before is not None and before.type != kind:
        raise errors.Invalid(reason=f"An alarm of another type is called {name}.")
    kept = {key: value for key, value in request.items() if key not in ("AlarmName", "Tags")}
    tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
    alarm = alarms.put(ctx, name, kind, {"ActionsEnabled": True, **kept}, tags)
    _note(ctx, alarm, "updated" if before else "created")
    return alarm


def enable(ctx: Context, alarm: Alarm, *, on: bool) -> None:
    """Let an alarm act, or keep it from acting."""
    alarms.set_configuration(ctx, alarm, {**alarm.configuration, "ActionsEnabled": on})
    _note(ctx, alarms.named(ctx, alarm.name) or alarm, "updated")


def delete(ctx: Context, alarm: Alarm) -> None:
    """Remove an alarm."""
    if alarm.type == alarms.METRIC:
        evaluating.forget(ctx, alarm)
    alarms.delete(ctx, alarm)
    _note(ctx, alarm, "deleted")


def _note(ctx: Context, alarm: Alarm, verb: str) -> None:
    data = {
        "version": "1.0",
        "type": {"created": "Create", "updated": "Update", "deleted": "Delete"}[verb],
        f"{verb}Alarm": shown.configuration(alarm),
    }
    alarm_history.add(ctx, alarm, "ConfigurationUpdate", f'Alarm "{alarm.name}" {verb}', data)
