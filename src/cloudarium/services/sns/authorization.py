"""Which action on which ARN each operation needs (service authorization reference, Amazon SNS)."""

from __future__ import annotations

from collections.abc import Iterable

from cloudarium.core.context import Context, Request
from cloudarium.core.identity import Access
from cloudarium.services.sns import topics

# Operations on subscriptions and lists have no resource of their own.
_ON_ANYTHING = (
    "GetSubscriptionAttributes",
    "ListSubscriptions",
    "ListTopics",
    "SetSubscriptionAttributes",
    "Unsubscribe",
)


def required(ctx: Context, operation: str, request: Request) -> Iterable[Access]:
    """Return the accesses `operation` needs; confirming needs none but the token."""
    if operation == "ConfirmSubscription":
        return
    if operation in _ON_ANYTHING:
        yield Access(f"sns:{operation}", "*")
        return
    if operation == "CreateTopic":
        arn = ctx.arn(request["Name"])
        yield Access("sns:CreateTopic", arn)
        if request.get("Tags"):
            yield Access("sns:TagResource", arn)
        return
    action = "Publish" if operation == "PublishBatch" else operation
    arn = request.get("TopicArn") or request.get("ResourceArn") or request.get("TargetArn") or "*"
    topic = topics.lookup(ctx, arn)
    conditions = {
        key: request[member]
        for member, key in (("Protocol", "sns:Protocol"), ("Endpoint", "sns:Endpoint"))
        if request.get(member)
    }
    yield Access(f"sns:{action}", arn, conditions, policy=topic.policy if topic else None)
