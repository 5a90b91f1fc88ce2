"""What each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.sqs import moves, queues

# Batches need the right of the single operation.
_ACTIONS = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}
# A task does these as who started it.
_OF_MOVES = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the action on the queue the request names."""
    action = f"sqs:{_ACTIONS.get(operation, operation)}"
    if operation == "ListQueues":
        return [Access(action, ctx.arn("*"))]
    if operation in ("CreateQueue", "GetQueueUrl"):
        queue = queues.lookup(ctx, request["QueueName"], request.get("QueueOwnerAWSAccountId"))
        arn = ctx.arn(request["QueueName"]) if queue is None else queue.arn
        return [Access(action, arn, policy=queue.policy if queue else None)]
    if "MessageMoveTask" in operation:
        return _of_moves(ctx, operation, request)
    queue = queues.find(ctx, request["QueueUrl"])
    return [Access(action, queue.arn, policy=queue.policy)]


def _of_moves(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """What a redrive needs (developer guide, "Configuring queue permissions for DLQ redrive")."""
    handle = request.get("TaskHandle")
    source = request["SourceArn"] if handle is None else moves.source_of(handle)
    yield _on(ctx, operation, source)
    if operation == "StartMessageMoveTask":
        for action in _OF_MOVES:
            yield _on(ctx, action, source)
        if destination := request.get("DestinationArn"):
            yield _on(ctx, "SendMessage", destination)


def _on(ctx: Context, action: str, arn: str) -> Access:
    queue = queues.by_arn(ctx, arn)
    return Access(f"sqs:{action}", arn, policy=queue.policy if queue else None)
