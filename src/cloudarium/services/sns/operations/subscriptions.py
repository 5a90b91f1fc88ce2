"""Subscribe, ConfirmSubscription, Unsubscribe, their attributes and lists."""

from __future__ import annotations

import re
from typing import Any

from cloudarium.core import arn as arns
from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import json_object
from cloudarium.core.errors import AwsError
from cloudarium.services.sns import errors, filters, limits, posting, subscriptions, topics
from cloudarium.services.sns.subscriptions import PENDING, Subscription
from cloudarium.services.sns.topics import Topic

_MAIL_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.?[^@\s]+")
_QUEUE = re.compile(r"arn:aws:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+(\.fifo)?")
_FUNCTION = re.compile(r"arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_:$-]+")
_ENDPOINTS = {
    "sqs": (_QUEUE, "SQS endpoint ARN"),
    "lambda": (_FUNCTION, "Lambda endpoint ARN"),
    "email": (_MAIL_ADDRESS, "Email address"),
    "email-json": (_MAIL_ADDRESS, "Email address"),
    "http": (posting.ENDPOINT, "Endpoint must match the specified protocol"),
    "https": (posting.ENDPOINT, "Endpoint must match the specified protocol"),
}
_SET_ONLY = ("FilterPolicy", "RedrivePolicy", "Delivery protocol", "RawMessageDelivery")
_RAW = ("sqs", "http", "https")
_CONFIRMED_AT_ONCE = ("sqs", "lambda")


def subscribe(ctx: Context, request: Request) -> Response:
    """Subscribe an endpoint; an e-mail address is asked first."""
    topic = topics.find(ctx, request["TopicArn"])
    protocol, endpoint = request["Protocol"], request.get("Endpoint") or ""
    _check_endpoint(topic, protocol, endpoint)
    attributes = {k: v for k, v in (request.get("Attributes") or {}).items() if v}
    try:
        _check_attributes(protocol, attributes)
    except AwsError as error:
        raise _of_subscribe(error) from None
    found = subscriptions.same(ctx, topic, protocol, endpoint)
    if found is None:
        confirmed = protocol in _CONFIRMED_AT_ONCE
        found = subscriptions.create(
            ctx, topic, protocol, endpoint, attributes, confirmed=confirmed
        )
    elif attributes and attributes != found.attributes:
        raise errors.InvalidParameter(
            reason="Attributes Reason: Subscription already exists with different attributes"
        )
    if not found.is_confirmed:
        home = ctx.runtime.context(topic.account, topic.region, ctx.principal)
        home.schedule("ask", {"subscription": found.arn, "message_id": ctx.ids.uuid()})
        if not request.get("ReturnSubscriptionArn"):
            return {"SubscriptionArn": "pending confirmation"}
    return {"SubscriptionArn": found.arn}


def _of_subscribe(error: AwsError) -> AwsError:
    """What SetSubscriptionAttributes would say, as Subscribe says it."""
    _, _, reason = error.message.partition(": ")
    if not reason.startswith(_SET_ONLY):
        return error
    return errors.InvalidParameter(reason=f"Attributes Reason: {reason}")


def _check_endpoint(topic: Topic, protocol: str, endpoint: str) -> None:
    if protocol not in _ENDPOINTS:
        raise errors.InvalidParameter(
            reason=f"Amazon SNS does not support this protocol string: {protocol}"
        )
    pattern, reason = _ENDPOINTS[protocol]
    scheme = f"{protocol}://" if protocol.startswith("http") else ""
    if not pattern.fullmatch(endpoint) or not endpoint.startswith(scheme):
        raise errors.InvalidParameter(reason=reason)
    if topic.is_fifo and protocol != "sqs":  # developer guide, "FIFO topics": queues alone
        raise errors.InvalidParameter(reason=f"Invalid protocol type: {protocol}")
    if protocol == "sqs" and endpoint.endswith(".fifo") and not topic.is_fifo:
        raise errors.InvalidParameter(
            reason="Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to "
            "standard SNS topics"
        )


def _check_attributes(protocol: str, attributes: dict[str, str]) -> None:
    for name, value in attributes.items():
        if name not in subscriptions.SETTABLE:
            raise errors.InvalidParameter(reason="AttributeName")
        if name == "RawMessageDelivery":
            _check_raw(protocol, value)
        if name == "FilterPolicyScope" and value not in (filters.ATTRIBUTES, filters.BODY):
            raise errors.InvalidParameter(
                reason=f"FilterPolicyScope: Invalid value [{value}]. Please use either MessageBody"
                " or MessageAttributes"
            )
        if name == "RedrivePolicy":
            _check_redrive(value)
        if name == "DeliveryPolicy":
            raise errors.InvalidParameter(reason="DeliveryPolicy: not supported by Cloudarium")
    if policy := attributes.get("FilterPolicy"):
        filters.parsed(policy, attributes.get("FilterPolicyScope", filters.ATTRIBUTES))


