"""Delivering messages: a durable job per message and subscription, retried by the clock.

Developer guide, "Amazon SNS message delivery retries": queues and functions are tried 100,015
times over 23 days, HTTP endpoints four times; a refusal (a client error) is not retried.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.sns import fifo, filters, limits, mail, messages, subscriptions, topics
from cloudarium.services.sns.posting import PostFailed, post
from cloudarium.services.sns.subscriptions import Subscription
from cloudarium.services.sns.topics import Topic

_ATTEMPTS = 100_015
_HTTP = ("http", "https")
_HTTP_ATTEMPTS = 4
_HTTP_DELAY = 20.0
_MAIL_SUBJECT = "AWS Notification Message"
_NAMESPACE = "AWS/SNS"


def _delay(attempt: int) -> float:
    """Return how many seconds lie before a try: 3 at once, 2 after one, 10 growing to 20."""
    if attempt <= 3:
        return 0.0
    if attempt <= 5:
        return 1.0
    if attempt <= 15:
        return float(min(20.0, 20.0 ** ((attempt - 5) / 10)))
    return 20.0


def publish(ctx: Context, topic: Topic, entry: Mapping[str, Any], size: int) -> dict[str, Any]:
    """Have a checked message delivered to every subscription that wants it; Publish's answer."""
    owner = ctx.runtime.context(topic.account, topic.region, ctx.principal, ctx.request_id)
    _count(owner, topic, "NumberOfMessagesPublished")
    owner.telemetry.metric(_NAMESPACE, "PublishSize", size, "Bytes", {"TopicName": topic.name})
    if topic.is_fifo and (known := fifo.known(owner, topic, entry)):
        return known
    answer = {"MessageId": ctx.ids.uuid()}
    if topic.is_fifo:
        answer = fifo.remember(owner, topic, entry, answer["MessageId"])
    for subscription in subscriptions.confirmed_of(ctx, topic):
        message = _for_protocol(entry, subscription.protocol)
        if not _passes(subscription, entry.get("MessageAttributes") or {}, message):
            _count(owner, topic, "NumberOfNotificationsFilteredOut")
            continue
        payload = _payload(ctx, entry, subscription, message, answer["MessageId"])
        if topic.is_fifo:
            fifo.line_up(owner, entry, answer, payload)
        else:
            owner.schedule("deliver", payload)
    return answer


def _payload(
    ctx: Context, entry: Mapping[str, Any], subscription: Subscription, message: str, name: str
) -> dict[str, Any]:
    """Return the payload of the job that delivers the message with the id `name`."""
    return {
        "message_id": name,
        "subscription": subscription.arn,
        "message": message,
        "subject": entry.get("Subject"),
        "attributes": messages.portable(entry.get("MessageAttributes") or {}),
        "published_at": ctx.now,
        "attempt": 1,
        "trace": ctx.trace,
    }


def _for_protocol(entry: Mapping[str, Any], protocol: str) -> str:
    message: str = entry["Message"]
    if entry.get("MessageStructure") != "json":
        return message
    texts = messages.by_protocol(message)
    return texts.get(protocol, texts["default"])


def _passes(subscription: Subscription, attributes: Mapping[str, Any], message: str) -> bool:
    text = subscription.attributes.get("FilterPolicy")
    if not text:
        return True
    document = (
        filters.of_body(message)
        if subscription.filter_scope == filters.BODY
        else filters.of_attributes(attributes)
    )
    of_attributes = subscription.filter_scope != filters.BODY
    return document is not None and filters.accepts(
        json.loads(text), document, of_attributes=of_attributes
    )


def _count(ctx: Context, topic: Topic, name: str) -> None:
    ctx.telemetry.metric(_NAMESPACE, name, 1, "Count", {"TopicName": topic.name})


