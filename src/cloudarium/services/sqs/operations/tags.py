"""Queue tags."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.sqs import queues


def tag_queue(ctx: Context, request: Request) -> Response:
    """Add or change tags."""
    queue = queues.find(ctx, request["QueueUrl"])
    queues.set_tags(ctx, queue, {**queue.tags, **request["Tags"]})
    return {}


def untag_queue(ctx: Context, request: Request) -> Response:
    """Remove tags."""
    queue = queues.find(ctx, request["QueueUrl"])
    removed = set(request["TagKeys"])
    kept = {key: value for key, value in queue.tags.items() if key not in removed}
    queues.set_tags(ctx, queue, kept)
    return {}


def list_queue_tags(ctx: Context, request: Request) -> Response:
    """Return the tags; none at all is an absent member."""
    queue = queues.find(ctx, request["QueueUrl"])
    return {"Tags": queue.tags} if queue.tags else {}
