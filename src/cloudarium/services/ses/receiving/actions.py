"""The actions of receipt rules (developer guide, "Action options for Amazon SES receipt rules")."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from cloudarium.core.arn import parse
from cloudarium.core.context import Context
from cloudarium.core.documents import json_object
from cloudarium.core.errors import AwsError
from cloudarium.services.ses import limits, receipt_rules, rule_sets
from cloudarium.services.ses.receiving import mail
from cloudarium.services.ses.rule_sets import Rule
from cloudarium.services.ses.sending import bounces
from cloudarium.services.ses.sending.bounces import Bounce
from cloudarium.wire.http import Body, content

_SUBJECT = "Amazon SES Email Receipt Notification"
_S3_SUBJECT = "Amazon SES S3 Notification"
_TOO_LARGE = {
    "Sender": "MAILER-DAEMON@amazonses.com",
    "SmtpReplyCode": "552",
    "StatusCode": "5.3.4",
    "Message": "Message size exceeds fixed limit",
}
_ENCODINGS = {"UTF-8": "UTF8", "Base64": "BASE64"}


class Disposition(Enum):
    """How it goes on after an action."""

    CONTINUE = "CONTINUE"
    STOP_RULE = "STOP_RULE"
    STOP_RULE_SET = "STOP_RULE_SET"
    LATER = "LATER"


@dataclass(frozen=True)
class Step:
    """One action of one rule upon one message."""

    ctx: Context
    payload: dict[str, Any]
    number: int
    position: int

    @property
    def rule(self) -> Rule:
        """The rule."""
        found: Rule = self.payload["plan"][self.number]["rule"]
        return found

    @property
    def rule_arn(self) -> str:
        """The rule's ARN."""
        return rule_sets.arn(self.ctx, self.payload["rule_set"], self.rule["Name"])

    @property
    def key(self) -> str:
        """What makes a call that a crash repeats one call; another try is another call."""
        payload = self.payload
        return f"{payload['message_id']}/{self.number}/{self.position}/{payload['attempt']}"

    @property
    def head(self) -> bytes:
        """The headers that actions before this one added."""
        lines = [f"{name}: {value}\r\n" for name, value in self.payload["added"]]
        return "".join(lines).encode()

    async def raw(self) -> bytes:
        """Return the whole message."""
        ctx = self.ctx
        return self.head + await asyncio.to_thread(ctx.blobs.read, self.payload["digest"])

    def event(self, raw: bytes, action: dict[str, Any]) -> dict[str, Any]:
        """Return the objects `mail` and `receipt` as events and notifications have them."""
        payload, now = self.payload, self.ctx.now
        verdicts = payload["verdicts"]
        described = mail.received(
            raw,
            message_id=payload["message_id"],
            source=payload["source"],
            recipients=payload["recipients"],
            at=payload["received_at"],
        )
        receipt = {
            "timestamp": mail.timestamp(now),
            "processingTimeMillis": int((now - payload["received_at"]) * 1000),
            "recipients": payload["plan"][self.number]["recipients"],
            **{f"{about}Verdict": {"status": status} for about, status in verdicts.items()},
            "action": action,
        }
        return {"mail": described, "receipt": receipt}


async def run(step: Step) -> Disposition:
    """Do what the action says; tell how it goes on. Raises AwsError if it cannot be done."""
    ((kind, settings),) = step.rule["Actions"][step.position].items()
    if kind == "S3Action":
        return await _to_bucket(step, settings)
    if kind == "LambdaAction":
        return await _to_function(step, settings)
    if kind == "SNSAction":
        return await _to_topic(step, settings)
    if kind == "BounceAction":
        return await _bounce(step, settings)
    if kind == "AddHeaderAction":
        step.payload["added"].insert(0, [settings["HeaderName"], settings["HeaderValue"]])
        return Disposition.CONTINUE
    await _notify(step, settings, {"type": "Stop"})
    return Disposition.STOP_RULE_SET


async def _to_bucket(step: Step, settings: dict[str, str]) -> Disposition:
    message_id = step.payload["message_id"]
    raw = await step.raw()
    await receipt_rules.put_object(step.ctx, step.rule_arn, settings, message_id, Body(raw))
    prefix = settings.get("ObjectKeyPrefix", "")
    action = {
        "type": "S3",
        "bucketName": settings["BucketName"],
        "objectKeyPrefix": prefix,
        "objectKey": prefix + message_id,
    }
    await _notify(step, settings, action, subject=_S3_SUBJECT)
    return Disposition.CONTINUE