async def deliver(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: hand one message to one subscription; on failure, plan the next try or give up."""
    ctx.trace = payload.get("trace", "")
    if await _is_done(ctx, payload) and "group" in payload:
        with ctx.transaction():
            fifo.leave(ctx, payload)


async def _is_done(ctx: Context, payload: dict[str, Any]) -> bool:
    """Try once; tell whether that was the last try."""
    with ctx.transaction():
        subscription = subscriptions.lookup(ctx, payload["subscription"])
        topic = topics.lookup(ctx, subscription.topic_arn) if subscription else None
    if subscription is None or topic is None:
        return True
    endpoint = await ctx.endpoint()
    with ctx.transaction():
        document = messages.envelope(ctx, endpoint, topic, subscription, payload)
    try:
        await _send(ctx, topic, subscription, document, payload)
    except (AwsError, PostFailed) as error:
        if error.status >= 500 and _try_again(ctx, subscription, payload):
            return False
        await _give_up(ctx, topic, subscription, document, payload)
        return True
    _count(ctx, topic, "NumberOfNotificationsDelivered")
    return True


def _try_again(ctx: Context, subscription: Subscription, payload: dict[str, Any]) -> bool:
    """Plan the next attempt; False if that was the last one."""
    attempt = payload["attempt"] + 1
    is_http = subscription.protocol in _HTTP
    if attempt > (_HTTP_ATTEMPTS if is_http else _ATTEMPTS):
        return False
    delay = _HTTP_DELAY if is_http else _delay(attempt)
    with ctx.transaction():
        ctx.schedule("deliver", {**payload, "attempt": attempt}, ctx.now + delay)
    return True


async def _send(
    ctx: Context,
    topic: Topic,
    subscription: Subscription,
    document: Mapping[str, Any],
    payload: Mapping[str, Any],
) -> None:
    key = f"{payload['message_id']}/{subscription.arn}"
    if subscription.protocol == "sqs":
        params = _queue_message(subscription, document, payload)
        params |= fifo.in_queue(subscription.endpoint, payload)
        await _to_queue(ctx, topic, subscription.endpoint, params, key)
    elif subscription.protocol == "lambda":
        event = messages.function_event(document, subscription, payload)
        await _to_function(ctx, topic, subscription.endpoint, event, key)
    elif subscription.protocol in _HTTP:
        body = payload["message"] if subscription.is_raw else messages.text(document)
        await post(subscription, document, body)
    else:
        _to_mailbox(ctx, topic, subscription, document, payload)


def _queue_message(
    subscription: Subscription, document: Mapping[str, Any], payload: Mapping[str, Any]
) -> dict[str, Any]:
    """Return SendMessage's parameters but the queue.

    Raises AwsError for what a queue cannot hold.
    """
    if not subscription.is_raw:
        return {"MessageBody": messages.text(document)}
    attributes = payload["attributes"]
    if len(attributes) > limits.RAW_ATTRIBUTES:
        raise AwsError("InvalidParameterValue", "A queue takes at most 10 message attributes")
    params: dict[str, Any] = {"MessageBody": payload["message"]}
    if attributes:
        params["MessageAttributes"] = {
            name: messages.restored(attribute) for name, attribute in attributes.items()
        }
    return params


async def _to_queue(
    ctx: Context, topic: Topic, arn: str, params: Mapping[str, Any], key: str
) -> None:
    region, account, name = arn.split(":")[3:6]
    url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
    await ctx.call(
        "sqs",
        "SendMessage",
        {"QueueUrl": url, **params},
        account=account,
        region=region,
        source_arn=topic.arn,
        idempotency_key=key,
        trace=ctx.trace,
    )


async def _to_function(
    ctx: Context, topic: Topic, arn: str, event: Mapping[str, Any], key: str
) -> None:
    region, account = arn.split(":")[3:5]
    data = json.dumps(event).encode()
    await ctx.call(
        "lambda",
        "Invoke",
        {"FunctionName": arn, "InvocationType": "Event", "Payload": data},
        account=account,
        region=region,
        source_arn=topic.arn,
        idempotency_key=key,
        trace=ctx.trace,
    )


def _to_mailbox(
    ctx: Context,
    topic: Topic,
    subscription: Subscription,
    document: Mapping[str, Any],
    payload: Mapping[str, Any],
) -> None:
    body = messages.text(document)
    if subscription.protocol == "email":
        body = payload["message"] + mail.footer(document["UnsubscribeURL"])
    name = f"{payload['message_id']}-{subscription.sequence}"
    subject = payload["subject"] or _MAIL_SUBJECT
    sender = topic.attributes.get("DisplayName", "")
    mail.write(ctx, subscription.endpoint, subject, body, name, sender)


async def _give_up(
    ctx: Context,
    topic: Topic,
    subscription: Subscription,
    document: Mapping[str, Any],
    payload: Mapping[str, Any],
) -> None:
    """Send what could not be delivered to the dead-letter queue, if there is one."""
    _count(ctx, topic, "NumberOfNotificationsFailed")
    queue = subscription.dead_letter_queue
    if queue is None:
        return
    key = f"{payload['message_id']}/{subscription.arn}/dead-letter"
    try:
        params = _queue_message(subscription, document, payload)
        params |= fifo.in_queue(queue, payload)
        await _to_queue(ctx, topic, queue, params, key)
    except AwsError:
        _count(ctx, topic, "NumberOfNotificationsFailedToRedriveToDlq")
        return
    _count(ctx, topic, "NumberOfNotificationsRedrivenToDlq")
