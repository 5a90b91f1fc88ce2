"""Asking an endpoint whether it wants the messages: the confirmation message and its token."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.sns import mail, messages, signing, subscriptions, topics
from cloudarium.services.sns.posting import PostFailed, post
from cloudarium.services.sns.subscriptions import Subscription
from cloudarium.services.sns.topics import Topic

_ATTEMPTS = 4
_DELAY = 20.0
_SUBJECT = "AWS Notification - Subscription Confirmation"
_MAIL = """You have chosen to subscribe to the topic:
{topic}

To confirm this subscription, click or visit the link below (If this was in error no action is \
necessary):
{url}

Please do not reply directly to this email. If you wish to remove yourself from receiving all \
future SNS subscription confirmation requests please send an email to sns-opt-out
"""


async def ask(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: send a pending subscription its confirmation message."""
    endpoint = await ctx.endpoint()
    with ctx.transaction():
        subscription = subscriptions.lookup(ctx, payload["subscription"])
        topic = topics.lookup(ctx, subscription.topic_arn) if subscription else None
        if subscription is None or topic is None or subscription.is_confirmed:
            return
        document = _document(ctx, endpoint, topic, subscription, payload["message_id"])
    body = messages.text(document)
    if subscription.protocol in ("http", "https"):
        await _post(ctx, subscription, document, payload)
        return
    if subscription.protocol == "email":
        body = _MAIL.format(topic=topic.arn, url=document["SubscribeURL"])
    sender = topic.attributes.get("DisplayName", "")
    mail.write(ctx, subscription.endpoint, _SUBJECT, body, payload["message_id"], sender)


async def _post(
    ctx: Context, subscription: Subscription, document: dict[str, str], payload: dict[str, Any]
) -> None:
    """Ask an HTTP endpoint; one that does not answer is asked again, three times."""
    try:
        await post(subscription, document, messages.text(document))
    except PostFailed as error:
        attempt = payload.get("attempt", 1)
        if error.status >= 500 and attempt < _ATTEMPTS:
            with ctx.transaction():
                ctx.schedule("ask", {**payload, "attempt": attempt + 1}, ctx.now + _DELAY)


def _document(
    ctx: Context, endpoint: str, topic: Topic, subscription: Subscription, message_id: str
) -> dict[str, str]:
    document = {
        "Type": "SubscriptionConfirmation",
        "MessageId": message_id,
        "Token": subscription.token,
        "TopicArn": topic.arn,
        "Message": f"You have chosen to subscribe to the topic {topic.arn}.\n"
        "To confirm the subscription, visit the SubscribeURL included in this message.",
        "SubscribeURL": messages.subscribe_url(endpoint, subscription),
        "Timestamp": messages.timestamp(ctx.now),
        "SignatureVersion": topic.signature_version,
    }
    document["Signature"] = signing.sign(ctx, document, topic.signature_version)
    document["SigningCertURL"] = messages.certificate_url(endpoint)
    return document
