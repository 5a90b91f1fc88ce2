"""Queues: create, find, describe, change, purge, delete."""

from __future__ import annotations

import orjson

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.sqs import attributes, errors, limits, messages, queues


def create_queue(ctx: Context, request: Request) -> Response:
    """Make a queue; one of the same name and attributes is simply there already."""
    name = request["QueueName"]
    given = request.get("Attributes", {})
    fifo = attributes.is_true(given.get("FifoQueue"))
    queues.check_name(name, fifo=fifo)
    wanted = attributes.checked(ctx, given, fifo=fifo)
    queue = queues.lookup(ctx, name)
    if queue is None:
        queue = queues.insert(ctx, name, wanted, request.get("tags", {}))
    else:
        present = attributes.shown(ctx, queue, list(wanted))
        for attribute, value in wanted.items():
            if present.get(attribute, "") != value:
                raise errors.QueueNameExists(attribute=attribute)
    return {"QueueUrl": queues.url(ctx, queue)}


def get_queue_url(ctx: Context, request: Request) -> Response:
    """Return the URL of a queue by name."""
    account = request.get("QueueOwnerAWSAccountId")
    queue = queues.lookup(ctx, request["QueueName"], account)
    if queue is None:
        raise errors.QueueDoesNotExist()
    return {"QueueUrl": queues.url(ctx, queue)}


def list_queues(ctx: Context, request: Request) -> Response:
    """List queue URLs by name; a `NextToken` only when `MaxResults` was given, as on AWS."""
    limit = request.get("MaxResults", 1000)
    if not 1 <= limit <= 1000:
        raise errors.InvalidRange(value=limit, name="MaxResults", least=1, most=1000)
    prefix, after = request.get("QueueNamePrefix", ""), request.get("NextToken", "")
    found = queues.listed(ctx, prefix, after, limit + 1)
    more = len(found) > limit and "MaxResults" in request
    answer: Response = {"NextToken": found[limit - 1].name} if more else {}
    if found:
        answer["QueueUrls"] = [queues.url(ctx, queue) for queue in found[:limit]]
    return answer


def get_queue_attributes(ctx: Context, request: Request) -> Response:
    """Return the attributes asked for."""
    queue = queues.find(ctx, request["QueueUrl"])
    wanted = request.get("AttributeNames", [])
    for name in wanted:
        if name not in attributes.known():
            raise errors.InvalidAttributeName(name=name)
    shown = attributes.shown(ctx, queue, wanted)
    return {"Attributes": shown} if shown else {}


def set_queue_attributes(ctx: Context, request: Request) -> Response:
    """Change attributes; an empty value of a document removes it."""
    queue = queues.find(ctx, request["QueueUrl"])
    wanted = attributes.checked(
        ctx, request["Attributes"], fifo=queue.fifo, present=queue.attributes
    )
    merged = {**queue.attributes, **wanted}
    queues.set_attributes(ctx, queue, {name: value for name, value in merged.items() if value})
    return {}


def delete_queue(ctx: Context, request: Request) -> Response:
    """Remove a queue with all its messages."""
    queues.delete(ctx, queues.find(ctx, request["QueueUrl"]))
    return {}


def purge_queue(ctx: Context, request: Request) -> Response:
    """Remove all messages, at most once a minute."""
    queue = queues.find(ctx, request["QueueUrl"])
    interval = limits.PURGE_INTERVAL_SECONDS
    if queue.purged_at is not None and ctx.now < queue.purged_at + interval:
        raise errors.PurgeQueueInProgress(queue=queue.name, seconds=interval)
    messages.purge(ctx, queue)
    queues.set_purged(ctx, queue)
    return {}


def list_dead_letter_source_queues(ctx: Context, request: Request) -> Response:
    """List the queues whose redrive policy names this one."""
    target = queues.find(ctx, request["QueueUrl"])
    sources = [
        queues.url(ctx, queue)
        for queue in queues.all_of(ctx)
        if _dead_letter_target(queue) == target.arn
    ]
    return {"queueUrls": sources}


def _dead_letter_target(queue: queues.Queue) -> str | None:
    policy = queue.attributes.get("RedrivePolicy")
    return orjson.loads(policy)["deadLetterTargetArn"] if policy else None
