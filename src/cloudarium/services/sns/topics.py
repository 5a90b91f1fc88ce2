"""Topics."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.documents import json_object
from cloudarium.services.sns import errors, limits

_NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")
_FIFO_NAME = re.compile(r"[A-Za-z0-9_-]{1,251}\.fifo")
_DEFAULT_ACTIONS = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)
_ARN_PARTS = 6
# What a FIFO topic may have besides, and what each may be.
_FIFO_ATTRIBUTES = {
    "FifoTopic": ("true",),
    "ContentBasedDeduplication": ("true", "false"),
    "FifoThroughputScope": ("Topic", "MessageGroup"),
}
_SETTABLE = ("DeliveryPolicy", "DisplayName", "Policy", "SignatureVersion")
_RETRY = {
    "minDelayTarget": 20,
    "maxDelayTarget": 20,
    "numRetries": 3,
    "numMaxDelayRetries": 0,
    "numNoDelayRetries": 0,
    "numMinDelayRetries": 0,
    "backoffFunction": "linear",
}
_DELIVERY_POLICY = {
    "http": {
        "defaultHealthyRetryPolicy": _RETRY,
        "disableSubscriptionOverrides": False,
        "defaultRequestPolicy": {"headerContentType": "text/plain; charset=UTF-8"},
    }
}


@dataclass(frozen=True)
class Topic:
    """A topic; `attributes` are those that were set, as the API's strings."""

    arn: str
    account: str
    region: str
    attributes: Mapping[str, str]
    tags: Mapping[str, str]
    deleted: int

    @property
    def name(self) -> str:
        """The last part of the ARN."""
        return self.arn.rpartition(":")[2]

    @property
    def policy(self) -> dict[str, Any]:
        """The topic's policy: the one set, or the default that lets the owner's account."""
        text = self.attributes.get("Policy")
        found: dict[str, Any] = json.loads(text) if text else default_policy(self)
        return found

    @property
    def is_fifo(self) -> bool:
        """Whether messages are delivered in order and once."""
        return self.name.endswith(".fifo")

    @property
    def deduplicates_by_content(self) -> bool:
        """Whether a FIFO topic knows messages again by their text."""
        return self.attributes.get("ContentBasedDeduplication") == "true"

    @property
    def signature_version(self) -> str:
        """ "1" (SHA-1) or "2" (SHA-256)."""
        return self.attributes.get("SignatureVersion", "1")


def default_policy(topic: Topic) -> dict[str, Any]:
    """Return what a new topic's policy is."""
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": [f"SNS:{action}" for action in _DEFAULT_ACTIONS],
                "Resource": topic.arn,
                "Condition": {"StringEquals": {"AWS:SourceOwner": topic.account}},
            }
        ],
    }


def effective_delivery_policy() -> str:
    """Return the delivery policy in force where none is set."""
    return json.dumps(_DELIVERY_POLICY, separators=(",", ":"))


def normal(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return attributes with a FIFO topic's booleans in lower case: clients write `True` too."""
    booleans = ("FifoTopic", "ContentBasedDeduplication")
    return {
        name: value.lower() if name in booleans else value for name, value in attributes.items()
    }


def check_name(name: str, *, fifo: bool) -> None:
    """Raise InvalidParameter for a name SNS does not take; that of a FIFO topic says so."""
    if not (_FIFO_NAME if fifo else _NAME).fullmatch(name):
        raise errors.InvalidParameter(reason="Topic Name")


def check_attribute(name: str, value: str, *, fifo: bool) -> None:
    """Raise InvalidParameter unless a topic may have this attribute."""
    if name in _FIFO_ATTRIBUTES:
        if value not in ("false", "", *(_FIFO_ATTRIBUTES[name] if fifo else ())):
            raise errors.InvalidParameter(reason=name if fifo else "AttributeName")
        return
    if name not in _SETTABLE:
        raise errors.InvalidParameter(reason="AttributeName")
    if name == "SignatureVersion" and value not in ("1", "2"):
        raise errors.InvalidParameter(reason="SignatureVersion")
    if name == "DisplayName" and len(value) > limits.SUBJECT_LENGTH:
        raise errors.InvalidParameter(reason="Display Name must be less than 100 characters long")
    if name == "DisplayName" and not value.isprintable():
        raise errors.InvalidParameter(reason="Display Name must not contain control characters")
    if name in ("Policy", "DeliveryPolicy") and value:
        _check_json(name, value)


def _check_json(name: str, value: str) -> None:
    if json_object(value) is None:
        what = "Policy Error: null" if name == "Policy" else "DeliveryPolicy: Invalid JSON"
        raise errors.InvalidParameter(reason=what)


def lookup(ctx: Context, arn: str) -> Topic | None:
    """Return the topic `arn`, or None."""
    row = ctx.db.execute("SELECT * FROM topics WHERE arn = ?", (arn,)).fetchone()
    if row is None:
        return None
    return Topic(
        row["arn"],
        row["account"],
        row["region"],
        json.loads(row["attributes"]),
        json.loads(row["tags"]),
        row["deleted"],
    )


def find(ctx: Context, arn: str | None) -> Topic:
    """Return the topic `arn`.

    Raises InvalidParameter for what is no topic ARN here, and NotFound.
    """
    parts = (arn or "").split(":")
    if len(parts) < _ARN_PARTS:
        raise errors.InvalidParameter(
            reason=f"TopicArn Reason: An ARN must have at least 6 elements, not {len(parts)}"
        )
    if len(parts) != _ARN_PARTS or parts[:3] != ["arn", "aws", "sns"] or parts[3] != ctx.region:
        raise errors.InvalidParameter(reason="TopicArn")
    topic = lookup(ctx, arn or "")
    if topic is None:
        raise errors.NotFound(what="Topic")
    return topic


def create(ctx: Context, arn: str, attributes: Mapping[str, str], tags: Mapping[str, str]) -> None:
    """Make a topic."""
    ctx.db.execute(
        "INSERT INTO topics VALUES (?, ?, ?, ?, ?, 0)",
        (arn, ctx.account, ctx.region, json.dumps(attributes), json.dumps(tags)),
    )


def set_attributes(ctx: Context, topic: Topic, attributes: Mapping[str, str]) -> None:
    """Replace the attributes that are set."""
    ctx.db.execute(
        "UPDATE topics SET attributes = ? WHERE arn = ?", (json.dumps(attributes), topic.arn)
    )


def set_tags(ctx: Context, topic: Topic, tags: Mapping[str, str]) -> None:
    """Replace the tags. Raises TagLimitExceeded."""
    if len(tags) > limits.TAGS:
        raise errors.TagLimitExceeded()
    ctx.db.execute("UPDATE topics SET tags = ? WHERE arn = ?", (json.dumps(tags), topic.arn))


def delete(ctx: Context, arn: str) -> None:
    """Remove a topic with its subscriptions, if it is there."""
    ctx.db.execute("DELETE FROM topics WHERE arn = ?", (arn,))


def arns(ctx: Context, after: str, limit: int) -> list[str]:
    """Return ARNs of this account's and region's topics behind `after`, in order."""
    rows = ctx.db.execute(
        "SELECT arn FROM topics WHERE account = ? AND region = ? AND arn > ? ORDER BY arn LIMIT ?",
        (ctx.account, ctx.region, after, limit),
    )
    return [row["arn"] for row in rows]
