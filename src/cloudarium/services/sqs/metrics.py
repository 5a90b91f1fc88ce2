"""SQS's own figures in `AWS/SQS`.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.services.sqs.queues import Queue


def count(ctx: Context, queue: Queue, name: str, value: float, unit: str = "Count") -> None:
    """Record a value of a metric of `queue`."""
    ctx.telemetry.metric("AWS/SQS", name, value, unit, {"QueueName": queue.name})
