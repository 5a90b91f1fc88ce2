"""What event sources tell those who poll them: that there is something to fetch again.

A source tells it once after a poll that found nothing, not again before the next such poll: so a
busy source costs no facts, and an idle poller no polls.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class QueueHasMessages:
    """An SQS queue that was found empty has a visible message."""

    queue_arn: str


@dataclass(frozen=True)
class StreamHasRecords:
    """A DynamoDB stream that was read to its end has a further record, or has ended."""

    stream_arn: str