def _check_raw(protocol: str, value: str) -> None:
    if value.lower() not in ("true", "false"):
        raise errors.InvalidParameter(
            reason=f"RawMessageDelivery: Invalid value [{value}]. Must be true or false."
        )
    if value.lower() == "true" and protocol not in _RAW:
        raise errors.InvalidParameter(
            reason=f"Delivery protocol [{protocol}] does not support raw message delivery."
        )


def _check_redrive(value: str) -> None:
    arn = (json_object(value) or {}).get("deadLetterTargetArn")
    if isinstance(arn, str) and arns.parse(arn) and ":sqs:" not in arn:
        raise errors.InvalidParameter(
            reason="RedrivePolicy: deadLetterTargetArn must be a SQS queue"
        )
    if not isinstance(arn, str) or not _QUEUE.fullmatch(arn):
        raise errors.InvalidParameter(reason="RedrivePolicy: deadLetterTargetArn is an invalid arn")


def confirm_subscription(ctx: Context, request: Request) -> Response:
    """Confirm with the token of the confirmation message."""
    topic = topics.find(ctx, request["TopicArn"])
    found = subscriptions.with_token(ctx, topic, request["Token"])
    if found is None:
        raise errors.InvalidParameter(reason="Token")
    authenticated = str(request.get("AuthenticateOnUnsubscribe", "")).lower() == "true"
    subscriptions.confirm(ctx, found, authenticated and ctx.principal.kind != "anonymous")
    return {"SubscriptionArn": found.arn}


def unsubscribe(ctx: Context, request: Request) -> Response:
    """Remove a subscription; one that is not there is no error."""
    arn = request["SubscriptionArn"]
    if len(arn.split(":")) != 7:
        subscriptions.find(ctx, arn)
    found = subscriptions.lookup(ctx, arn)
    if found is not None:
        subscriptions.delete(ctx, found)
    return {}


def get_subscription_attributes(ctx: Context, request: Request) -> Response:
    """Return what was set and what SNS knows of the subscription."""
    found = subscriptions.find(ctx, request["SubscriptionArn"])
    attributes = {
        "SubscriptionArn": found.arn,
        "TopicArn": found.topic_arn,
        "Protocol": found.protocol,
        "Endpoint": found.endpoint,
        "Owner": found.account,
        "SubscriptionPrincipal": found.subscriber,
        "ConfirmationWasAuthenticated": str(found.authenticated).lower(),
        "PendingConfirmation": str(not found.is_confirmed).lower(),
        "RawMessageDelivery": "false",
        **found.attributes,
    }
    if "FilterPolicy" in attributes:
        attributes.setdefault("FilterPolicyScope", filters.ATTRIBUTES)
    else:
        attributes.pop("FilterPolicyScope", None)
    return {"Attributes": attributes}


def set_subscription_attributes(ctx: Context, request: Request) -> Response:
    """Set one attribute; an empty value takes it away."""
    found = subscriptions.find(ctx, request["SubscriptionArn"])
    name, value = request["AttributeName"], request.get("AttributeValue") or ""
    if name not in subscriptions.SETTABLE:
        raise errors.InvalidParameter(reason="AttributeName")
    attributes = {**found.attributes, name: value}
    if not value or (name == "FilterPolicy" and value == "{}"):
        del attributes[name]
    _check_attributes(found.protocol, attributes)
    subscriptions.set_attributes(ctx, found.arn, attributes)
    return {}


def list_subscriptions(ctx: Context, request: Request) -> Response:
    """Return this account's and region's subscriptions, a hundred at a time."""
    after = _after(request)
    return _listed(subscriptions.of_account(ctx, after, limits.PAGE + 1))


def list_subscriptions_by_topic(ctx: Context, request: Request) -> Response:
    """Return a topic's subscriptions, a hundred at a time."""
    topic = topics.find(ctx, request["TopicArn"])
    return _listed(subscriptions.of_topic(ctx, topic, _after(request), limits.PAGE + 1))


def _after(request: Request) -> int:
    return pages.position(request.get("NextToken"), errors.InvalidParameter(reason="NextToken"))


def _listed(found: list[Subscription]) -> dict[str, Any]:
    page = found[: limits.PAGE]
    token = str(page[-1].sequence) if len(found) > limits.PAGE else None
    return {"Subscriptions": [_shown(each) for each in page], "NextToken": token}


def _shown(subscription: Subscription) -> dict[str, str]:
    return {
        "SubscriptionArn": subscription.arn if subscription.is_confirmed else PENDING,
        "Owner": subscription.account,
        "Protocol": subscription.protocol,
        "Endpoint": subscription.endpoint,
        "TopicArn": subscription.topic_arn,
    }
