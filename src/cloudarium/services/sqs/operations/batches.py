"""Batches: up to ten messages in one request, each with its own outcome."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.services.sqs import errors, limits, queues, sending
from cloudarium.services.sqs.operations.messages import change_message_visibility, delete_message
from cloudarium.services.sqs.queues import Queue

_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
Entry = dict[str, Any]


def send_message_batch(ctx: Context, request: Request) -> Response:
    """Send messages."""
    queue = queues.find(ctx, request["QueueUrl"])
    entries = _checked(request, "SendMessageBatchRequestEntry")
    size = sum(len(entry["MessageBody"].encode()) for entry in entries)
    if size > limits.MAX_MESSAGE_BYTES:
        raise errors.BatchRequestTooLong(limit=limits.MAX_MESSAGE_BYTES, size=size)
    return _each(entries, lambda entry: sending.send(ctx, queue, entry))


def delete_message_batch(ctx: Context, request: Request) -> Response:
    """Remove received messages."""
    entries = _checked(request, "DeleteMessageBatchRequestEntry")
    url = _existing(ctx, request)
    return _each(entries, lambda entry: delete_message(ctx, {**entry, "QueueUrl": url}))


def change_message_visibility_batch(ctx: Context, request: Request) -> Response:
    """Hide or show received messages."""
    entries = _checked(request, "ChangeMessageVisibilityBatchRequestEntry")
    url = _existing(ctx, request)
    return _each(entries, lambda entry: change_message_visibility(ctx, {**entry, "QueueUrl": url}))


def _existing(ctx: Context, request: Request) -> str:
    queue: Queue = queues.find(ctx, request["QueueUrl"])
    return queues.url(ctx, queue)


def _checked(request: Request, kind: str) -> list[Entry]:
    entries: list[Entry] = request["Entries"]
    if not entries:
        raise errors.EmptyBatchRequest(entry=kind)
    if len(entries) > limits.MAX_BATCH:
        raise errors.TooManyEntriesInBatchRequest(limit=limits.MAX_BATCH, count=len(entries))
    seen: set[str] = set()
    for entry in entries:
        if not _ENTRY_ID.fullmatch(entry["Id"]):
            raise errors.InvalidBatchEntryId()
        if entry["Id"] in seen:
            raise errors.BatchEntryIdsNotDistinct(id=entry["Id"])
        seen.add(entry["Id"])
    return entries


def _each(entries: list[Entry], work: Callable[[Entry], Response]) -> Response:
    successful, failed = [], []
    for entry in entries:
        try:
            successful.append({"Id": entry["Id"], **work(entry)})
        except AwsError as error:
            failed.append(
                {
                    "Id": entry["Id"],
                    "SenderFault": True,
                    "Code": error.query_code or error.code,
                    "Message": error.message,
                }
            )
    answer: Response = {}
    if successful:
        answer["Successful"] = successful
    if failed:
        answer["Failed"] = failed
    return answer
