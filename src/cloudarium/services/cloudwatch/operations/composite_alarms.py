"""PutCompositeAlarm."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudwatch import alarm_rules, alarms, changes, composites, errors

_OF_SUPPRESSORS = ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
_UNSUPPORTED = ("ActionsSuppressor", *_OF_SUPPRESSORS, "ActionConfiguration")


def put_composite_alarm(ctx: Context, request: Request) -> Response:
    """Make or change an alarm on other alarms' states; it is evaluated at once."""
    for name in _OF_SUPPRESSORS:
        if name in request and "ActionsSuppressor" not in request:
            raise errors.NoSuppressor(name=name)
    for name in _UNSUPPORTED:
        if name in request:
            raise errors.NotSupported(name=name)
    alarm_rules.check_actions(request)
    rule = composites.checked(ctx, request["AlarmName"], request["AlarmRule"])
    alarm = changes.put(ctx, alarms.COMPOSITE, request)
    alarms.watch_alarms(ctx, alarm, rule.alarms)
    payload = {"alarm": alarm.name, "because": ""}
    ctx.schedule("compose", payload, key=str(alarm.id))
    return {}
