"""Log groups: create, describe, delete, retention."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.logs import errors, limits, log_groups, metric_filters, retention


def create_log_group(ctx: Context, request: Request) -> Response:
    """Make a log group."""
    for parameter in ("kmsKeyId", "deletionProtectionEnabled"):
        if request.get(parameter):
            raise errors.NotSupported(parameter=parameter)
    name = request["logGroupName"]
    if log_groups.named(ctx, name) is not None:
        raise errors.LogGroupExists()
    log_groups.insert(ctx, name, request.get("tags", {}), request.get("logGroupClass", "STANDARD"))
    return {}


def delete_log_group(ctx: Context, request: Request) -> Response:
    """Remove a log group with everything in it."""
    group = log_groups.find(ctx, request["logGroupName"])
    ctx.cancel("expire", str(group.id))
    log_groups.delete(ctx, group)
    return {}


def describe_log_groups(ctx: Context, request: Request) -> Response:
    """List log groups by name, 50 a page."""
    prefix = request.get("logGroupNamePrefix", "")
    pattern = request.get("logGroupNamePattern", "")
    if prefix and pattern:
        raise errors.PrefixAndPattern()
    names = {log_groups.name_of(each) for each in request.get("logGroupIdentifiers", [])}
    wanted_class = request.get("logGroupClass")
    found = [
        group
        for group in log_groups.listed(
            ctx, prefix=prefix, pattern=pattern, after=request.get("nextToken", "")
        )
        if (not names or group.name in names) and wanted_class in (None, group.log_class)
    ]
    limit = request.get("limit", limits.MAX_DESCRIBED)
    page = found[:limit]
    return {
        "logGroups": [_described(ctx, group) for group in page],
        "nextToken": page[-1].name if len(found) > limit else None,
    }


def _described(ctx: Context, group: log_groups.LogGroup) -> Response:
    return {
        "logGroupName": group.name,
        "creationTime": group.created_at,
        "retentionInDays": group.retention_days,
        "metricFilterCount": len(metric_filters.of_group(ctx, group)),
        "arn": f"{group.arn}:*",
        "storedBytes": group.stored_bytes,
        "logGroupClass": group.log_class,
        "logGroupArn": group.arn,
    }


def put_retention_policy(ctx: Context, request: Request) -> Response:
    """Let events expire after one of the documented numbers of days."""
    days = request["retentionInDays"]
    if days not in limits.RETENTION_DAYS:
        choices = ", ".join(map(str, limits.RETENTION_DAYS))
        raise errors.InvalidRetention(days=days, choices=choices)
    _set_retention(ctx, request["logGroupName"], days)
    return {}


def delete_retention_policy(ctx: Context, request: Request) -> Response:
    """Let events never expire."""
    _set_retention(ctx, request["logGroupName"], None)
    return {}


def _set_retention(ctx: Context, name: str, days: int | None) -> None:
    group = log_groups.find(ctx, name)
    log_groups.set_retention(ctx, group, days)
    log_groups.set_expiry(ctx, group, None)
    retention.plan(ctx, log_groups.find(ctx, name))
