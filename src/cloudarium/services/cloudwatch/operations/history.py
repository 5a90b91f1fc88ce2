"""DescribeAlarmHistory."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.cloudwatch import alarm_history, alarms, errors, limits


def describe_alarm_history(ctx: Context, request: Request) -> Response:
    """Return what happened to alarms in the last 30 days, newest first by default."""
    types = request.get("AlarmTypes") or [alarms.METRIC]
    start, end = request.get("StartDate", 0), request.get("EndDate", float("inf"))
    found = [
        row
        for row in alarm_history.read(ctx, request.get("AlarmName"))
        if row["alarm_type"] in types
        and request.get("HistoryItemType") in (None, row["type"])
        and start <= row["at"] <= end
    ]
    if request.get("ScanBy", "TimestampDescending") == "TimestampDescending":
        found.reverse()
    token = request.get("NextToken", "0")
    if not token.isdecimal():
        raise errors.InvalidNextToken()
    first = int(token)
    last = first + request.get("MaxRecords", limits.DESCRIBED_HISTORY)
    return {
        "AlarmHistoryItems": [
            {
                "AlarmName": row["alarm"],
                "AlarmType": row["alarm_type"],
                "Timestamp": row["at"],
                "HistoryItemType": row["type"],
                "HistorySummary": row["summary"],
                "HistoryData": row["data"],
            }
            for row in found[first:last]
        ],
        "NextToken": str(last) if last < len(found) else None,
    }
