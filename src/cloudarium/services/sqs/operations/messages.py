"""Messages: send, receive, delete, hide."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.sqs import errors, limits, messages, queues, sending
from cloudarium.services.sqs.answers import received
from cloudarium.services.sqs.metrics import count
from cloudarium.services.sqs.queues import Queue


def send_message(ctx: Context, request: Request) -> Response:
    """Send one message."""
    queue = queues.find(ctx, request["QueueUrl"])
    return sending.send(ctx, queue, request)


async def receive_message(ctx: Context, request: Request) -> Response:
    """Take visible messages, waiting for some when the queue or request says so."""
    with ctx.transaction():
        queue = queues.find(ctx, request["QueueUrl"])
        limit, timeout, wait = _terms(queue, request)
        taken = messages.receive(ctx, queue, limit, timeout)
        hidden_until = messages.next_visible(ctx, queue)
    deadline = ctx.now + wait
    while not taken and ctx.now < deadline:
        await ctx.wait(queue.id, min(deadline, hidden_until or deadline))
        with ctx.transaction():
            queue = queues.find(ctx, request["QueueUrl"])
            taken = messages.receive(ctx, queue, limit, timeout)
            hidden_until = messages.next_visible(ctx, queue)
    if not taken:
        count(ctx, queue, "NumberOfEmptyReceives", 1)
        return {}
    count(ctx, queue, "NumberOfMessagesReceived", len(taken))
    return {"Messages": [received(message, request) for message in taken]}


def _terms(queue: Queue, request: Request) -> tuple[int, int, int]:
    """How many messages, hidden for how long, after waiting how long."""
    limit = request.get("MaxNumberOfMessages", 1)
    if not 1 <= limit <= limits.MAX_RECEIVE:
        raise errors.InvalidRange(
            value=limit, name="MaxNumberOfMessages", least=1, most=limits.MAX_RECEIVE
        )
    wait = request.get("WaitTimeSeconds", queue.number("ReceiveMessageWaitTimeSeconds"))
    if not 0 <= wait <= limits.MAX_WAIT_SECONDS:
        raise errors.InvalidValue(
            value=wait,
            name="WaitTimeSeconds",
            reason=f"Must be >= 0 and <= {limits.MAX_WAIT_SECONDS}, if provided.",
        )
    timeout = request.get("VisibilityTimeout", queue.number("VisibilityTimeout"))
    _check_timeout(timeout)
    return limit, timeout, wait


def _check_timeout(timeout: int) -> None:
    if not 0 <= timeout <= limits.MAX_VISIBILITY_SECONDS:
        raise errors.InvalidValue(
            value=timeout,
            name="VisibilityTimeout",
            reason=f"Must be between 0 and {limits.MAX_VISIBILITY_SECONDS}, if provided.",
        )


def delete_message(ctx: Context, request: Request) -> Response:
    """Remove a received message."""
    queue = queues.find(ctx, request["QueueUrl"])
    messages.delete(ctx, queue, request["ReceiptHandle"])
    count(ctx, queue, "NumberOfMessagesDeleted", 1)
    return {}


def change_message_visibility(ctx: Context, request: Request) -> Response:
    """Hide a received message longer, or show it at once with 0."""
    queue = queues.find(ctx, request["QueueUrl"])
    if "VisibilityTimeout" not in request:  # which the model asks of single calls only
        raise errors.MissingParameter(name="VisibilityTimeout")
    _check_timeout(request["VisibilityTimeout"])
    messages.change_visibility(ctx, queue, request["ReceiptHandle"], request["VisibilityTimeout"])
    return {}
