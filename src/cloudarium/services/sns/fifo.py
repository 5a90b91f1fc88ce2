"""FIFO topics: what is published twice, and the order things are delivered in.

Developer guide, "Amazon SNS message deduplication for FIFO topics", "Message grouping for FIFO
topics" and "Message delivery for FIFO topics". Messages of one group go to a subscription one by
one; a message that is tried again holds up those of its group behind it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.sns import errors, limits
from cloudarium.services.sns.topics import Topic

_FIRST_NUMBER = 10**19  # sequence numbers have twenty digits
_STEP = 1000


def check(entry: Mapping[str, Any], topic: Topic) -> None:
    """Raise InvalidParameter unless the message can be ordered and known again."""
    if not entry.get("MessageGroupId"):
        raise errors.InvalidParameter(
            reason="The MessageGroupId parameter is required for FIFO topics"
        )
    if not entry.get("MessageDeduplicationId") and not topic.deduplicates_by_content:
        raise errors.InvalidParameter(
            reason="The topic should either have ContentBasedDeduplication enabled or "
            "MessageDeduplicationId provided explicitly"
        )


def _deduplication_id(entry: Mapping[str, Any]) -> str:
    given = entry.get("MessageDeduplicationId")
    return str(given) if given else hashlib.sha256(entry["Message"].encode()).hexdigest()


def _scope(entry: Mapping[str, Any], topic: Topic) -> str:
    by_group = topic.attributes.get("FifoThroughputScope") == "MessageGroup"
    return str(entry["MessageGroupId"]) if by_group else ""


def known(ctx: Context, topic: Topic, entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the answer to what was published in the last five minutes already, or None.

    AWS documents only that such a message is accepted and not delivered.
    """
    ctx.db.execute(
        "DELETE FROM publications WHERE topic_arn = ? AND published_at <= ?",
        (topic.arn, ctx.now - limits.DEDUPLICATION_SECONDS),
    )
    row = ctx.db.execute(
        "SELECT * FROM publications WHERE topic_arn = ? AND scope = ? AND deduplication_id = ?",
        (topic.arn, _scope(entry, topic), _deduplication_id(entry)),
    ).fetchone()
    return _answer(row["message_id"], row["sequence"]) if row else None


def remember(
    ctx: Context, topic: Topic, entry: Mapping[str, Any], message_id: str
) -> dict[str, Any]:
    """Note a message that is published; the answer, with its sequence number."""
    row = ctx.db.execute(
        "INSERT INTO publications (topic_arn, scope, deduplication_id, message_id, published_at)"
        " VALUES (?, ?, ?, ?, ?) RETURNING sequence",
        (topic.arn, _scope(entry, topic), _deduplication_id(entry), message_id, ctx.now),
    ).fetchone()
    return _answer(message_id, row["sequence"])


def _answer(message_id: str, sequence: int) -> dict[str, Any]:
    return {"MessageId": message_id, "SequenceNumber": str(_FIRST_NUMBER + sequence * _STEP)}


def line_up(
    ctx: Context, entry: Mapping[str, Any], answer: Mapping[str, Any], payload: dict[str, Any]
) -> None:
    """Have a message delivered once those of its group before it are."""
    group, subscription = entry["MessageGroupId"], payload["subscription"]
    payload = {
        **payload,
        "group": group,
        "deduplication_id": _deduplication_id(entry),
        "sequence_number": answer["SequenceNumber"],
    }
    alone = _first(ctx, subscription, group) is None
    ctx.db.execute(
        "INSERT INTO lines (subscription, message_group, message_id, payload) VALUES (?, ?, ?, ?)",
        (subscription, group, payload["message_id"], json.dumps(payload)),
    )
    if alone:
        ctx.schedule("deliver", payload)


def leave(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Take a message that is done with out of its line, and have the next one delivered."""
    subscription, group = payload["subscription"], payload["group"]
    gone = ctx.db.execute(
        "DELETE FROM lines WHERE subscription = ? AND message_group = ? AND message_id = ?",
        (subscription, group, payload["message_id"]),
    )
    following = _first(ctx, subscription, group) if gone.rowcount else None
    if following is not None:
        ctx.schedule("deliver", following)


def _first(ctx: Context, subscription: str, group: str) -> dict[str, Any] | None:
    row = ctx.db.execute(
        "SELECT payload FROM lines WHERE subscription = ? AND message_group = ?"
        " ORDER BY sequence LIMIT 1",
        (subscription, group),
    ).fetchone()
    found: dict[str, Any] | None = json.loads(row["payload"]) if row else None
    return found


def in_queue(arn: str, payload: Mapping[str, Any]) -> dict[str, str]:
    """Return what SendMessage needs besides for a FIFO queue; a standard one is not told."""
    if not arn.endswith(".fifo") or "group" not in payload:
        return {}
    return {
        "MessageGroupId": payload["group"],
        "MessageDeduplicationId": payload["deduplication_id"],
    }
