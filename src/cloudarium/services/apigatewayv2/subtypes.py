"""The first-class AWS service integrations of HTTP APIs.

Source: Developer Guide, "Integration subtype reference".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cloudarium.services.apigatewayv2 import errors, mappings


@dataclass(frozen=True)
class Subtype:
    """An action: the botocore model and operation behind it, and its parameters."""

    model: str
    operation: str
    required: frozenset[str]
    optional: frozenset[str]


def _subtype(model: str, operation: str, required: str, optional: str = "") -> Subtype:
    own = frozenset(optional.split()) | {"Region"}
    return Subtype(model, operation, frozenset(required.split()), own)


SUBTYPES: Mapping[str, Subtype] = {
    "EventBridge-PutEvents": _subtype(
        "events",
        "PutEvents",
        "Detail DetailType Source",
        "Time EventBusName Resources TraceHeader",
    ),
    "SQS-SendMessage": _subtype(
        "sqs",
        "SendMessage",
        "QueueUrl MessageBody",
        "DelaySeconds MessageAttributes MessageDeduplicationId MessageGroupId "
        "MessageSystemAttributes",
    ),
    "SQS-ReceiveMessage": _subtype(
        "sqs",
        "ReceiveMessage",
        "QueueUrl",
        "AttributeNames MaxNumberOfMessages MessageAttributeNames ReceiveRequestAttemptId "
        "VisibilityTimeout WaitTimeSeconds",
    ),
    "SQS-DeleteMessage": _subtype("sqs", "DeleteMessage", "QueueUrl ReceiptHandle"),
    "SQS-PurgeQueue": _subtype("sqs", "PurgeQueue", "QueueUrl"),
}


def check(name: str, parameters: Mapping[str, str]) -> None:
    """Raise unless there is such a subtype and it is given what it needs."""
    subtype = SUBTYPES.get(name)
    if subtype is None:
        raise errors.SubtypeInvalid(subtype=name)
    if subtype.required - parameters.keys():
        needed = ", ".join(sorted(subtype.required))
        raise errors.SubtypeParametersMissing(subtype=name, names=needed)
    unknown = parameters.keys() - subtype.required - subtype.optional
    if unknown:
        raise errors.SubtypeParametersUnknown(subtype=name, names=", ".join(sorted(unknown)))
    for value in parameters.values():
        mappings.check_value(value)
