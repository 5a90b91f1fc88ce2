"""Subscriptions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from cloudarium.core.context import Context
from cloudarium.services.sns import errors, limits
from cloudarium.services.sns.topics import Topic

PENDING = "PendingConfirmation"
_ATTRIBUTES = ("DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery")
SETTABLE = (*_ATTRIBUTES, "RedrivePolicy")


@dataclass(frozen=True)
class Subscription:
    """A subscription. `token` confirms it and is empty once it is confirmed."""

    sequence: int
    arn: str
    topic_arn: str
    account: str
    protocol: str
    endpoint: str
    subscriber: str
    token: str
    token_expires: float
    authenticated: bool
    attributes: Mapping[str, str]

    @property
    def is_confirmed(self) -> bool:
        """Whether messages are delivered."""
        return not self.token

    @property
    def is_raw(self) -> bool:
        """Whether messages are delivered without the envelope."""
        return self.attributes.get("RawMessageDelivery", "false").lower() == "true"

    @property
    def filter_scope(self) -> str:
        """MessageAttributes or MessageBody."""
        return self.attributes.get("FilterPolicyScope", "MessageAttributes")

    @property
    def dead_letter_queue(self) -> str | None:
        """The ARN of the queue for what cannot be delivered."""
        text = self.attributes.get("RedrivePolicy")
        return json.loads(text)["deadLetterTargetArn"] if text else None


def _from_row(row: sqlite3.Row) -> Subscription:
    names = Subscription.__dataclass_fields__
    fields = {name: row[name] for name in names if name not in ("attributes", "authenticated")}
    return Subscription(
        **fields,
        authenticated=bool(row["authenticated"]),
        attributes=json.loads(row["attributes"]),
    )


def create(
    ctx: Context,
    topic: Topic,
    protocol: str,
    endpoint: str,
    attributes: Mapping[str, str],
    *,
    confirmed: bool,
) -> Subscription:
    """Make a subscription, to be confirmed with its token unless it is `confirmed` already."""
    row = ctx.db.execute(
        "INSERT INTO subscriptions (arn, topic_arn, account, region, protocol, endpoint,"
        " subscriber, token, token_expires, authenticated, attributes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        (
            f"{topic.arn}:{ctx.ids.uuid()}",
            topic.arn,
            ctx.account,
            ctx.region,
            protocol,
            endpoint,
            ctx.principal.arn,
            "" if confirmed else ctx.ids.hex(256),
            ctx.now + limits.TOKEN_SECONDS,
            confirmed,
            json.dumps(attributes),
        ),
    ).fetchone()
    return _from_row(row)


def _one(ctx: Context, condition: str, *values: str) -> Subscription | None:
    row = ctx.db.execute(f"SELECT * FROM subscriptions WHERE {condition}", values).fetchone()
    return _from_row(row) if row else None


def lookup(ctx: Context, arn: str) -> Subscription | None:
    """Return the subscription `arn`, or None."""
    return _one(ctx, "arn = ?", arn)


def same(ctx: Context, topic: Topic, protocol: str, endpoint: str) -> Subscription | None:
    """Return the subscription of this endpoint to this topic, or None."""
    condition = "topic_arn = ? AND protocol = ? AND endpoint = ?"
    return _one(ctx, condition, topic.arn, protocol, endpoint)


def with_token(ctx: Context, topic: Topic, token: str) -> Subscription | None:
    """Return the topic's subscription waiting for `token`, if the token is still good."""
    found = _one(ctx, "topic_arn = ? AND token = ?", topic.arn, token) if token else None
    return found if found and found.token_expires > ctx.now else None


def find(ctx: Context, arn: str) -> Subscription:
    """Return the subscription `arn`.

    Raises InvalidParameter for what is no such ARN, and NotFound.
    """
    parts = arn.split(":")
    if len(parts) != 7 or parts[:3] != ["arn", "aws", "sns"]:
        count = len(parts)
        reason = f"SubscriptionArn Reason: An ARN must have at least 6 elements, not {count}"
        raise errors.InvalidParameter(reason=reason if count < 6 else "SubscriptionId")
    found = lookup(ctx, arn)
    if found is None:
        raise errors.NotFound(what="Subscription")
    return found


def confirm(ctx: Context, subscription: Subscription, authenticated: bool) -> None:
    """Let messages be delivered."""
    ctx.db.execute(
        "UPDATE subscriptions SET token = '', authenticated = ? WHERE arn = ?",
        (authenticated, subscription.arn),
    )


def set_attributes(ctx: Context, arn: str, attributes: Mapping[str, str]) -> None:
    """Replace the attributes that are set."""
    ctx.db.execute(
        "UPDATE subscriptions SET attributes = ? WHERE arn = ?", (json.dumps(attributes), arn)
    )


def delete(ctx: Context, subscription: Subscription) -> None:
    """Remove a subscription."""
    ctx.db.execute("DELETE FROM subscriptions WHERE arn = ?", (subscription.arn,))
    ctx.db.execute(
        "UPDATE topics SET deleted = deleted + 1 WHERE arn = ?", (subscription.topic_arn,)
    )


def confirmed_of(ctx: Context, topic: Topic) -> list[Subscription]:
    """Return the topic's subscriptions that receive messages."""
    rows = ctx.db.execute(
        "SELECT * FROM subscriptions WHERE topic_arn = ? AND token = '' ORDER BY sequence",
        (topic.arn,),
    )
    return [_from_row(row) for row in rows]


def of_topic(ctx: Context, topic: Topic, after: int, limit: int) -> list[Subscription]:
    """Return the topic's subscriptions behind `after`, at most `limit` (-1: all)."""
    rows = ctx.db.execute(
        "SELECT * FROM subscriptions WHERE topic_arn = ? AND sequence > ?"
        " ORDER BY sequence LIMIT ?",
        (topic.arn, after, limit),
    )
    return [_from_row(row) for row in rows]


def of_account(ctx: Context, after: int, limit: int) -> list[Subscription]:
    """Return this account's and region's subscriptions behind `after`, at most `limit`."""
    rows = ctx.db.execute(
        "SELECT * FROM subscriptions WHERE account = ? AND region = ? AND sequence > ?"
        " ORDER BY sequence LIMIT ?",
        (ctx.account, ctx.region, after, limit),
    )
    return [_from_row(row) for row in rows]
