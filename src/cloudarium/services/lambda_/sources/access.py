"""Whether a function's role can read a source, asked when a mapping is made."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Access, Principal
from cloudarium.services.lambda_ import errors, source_errors

_NO_QUEUE = "QueueDoesNotExist"  # the shape's name; Lambda shows the code of SQS's query protocol
_NO_QUEUE_SHOWN = "AWS.SimpleQueueService.NonExistentQueue"
_ON_QUEUES = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")


async def check_queue(ctx: Context, arn: str, role: Principal, timeout: int) -> None:
    """The queue is there, readable, and hides messages for at least the function's `timeout`.

    Raises InvalidParameterValueException.
    """
    _, _, _, region, account, name = arn.split(":", 5)
    same_account = account == ctx.account
    for operation in _ON_QUEUES:
        if same_account and not ctx.allowed(Access(f"sqs:{operation}", arn), role):
            raise errors.invalid(source_errors.QUEUE_DENIED.format(operation=operation))
    url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
    params = {"QueueUrl": url, "AttributeNames": ["VisibilityTimeout"]}
    try:
        answer = await ctx.call(
            "sqs", "GetQueueAttributes", params, principal=role, account=account, region=region
        )
    except AwsError as error:
        text = source_errors.SOURCE_FAILED.format(
            operation="ReceiveMessage",
            code=_NO_QUEUE_SHOWN if error.code == _NO_QUEUE else error.code,
            message=error.message,
        )
        raise errors.invalid(text) from None
    visibility = int(answer["Attributes"]["VisibilityTimeout"])
    if visibility < timeout:
        text = source_errors.VISIBILITY_TOO_SHORT.format(visibility=visibility, timeout=timeout)
        raise errors.invalid(text)


async def stream_places(ctx: Context, arn: str, role: Principal, position: str) -> dict[str, str]:
    """An iterator at the starting position for each shard. Raises InvalidParameterValue."""
    try:
        answer = await _call(ctx, "DescribeStream", {"StreamArn": arn}, role)
        places = {}
        for shard in answer["StreamDescription"]["Shards"]:
            params = {
                "StreamArn": arn,
                "ShardId": shard["ShardId"],
                "ShardIteratorType": position,
            }
            found = await _call(ctx, "GetShardIterator", params, role)
            places[shard["ShardId"]] = found["ShardIterator"]
    except AwsError as error:
        denied = "AccessDenied" in error.code
        text = source_errors.STREAM_DENIED if denied else source_errors.NO_STREAM
        raise errors.invalid(text.format(arn=arn)) from None
    return places


async def _call(
    ctx: Context, operation: str, params: dict[str, Any], role: Principal
) -> dict[str, Any]:
    _, _, _, region, account, _ = params["StreamArn"].split(":", 5)
    return await ctx.call(
        "dynamodbstreams", operation, params, principal=role, account=account, region=region
    )
