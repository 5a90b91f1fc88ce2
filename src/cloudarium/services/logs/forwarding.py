"""Delivery of subscribed events to Lambda functions.

The payload's form: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

from __future__ import annotations

import base64
import gzip
from typing import Any

import orjson

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError


async def forward(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: invoke the filter's function; an invocation that is refused is dropped, as on AWS."""
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": ctx.account,
        "logGroup": payload["logGroup"],
        "logStream": payload["logStream"],
        "subscriptionFilters": [payload["filter"]],
        "logEvents": [
            {"id": f"{at:020d}{place:036d}", "timestamp": at, "message": message}
            for place, (at, message) in enumerate(payload["events"])
        ],
    }
    try:
        await invoke(ctx, payload["destination"], payload["logGroup"], data, payload["id"])
    except AwsError as error:
        if error.status >= 500:
            raise


async def invoke(
    ctx: Context, function: str, group: str, data: dict[str, Any], key: str | None = None
) -> None:
    """Invoke a function asynchronously with `awslogs` data. Raises AwsError."""
    packed = base64.b64encode(gzip.compress(orjson.dumps(data), mtime=0)).decode()
    await ctx.call(
        "lambda",
        "Invoke",
        {
            "FunctionName": function,
            "InvocationType": "Event",
            "Payload": orjson.dumps({"awslogs": {"data": packed}}),
        },
        source_arn=ctx.arn(f"log-group:{group}:*"),
        idempotency_key=key,
    )
