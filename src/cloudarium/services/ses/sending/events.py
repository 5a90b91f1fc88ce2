"""What is told of mail that was sent: to a configuration set's event destinations and to the
topics of its identity (developer guide, "Contents of event data that Amazon SES publishes to
Amazon SNS")."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cloudarium.core.arn import parse
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.ses import addresses, configuration_sets, identities
from cloudarium.services.ses.receiving.mail import common_headers, headers, parsed, timestamp

if TYPE_CHECKING:
    from cloudarium.services.ses.sending.sender import Outgoing

_SUBJECT = "Amazon SES Email Event Notification"
_HOST = "a1-1.smtp-out.amazonses.com"
# The identity's topics are told of these (developer guide, "Receiving Amazon SES notifications
# using Amazon SNS").
_NOTIFIED = ("Bounce", "Complaint", "Delivery")
_COMMON = ("from", "to", "cc", "replyTo", "date", "subject")


def mail(ctx: Context, outgoing: Outgoing, message_id: str, raw: bytes) -> dict[str, Any]:
    """Return the `mail` object of a message's events."""
    message = parsed(raw)
    listed, truncated = headers(message)
    found = common_headers(message)
    sender = addresses.bare(outgoing.source)
    tags = {
        "ses:source-ip": ["127.0.0.1"],
        "ses:from-domain": [addresses.domain(sender)],
        "ses:caller-identity": [ctx.principal.name],
        **{name: [value] for name, value in outgoing.tags.items()},
    }
    if outgoing.configuration_set:
        tags["ses:configuration-set"] = [outgoing.configuration_set]
    return {
        "timestamp": timestamp(ctx.now),
        "source": outgoing.source,
        "sourceArn": identities.arn(ctx, sender),
        "sendingAccountId": ctx.account,
        "messageId": message_id,
        "destination": outgoing.recipients,
        "headersTruncated": truncated,
        "headers": listed,
        "commonHeaders": {
            **{name: found[name] for name in _COMMON if name in found},
            "messageId": message_id,
        },
        "tags": tags,
    }


def delivery(ctx: Context, payload: dict[str, Any], recipients: list[str]) -> dict[str, Any]:
    """Return the `delivery` object."""
    return {
        "timestamp": timestamp(ctx.now),
        "processingTimeMillis": int((ctx.now - payload["sent_at"]) * 1000),
        "recipients": recipients,
        "smtpResponse": "250 2.6.0 Message received",
        "reportingMTA": _HOST,
    }


def bounce(ctx: Context, recipients: list[str], *, suppressed: bool) -> dict[str, Any]:
    """Return the `bounce` object of a permanent bounce."""
    return {
        "bounceType": "Permanent",
        "bounceSubType": "Suppressed" if suppressed else "General",
        "bouncedRecipients": [
            {
                "emailAddress": address,
                "action": "failed",
                "status": "5.1.1",
                "diagnosticCode": "smtp; 550 5.1.1 user unknown",
            }
            for address in recipients
        ],
        "timestamp": timestamp(ctx.now),
        "feedbackId": f"{ctx.ids.hex(16)}-{ctx.ids.uuid()}-000000",
        "reportingMTA": f"dsn; {_HOST}",
    }


def complaint(ctx: Context, recipients: list[str]) -> dict[str, Any]:
    """Return the `complaint` object of what the recipients call abuse."""
    return {
        "complainedRecipients": [{"emailAddress": address} for address in recipients],
        "timestamp": timestamp(ctx.now),
        "feedbackId": f"{ctx.ids.hex(16)}-{ctx.ids.uuid()}-000000",
        "complaintSubType": None,
        "complaintFeedbackType": "abuse",
        "arrivalDate": timestamp(ctx.now),
    }


def tell(ctx: Context, payload: dict[str, Any], kind: str, detail: dict[str, Any]) -> None:
    """Have an event told to whoever wants to know, in this transaction."""
    described = payload["mail"]
    name = payload["configuration_set"]
    found = configuration_sets.lookup(ctx, name) if name else None
    for destination in found.destinations if found else ():
        wanted = destination.get("Enabled") and _type(kind) in destination["MatchingEventTypes"]
        if wanted and "CloudWatchDestination" in destination:
            _count(ctx, destination["CloudWatchDestination"], kind, described)
        if wanted and "SNSDestination" in destination and found:
            event = {"eventType": kind, "mail": described, _member(kind): detail}
            topic = destination["SNSDestination"]["TopicARN"]
            source = configuration_sets.arn(ctx, found.name)
            ctx.schedule("publish", _notice(ctx, topic, source, event, _SUBJECT))
    if kind in _NOTIFIED:
        _notify_identity(ctx, described, kind, detail)


def _notify_identity(
    ctx: Context, described: dict[str, Any], kind: str, detail: dict[str, Any]
) -> None:
    identity = identities.behind(ctx, addresses.bare(described["source"]))
    topic = identity.settings.get(f"{kind}Topic") if identity else None
    if identity is None or topic is None:
        return
    shown = {name: value for name, value in described.items() if name != "tags"}
    if not identity.settings.get(f"HeadersIn{kind}NotificationsEnabled"):
        for name in ("headersTruncated", "headers", "commonHeaders"):
            del shown[name]
    event = {"notificationType": kind, "mail": shown, _member(kind): detail}
    ctx.schedule("publish", _notice(ctx, topic, described["sourceArn"], event, None))


def _notice(
    ctx: Context, topic: str, source: str, event: dict[str, Any], subject: str | None
) -> dict[str, Any]:
    text = json.dumps(event)
    return {
        "id": ctx.ids.uuid(),
        "topic": topic,
        "source": source,
        "subject": subject,
        "text": text,
    }


async def publish(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: tell a topic; what it refuses is not told."""
    topic = parse(payload["topic"])
    params = {"TopicArn": payload["topic"], "Message": payload["text"]}
    if payload["subject"]:
        params["Subject"] = payload["subject"]
    try:
        await ctx.call(
            "sns",
            "Publish",
            params,
            account=topic.account if topic else None,
            source_arn=payload["source"],
            idempotency_key=payload["id"],
        )
    except AwsError as error:
        if error.status >= 500:
            raise


def _type(kind: str) -> str:
    """Return an event's name among a destination's types: `send`, `renderingFailure`."""
    return "renderingFailure" if kind == "Rendering Failure" else kind.lower()


def _member(kind: str) -> str:
    return "failure" if kind == "Rendering Failure" else kind.lower()


def _count(ctx: Context, destination: dict[str, Any], kind: str, described: dict[str, Any]) -> None:
    """Count an event in CloudWatch, by the dimensions a destination wants."""
    written = {each["name"].lower(): each["value"] for each in described["headers"]}
    dimensions = {}
    for each in destination["DimensionConfigurations"]:
        name, value = each["DimensionName"], None
        if each["DimensionValueSource"] == "messageTag":
            value = (described["tags"].get(name) or [None])[0]
        elif each["DimensionValueSource"] == "emailHeader":
            value = written.get(name.lower())
        dimensions[name] = value or each["DefaultDimensionValue"]
    ctx.telemetry.metric("AWS/SES", kind, 1, "Count", dimensions)
