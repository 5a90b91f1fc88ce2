"""Messages: what may be published, and the forms they are delivered in."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from cloudarium.core.context import Context
from cloudarium.core.documents import json_object, json_value
from cloudarium.services.sns import errors, limits, signing
from cloudarium.services.sns.subscriptions import Subscription
from cloudarium.services.sns.topics import Topic

Attributes = dict[str, dict[str, Any]]
_DATA_TYPE = re.compile(r"(String|String\.Array|Number|Binary)(\..+)?")
_ATTRIBUTE_NAME = re.compile(
    r"(?!aws\.|amazon\.)[A-Za-z0-9_-]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?", re.I
)


def timestamp(seconds: float) -> str:
    """Return ISO 8601 with milliseconds, as in envelopes."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def check(entry: Mapping[str, Any], topic: Topic) -> int:
    """Return the message's size in bytes. Raises InvalidParameter for one SNS would not take."""
    message, subject = entry.get("Message", ""), entry.get("Subject")
    if not message:
        raise errors.InvalidParameter(reason="Empty message")
    if subject is not None and not _is_subject(subject):
        raise errors.InvalidParameter(reason="Subject")
    structure = entry.get("MessageStructure")
    if structure not in (None, "", "json"):
        raise errors.InvalidParameter(reason="MessageStructure")
    if structure == "json":
        by_protocol(message)
    if entry.get("MessageDeduplicationId") and not topic.is_fifo:
        raise errors.InvalidParameter(
            reason="MessageDeduplicationId Reason: The request includes MessageDeduplicationId "
            "parameter that is not valid for this topic type"
        )
    attributes = entry.get("MessageAttributes") or {}
    size = len(message.encode()) + sum(
        _check_attribute(name, attribute) for name, attribute in attributes.items()
    )
    if size > limits.MESSAGE_BYTES:
        raise errors.InvalidParameter(reason="Message too long")
    return size


def _is_subject(subject: str) -> bool:
    """API reference, Publish: printable ASCII that begins with no space."""
    return (
        0 < len(subject) <= limits.SUBJECT_LENGTH
        and all(" " <= character <= "~" for character in subject)
        and subject[0] != " "
    )


def by_protocol(message: str) -> dict[str, str]:
    """Return the messages of a `json` message structure.

    Raises InvalidParameter without a default.
    """
    parsed = json_object(message)
    if parsed is None:
        raise errors.InvalidParameter(
            reason="Message Structure - JSON message body failed to parse"
        )
    texts = {name: text for name, text in parsed.items() if isinstance(text, str)}
    if "default" not in texts:
        raise errors.InvalidParameter(
            reason="Message Structure - No default entry in JSON message body"
        )
    return texts


def _check_attribute(name: str, attribute: Mapping[str, Any]) -> int:
    data_type = attribute.get("DataType", "")
    if not _ATTRIBUTE_NAME.fullmatch(name) or ".." in name or len(name) > 256:
        raise errors.InvalidParameterValue(
            message=f"The message attribute '{name}' has an invalid name."
        )
    if not _DATA_TYPE.fullmatch(data_type):
        raise errors.InvalidParameterValue(
            message=f"The message attribute '{name}' has an invalid message attribute type, the "
            "set of supported type prefixes is Binary, Number, and String."
        )
    value = attribute.get("BinaryValue" if data_type.startswith("Binary") else "StringValue")
    if not value:
        raise errors.InvalidParameterValue(
            message=f"The message attribute '{name}' must contain non-empty message attribute "
            f"value for message attribute type '{data_type}'."
        )
    _check_value(name, data_type, value)
    length = len(value) if isinstance(value, bytes) else len(value.encode())
    return len(name.encode()) + len(data_type.encode()) + length


def _check_value(name: str, data_type: str, value: Any) -> None:
    if data_type.startswith("Number"):
        try:
            float(value)
        except ValueError:
            raise errors.InvalidParameterValue(
                message=f"Could not cast message attribute '{name}' value to number."
            ) from None
    if data_type == "String.Array":
        try:
            fits = isinstance(json_value(value), list)
        except ValueError:
            fits = False
        if not fits:
            raise errors.InvalidParameterValue(
                message=f"The message attribute '{name}' is not a valid JSON array."
            )


def portable(attributes: Mapping[str, Mapping[str, Any]]) -> Attributes:
    """Return attributes as JSON can keep them: binary values in base64."""
    return {
        name: {
            "DataType": attribute["DataType"],
            "StringValue": base64.b64encode(attribute["BinaryValue"]).decode()
            if attribute["DataType"].startswith("Binary")
            else attribute["StringValue"],
        }
        for name, attribute in attributes.items()
    }


def restored(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """Return a portable attribute as the API has it, for a queue."""
    data_type, value = attribute["DataType"], attribute["StringValue"]
    if data_type.startswith("Binary"):
        return {"DataType": data_type, "BinaryValue": base64.b64decode(value)}
    return {"DataType": data_type, "StringValue": value}


def envelope(
    ctx: Context,
    endpoint: str,
    topic: Topic,
    subscription: Subscription,
    payload: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the document a notification is delivered as; the cloud answers at `endpoint`."""
    message: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": payload["message_id"],
        **({"SequenceNumber": payload["sequence_number"]} if topic.is_fifo else {}),
        "TopicArn": topic.arn,
    }
    if payload["subject"] is not None:
        message["Subject"] = payload["subject"]
    message |= {"Message": payload["message"], "Timestamp": timestamp(payload["published_at"])}
    if not topic.is_fifo:  # whose messages are not signed, as LocalStack saw on AWS
        version = topic.signature_version
        message |= {
            "SignatureVersion": version,
            "Signature": signing.sign(ctx, message, version),
            "SigningCertURL": certificate_url(endpoint),
        }
    message["UnsubscribeURL"] = unsubscribe_url(endpoint, subscription)
    if payload["attributes"]:
        message["MessageAttributes"] = shown(payload["attributes"])
    return message


def shown(attributes: Attributes) -> dict[str, dict[str, str]]:
    """Return attributes as envelopes and function events have them."""
    return {
        name: {"Type": attribute["DataType"], "Value": attribute["StringValue"]}
        for name, attribute in attributes.items()
    }


def text(document: Mapping[str, Any]) -> str:
    """Return an envelope as SNS writes it."""
    return json.dumps(document, indent=2, separators=(",", " : "), ensure_ascii=False)


def certificate_url(endpoint: str) -> str:
    """Return where the certificate behind the signatures is."""
    return f"{endpoint}/_aws/sns/SimpleNotificationService.pem"


def unsubscribe_url(endpoint: str, subscription: Subscription) -> str:
    """Return where visiting ends the subscription."""
    arn = quote(subscription.arn, safe="")
    return f"{endpoint}/_aws/sns/?Action=Unsubscribe&SubscriptionArn={arn}"


def subscribe_url(endpoint: str, subscription: Subscription) -> str:
    """Return where visiting confirms the subscription."""
    arn = quote(subscription.topic_arn, safe="")
    return (
        f"{endpoint}/_aws/sns/?Action=ConfirmSubscription&TopicArn={arn}&Token={subscription.token}"
    )


def function_event(
    document: Mapping[str, Any], subscription: Subscription, payload: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a Lambda function receives for an envelope."""
    renamed = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}
    body = {renamed.get(name, name): value for name, value in document.items()}
    body.setdefault("Subject", None)
    body["MessageAttributes"] = shown(payload["attributes"])
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": subscription.arn,
                "Sns": body,
            }
        ]
    }