async def _to_function(step: Step, settings: dict[str, str]) -> Disposition:
    arn, kind = settings["FunctionArn"], settings["InvocationType"]
    action = {"type": "Lambda", "functionArn": arn, "invocationType": kind}
    record = {
        "eventSource": "aws:ses",
        "eventVersion": "1.0",
        "ses": step.event(await step.raw(), _with_topic(action, settings)),
    }
    params = {
        "FunctionName": arn,
        "InvocationType": kind,
        "Payload": json.dumps({"Records": [record]}).encode(),
    }
    parsed = parse(arn)
    call = step.ctx.call(
        "lambda",
        "Invoke",
        params,
        account=parsed.account if parsed else None,
        source_arn=step.rule_arn,
        idempotency_key=step.key,
    )
    try:
        answer = await asyncio.wait_for(call, limits.SYNCHRONOUS_INVOCATION_SECONDS)
    except TimeoutError:
        raise AwsError("TooManyRequestsException", "The function took over 30 seconds") from None
    if answer.get("FunctionError"):
        raise AwsError("Unhandled", "The function failed")
    await _notify(step, settings, action)
    if kind == "Event":
        return Disposition.CONTINUE
    return await _disposition(answer)


async def _disposition(answer: dict[str, Any]) -> Disposition:
    """Return what a function asked for; what is no disposition means CONTINUE."""
    wish = (json_object(await content(answer.get("Payload", b""))) or {}).get("disposition")
    if wish == "STOP_RULE_SET":
        return Disposition.STOP_RULE_SET
    return Disposition.STOP_RULE if wish == "STOP_RULE" else Disposition.CONTINUE


async def _to_topic(step: Step, settings: dict[str, str]) -> Disposition:
    raw, encoding = await step.raw(), settings["Encoding"]
    if len(raw) > limits.NOTIFICATION_BYTES:
        await _send_bounce(step, raw, _TOO_LARGE)
        return Disposition.CONTINUE
    text = (
        base64.b64encode(raw).decode() if encoding == "Base64" else raw.decode("utf-8", "replace")
    )
    action = {
        "type": "SNS",
        "topicArn": settings["TopicArn"],
        "encoding": _ENCODINGS[encoding],
    }
    event = {"notificationType": "Received", **step.event(raw, action), "content": text}
    await _publish(step, settings["TopicArn"], _SUBJECT, event)
    return Disposition.CONTINUE


async def _bounce(step: Step, settings: dict[str, str]) -> Disposition:
    await _send_bounce(step, await step.raw(), settings)
    action = {
        "type": "Bounce",
        "smtpReplyCode": settings["SmtpReplyCode"],
        "statusCode": settings.get("StatusCode"),
        "message": settings["Message"],
        "sender": settings["Sender"],
    }
    await _notify(step, settings, {name: value for name, value in action.items() if value})
    return Disposition.CONTINUE


async def _send_bounce(step: Step, raw: bytes, settings: Mapping[str, str]) -> None:
    payload = step.payload
    bounce = Bounce(
        sender=settings["Sender"],
        to=payload["source"],
        recipients=payload["plan"][step.number]["recipients"],
        code=settings["SmtpReplyCode"],
        status=settings.get("StatusCode") or "5.0.0",
        message=settings["Message"],
    )
    bounce_id = f"{payload['message_id']}-{step.number}-{step.position}"
    await bounces.send(step.ctx, bounce_id, bounce, raw)


def _with_topic(action: dict[str, Any], settings: dict[str, str]) -> dict[str, Any]:
    topic = settings.get("TopicArn")
    return {**action, "topicArn": topic} if topic else action


async def _notify(
    step: Step, settings: dict[str, str], action: dict[str, Any], subject: str = _SUBJECT
) -> None:
    """Tell the action's topic, if it has one, what was done."""
    topic = settings.get("TopicArn")
    if topic:
        event = step.event(await step.raw(), _with_topic(action, settings))
        await _publish(step, topic, subject, {"notificationType": "Received", **event})


async def _publish(step: Step, topic: str, subject: str, event: dict[str, Any]) -> None:
    parsed = parse(topic)
    await step.ctx.call(
        "sns",
        "Publish",
        {"TopicArn": topic, "Subject": subject, "Message": json.dumps(event)},
        account=parsed.account if parsed else None,
        source_arn=step.rule_arn,
        idempotency_key=f"{step.key}/topic",
    )
