"""What each operation needs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
"""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.sqs import queues

# Batches need the right of the single operation.
_ACTIONS = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the action on the queue the request names."""
    action = f"sqs:{_ACTIONS.get(operation, operation)}"
    if operation == "ListQueues":
        return [Access(action, ctx.arn("*"))]
    if operation in ("CreateQueue", "GetQueueUrl"):
        queue = queues.lookup(ctx, request["QueueName"], request.get("QueueOwnerAWSAccountId"))
        arn = ctx.arn(request["QueueName"]) if queue is None else queue.arn
        return [Access(action, arn, policy=queue.policy if queue else None)]
    queue = queues.find(ctx, request["QueueUrl"])
    return [Access(action, queue.arn, policy=queue.policy)]
