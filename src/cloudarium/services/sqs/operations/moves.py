"""StartMessageMoveTask, CancelMessageMoveTask, ListMessageMoveTasks."""

from __future__ import annotations

import orjson

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.sqs import errors, limits, moves, queues
from cloudarium.services.sqs.queues import Queue


def start_message_move_task(ctx: Context, request: Request) -> Response:
    """Begin to move the messages of a dead-letter queue."""
    source = _queue(ctx, request["SourceArn"], "SourceArn")
    if not any(_sends_to(queue, source) for queue in queues.all_of(ctx)):
        raise errors.NotDeadLetterQueue()
    arn, rate = request.get("DestinationArn"), request.get("MaxNumberOfMessagesPerSecond")
    if arn == source.arn:
        raise errors.SameQueue()
    destination = _queue(ctx, arn, "DestinationArn") if arn else None
    if destination is not None and destination.fifo != source.fifo:
        raise errors.OtherQueueType()
    if rate is not None:
        _check_range("MaxNumberOfMessagesPerSecond", rate, limits.MOVES_PER_SECOND)
    return {"TaskHandle": moves.start(ctx, source, destination, rate)}


def cancel_message_move_task(ctx: Context, request: Request) -> Response:
    """End a task that is running; what it moved stays moved."""
    return {"ApproximateNumberOfMessagesMoved": moves.cancel(ctx, request["TaskHandle"])}


def list_message_move_tasks(ctx: Context, request: Request) -> Response:
    """Return the latest tasks of a queue, one unless more are asked for."""
    source = _queue(ctx, request["SourceArn"], "SourceArn")
    limit = request.get("MaxResults", 1)
    _check_range("MaxResults", limit, limits.LISTED_MOVES)
    return {"Results": moves.latest(ctx, source, limit)}


def _queue(ctx: Context, arn: str, parameter: str) -> Queue:
    found = queues.by_arn(ctx, arn)
    if found is None:
        raise errors.ResourceNotFound(parameter=parameter)
    return found


def _sends_to(queue: Queue, target: Queue) -> bool:
    policy = orjson.loads(queue.attributes.get("RedrivePolicy") or "{}")
    return bool(policy.get("deadLetterTargetArn") == target.arn)


def _check_range(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise errors.InvalidRange(value=value, name=name, least=1, most=most)
