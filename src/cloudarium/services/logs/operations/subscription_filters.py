"""Subscription filters: put, describe, delete."""

from __future__ import annotations

from cloudarium.core import arn as arns
from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.services.logs import (
    errors,
    forwarding,
    limits,
    log_groups,
    patterns,
    subscription_filters,
)

_UNSUPPORTED = (
    *("applyOnTransformedLogs", "fieldSelectionCriteria", "emitSystemFields"),
    "distribution",
)
_VENDORS_WITH_ROLE = ("firehose", "kinesis")
_VENDORS = ("lambda", "logs", *_VENDORS_WITH_ROLE)


async def put_subscription_filter(ctx: Context, request: Request) -> Response:
    """Forward matching events to a Lambda function, which must let Logs invoke it.

    As on AWS the function is invoked once with a control message to find that out.
    """
    for parameter in _UNSUPPORTED:
        if request.get(parameter):
            raise errors.NotSupported(parameter=parameter)
    name = request["logGroupName"]
    patterns.compile_pattern(request["filterPattern"])
    with ctx.transaction():
        group = log_groups.find_standard(ctx, name)
        _check_destination(request)
        present = {each.name for each in subscription_filters.of_group(ctx, group)}
        if len(present | {request["filterName"]}) > limits.MAX_SUBSCRIPTION_FILTERS:
            raise errors.LimitExceeded()
    await _try(ctx, request)
    with ctx.transaction():
        subscription_filters.put(
            ctx,
            log_groups.find(ctx, name),
            request["filterName"],
            request["filterPattern"],
            request["destinationArn"],
        )
    return {}


def _check_destination(request: Request) -> None:
    arn = arns.parse(request["destinationArn"])
    vendor = arn.service if arn else ""
    if vendor not in _VENDORS:
        raise errors.WrongVendor(vendor=vendor)
    with_role = "roleArn" in request
    if vendor in _VENDORS_WITH_ROLE and not with_role:
        raise errors.DestinationRole(vendor=vendor, preposition="without")
    if vendor == "lambda" and with_role:
        raise errors.DestinationRole(vendor=vendor, preposition="with")
    if vendor != "lambda":
        raise errors.UnsupportedDestination(vendor=vendor)


async def _try(ctx: Context, request: Request) -> None:
    message = "CWL CONTROL MESSAGE: Checking health of destination Lambda function."
    data = {
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logGroup": "",
        "logStream": "",
        "subscriptionFilters": [],
        "logEvents": [{"id": "", "timestamp": int(ctx.now * 1000), "message": message}],
    }
    try:
        await forwarding.invoke(ctx, request["destinationArn"], request["logGroupName"], data)
    except AwsError:
        raise errors.InvalidDestination() from None


def describe_subscription_filters(ctx: Context, request: Request) -> Response:
    """List a group's subscription filters."""
    group = log_groups.find(ctx, request["logGroupName"])
    prefix = request.get("filterNamePrefix", "")
    return {
        "subscriptionFilters": [
            {
                "filterName": each.name,
                "logGroupName": group.name,
                "filterPattern": each.pattern,
                "destinationArn": each.destination,
                "distribution": "ByLogStream",
                "creationTime": each.created_at,
            }
            for each in subscription_filters.of_group(ctx, group)
            if each.name.startswith(prefix)
        ]
    }


def delete_subscription_filter(ctx: Context, request: Request) -> Response:
    """Remove a subscription filter."""
    group = log_groups.find(ctx, request["logGroupName"])
    if not subscription_filters.delete(ctx, group, request["filterName"]):
        raise errors.SubscriptionFilterNotFound()
    return {}
