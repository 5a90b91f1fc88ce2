"""Dead letters: what a target never took, sent to a queue as the schedule's role.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

from __future__ import annotations

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.scheduler.metrics import count
from cloudarium.services.scheduler.targets import delivery
from cloudarium.services.scheduler.targets.payloads import Attempt


async def send(ctx: Context, attempt: Attempt, text: str, error: AwsError, condition: str) -> None:
    """Send a dead letter, if the schedule has a queue for them; a failure is only counted."""
    schedule = attempt.schedule
    queue = schedule.target.get("DeadLetterConfig", {}).get("Arn")
    if queue is None:
        return
    attributes = {
        "ERROR_CODE": _code(error),
        "ERROR_MESSAGE": error.message or _code(error),
        "EXECUTION_ID": attempt.execution,
        "EXHAUSTED_RETRY_CONDITION": condition,
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": str(attempt.number - 1),
        "SCHEDULED_TIME": attempt.scheduled_time,
        "SCHEDULE_ARN": schedule.arn,
        "TARGET_ARN": schedule.target["Arn"],
    }
    params = {
        "QueueUrl": delivery.queue_url(queue),
        "MessageBody": text,
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    }
    try:
        principal = await delivery.role(ctx, attempt)
        key = f"{attempt.execution}/dead"
        await ctx.call("sqs", "SendMessage", params, principal=principal, idempotency_key=key)
        count(ctx, schedule, "InvocationsSentToDeadLetterCount")
    except AwsError as failure:
        count(ctx, schedule, "InvocationsFailedToBeSentToDeadLetterCount")
        count(ctx, schedule, f"InvocationsFailedToBeSentToDeadLetterCount_{_code(failure)}")


def _code(error: AwsError) -> str:
    """Return the error's code as AWS names it here: SQS's with their prefix of old."""
    return error.query_code or error.code
