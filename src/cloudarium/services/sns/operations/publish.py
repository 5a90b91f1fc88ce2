"""Publish, PublishBatch."""

from __future__ import annotations

import re

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.services.sns import delivery, errors, fifo, limits, messages, topics

_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


def publish(ctx: Context, request: Request) -> Response:
    """Send a message to a topic's subscriptions."""
    if request.get("PhoneNumber"):
        raise errors.InvalidParameter(reason="PhoneNumber Reason: SMS is not supported")
    if request.get("TopicArn") and request.get("TargetArn"):
        raise errors.InvalidParameter(reason="TargetArn Reason: Only one of TopicArn, TargetArn")
    arn = request.get("TopicArn") or request.get("TargetArn")
    if not arn:
        raise errors.InvalidParameter(
            reason="TopicArn or TargetArn Reason: no value for required parameter"
        )
    topic = topics.find(ctx, arn)
    if topic.is_fifo:
        fifo.check(request, topic)
    return delivery.publish(ctx, topic, request, messages.check(request, topic))


def publish_batch(ctx: Context, request: Request) -> Response:
    """Send up to ten messages, each taken or refused by itself."""
    topic = topics.find(ctx, request["TopicArn"])
    entries = request.get("PublishBatchRequestEntries") or []
    if not entries:
        raise errors.EmptyBatchRequest()
    if len(entries) > limits.BATCH_ENTRIES:
        raise errors.TooManyEntriesInBatchRequest()
    ids = [entry["Id"] for entry in entries]
    if not all(_ENTRY_ID.fullmatch(each) for each in ids):
        raise errors.InvalidBatchEntryId()
    if len(set(ids)) != len(ids):
        raise errors.BatchEntryIdsNotDistinct()
    if sum(len(entry.get("Message", "").encode()) for entry in entries) > limits.MESSAGE_BYTES:
        raise errors.BatchRequestTooLong()
    for entry in entries if topic.is_fifo else ():
        fifo.check(entry, topic)
    successful, failed = [], []
    for entry in entries:
        try:
            size = messages.check(entry, topic)
        except AwsError as error:
            code = error.code.removesuffix("Exception")
            failed.append(
                {"Id": entry["Id"], "Code": code, "Message": error.message, "SenderFault": True}
            )
            continue
        successful.append({"Id": entry["Id"], **delivery.publish(ctx, topic, entry, size)})
    return {"Successful": successful, "Failed": failed}
