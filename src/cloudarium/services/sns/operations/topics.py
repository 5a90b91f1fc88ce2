"""CreateTopic, DeleteTopic, ListTopics, Get/SetTopicAttributes, Add/RemovePermission, tags."""

from __future__ import annotations

import json
import re
from typing import Any

from cloudarium.core import pages, tags
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.sns import errors, limits, subscriptions, topics
from cloudarium.services.sns.topics import Topic

_ACCOUNT = re.compile(r"\d{12}")
_PERMITTED = (
    "Publish",
    "RemovePermission",
    "SetTopicAttributes",
    "DeleteTopic",
    "ListSubscriptionsByTopic",
    "GetTopicAttributes",
    "Receive",
    "AddPermission",
    "Subscribe",
)


def create_topic(ctx: Context, request: Request) -> Response:
    """Make a topic; one that is there already with the same attributes is answered."""
    attributes = topics.normal(request.get("Attributes") or {})
    fifo = attributes.get("FifoTopic") == "true"
    topics.check_name(request["Name"], fifo=fifo)
    if request.get("DataProtectionPolicy"):
        raise errors.InvalidParameter(reason="DataProtectionPolicy")
    if len(attributes.get("DisplayName", "")) > limits.SUBJECT_LENGTH:
        raise errors.InvalidParameter(reason="Attributes Reason: DisplayName")
    for name, value in attributes.items():
        topics.check_attribute(name, value, fifo=fifo)
    kept = {name: value for name, value in attributes.items() if value not in ("", "false")}
    given = tags.from_list(request.get("Tags"))
    arn = ctx.arn(request["Name"])
    existing = topics.lookup(ctx, arn)
    if existing is None:
        topics.create(ctx, arn, kept, {})
        topics.set_tags(ctx, topics.find(ctx, arn), given)
    else:
        _check_same(existing, kept, given)
    return {"TopicArn": arn}


def _check_same(existing: Topic, attributes: dict[str, str], given: dict[str, str]) -> None:
    if any(existing.attributes.get(name) != value for name, value in attributes.items()):
        raise errors.InvalidParameter(
            reason="Attributes Reason: Topic already exists with different attributes"
        )
    if given and given != existing.tags:
        raise errors.InvalidParameter(
            reason="Tags Reason: Topic already exists with different tags"
        )


def delete_topic(ctx: Context, request: Request) -> Response:
    """Remove a topic and its subscriptions; one that is not there is no error."""
    topics.delete(ctx, request["TopicArn"])
    return {}


def list_topics(ctx: Context, request: Request) -> Response:
    """Return this account's and region's topics, a hundred at a time."""
    token, invalid = request.get("NextToken"), errors.InvalidParameter(reason="NextToken")
    after = pages.key_of(token, invalid) if token else ""
    found = topics.arns(ctx, after, limits.PAGE + 1)
    page = found[: limits.PAGE]
    token = pages.token_of(page[-1]) if len(found) > limits.PAGE else None
    return {"Topics": [{"TopicArn": arn} for arn in page], "NextToken": token}


def get_topic_attributes(ctx: Context, request: Request) -> Response:
    """Return what was set and what SNS knows of the topic."""
    topic = topics.find(ctx, request["TopicArn"])
    all_of_it = subscriptions.of_topic(ctx, topic, 0, -1)
    confirmed = sum(subscription.is_confirmed for subscription in all_of_it)
    attributes = {
        "Policy": json.dumps(topic.policy, separators=(",", ":")),
        "Owner": topic.account,
        "SubscriptionsPending": str(len(all_of_it) - confirmed),
        "TopicArn": topic.arn,
        "EffectiveDeliveryPolicy": topics.effective_delivery_policy(),
        "SubscriptionsConfirmed": str(confirmed),
        "DisplayName": "",
        "SubscriptionsDeleted": str(topic.deleted),
        **({"ContentBasedDeduplication": "false"} if topic.is_fifo else {}),
        **topic.attributes,
    }
    return {"Attributes": attributes}


def set_topic_attributes(ctx: Context, request: Request) -> Response:
    """Set one attribute; an empty value takes it back to its default."""
    topic = topics.find(ctx, request["TopicArn"])
    name, value = request["AttributeName"], request.get("AttributeValue") or ""
    value = topics.normal({name: value})[name]
    if name == "FifoTopic":  # what a topic is, it stays
        raise errors.InvalidParameter(reason="AttributeName")
    topics.check_attribute(name, value, fifo=topic.is_fifo)
    attributes = {**topic.attributes, name: value}
    if not value:
        del attributes[name]
    topics.set_attributes(ctx, topic, attributes)
    return {}


def add_permission(ctx: Context, request: Request) -> Response:
    """Add a statement that lets other accounts act on the topic."""
    topic = topics.find(ctx, request["TopicArn"])
    policy, label = topic.policy, request["Label"]
    if any(statement.get("Sid") == label for statement in policy["Statement"]):
        raise errors.InvalidParameter(reason="Statement already exists")
    accounts, actions = request["AWSAccountId"], request["ActionName"]
    if not accounts or not all(_ACCOUNT.fullmatch(account) for account in accounts):
        raise errors.InvalidParameter(reason="AWSAccountId")
    if not actions or not set(actions) <= set(_PERMITTED):
        raise errors.InvalidParameter(reason="Policy statement action out of service scope!")
    statement = {
        "Sid": label,
        "Effect": "Allow",
        "Principal": {"AWS": _one([f"arn:aws:iam::{account}:root" for account in accounts])},
        "Action": _one([f"SNS:{action}" for action in actions]),
        "Resource": topic.arn,
    }
    _set_statements(ctx, topic, policy, [*policy["Statement"], statement])
    return {}


def remove_permission(ctx: Context, request: Request) -> Response:
    """Remove a statement by its label."""
    topic = topics.find(ctx, request["TopicArn"])
    policy, label = topic.policy, request["Label"]
    kept = [statement for statement in policy["Statement"] if statement.get("Sid") != label]
    _set_statements(ctx, topic, policy, kept)
    return {}


def _one(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _set_statements(
    ctx: Context, topic: Topic, policy: dict[str, Any], statements: list[dict[str, Any]]
) -> None:
    text = json.dumps({**policy, "Statement": statements}, separators=(",", ":"))
    topics.set_attributes(ctx, topic, {**topic.attributes, "Policy": text})


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add tags to a topic or replace their values."""
    topic = _tagged(ctx, request)
    topics.set_tags(ctx, topic, {**topic.tags, **tags.from_list(request["Tags"])})
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags of a topic."""
    topic = _tagged(ctx, request)
    keys = request["TagKeys"]
    topics.set_tags(ctx, topic, {key: v for key, v in topic.tags.items() if key not in keys})
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """Return a topic's tags."""
    return {"Tags": tags.to_list(_tagged(ctx, request).tags)}


def _tagged(ctx: Context, request: Request) -> Topic:
    topic = topics.lookup(ctx, request["ResourceArn"])
    if topic is None:
        raise errors.ResourceNotFound()
    return topic
