"""What each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access

_ONE_ALARM = frozenset({"PutMetricAlarm", "PutCompositeAlarm", "SetAlarmState"})
_ALARMS = frozenset({"DeleteAlarms", "EnableAlarmActions", "DisableAlarmActions"})
_TAGS = frozenset({"TagResource", "UntagResource", "ListTagsForResource"})


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the action on the alarms or dashboards the request names, else on everything."""
    action = f"cloudwatch:{operation}"
    if operation == "PutMetricData":
        return [Access(action, "*", {"cloudwatch:namespace": request["Namespace"]})]
    if operation in _ONE_ALARM:
        return [Access(action, ctx.arn(f"alarm:{request['AlarmName']}"))]
    if operation in _ALARMS:
        return [Access(action, ctx.arn(f"alarm:{name}")) for name in request["AlarmNames"]]
    if operation in ("DescribeAlarms", "DescribeAlarmHistory"):
        name = request.get("AlarmName", "*")
        return [Access(action, ctx.arn(f"alarm:{name}"))]
    if operation in _TAGS:
        return [Access(action, request["ResourceARN"])]
    if operation in ("GetDashboard", "PutDashboard"):
        return [Access(action, _dashboard(ctx, request["DashboardName"]))]
    if operation == "DeleteDashboards":
        return [Access(action, _dashboard(ctx, name)) for name in request["DashboardNames"]]
    return [Access(action, "*")]


def _dashboard(ctx: Context, name: str) -> str:
    return f"arn:aws:cloudwatch::{ctx.account}:dashboard/{name}"
