"""Queue attributes: checked when set, completed when shown."""

from __future__ import annotations

import re

from cloudarium.core.context import Context
from cloudarium.core.documents import json_object
from cloudarium.services.sqs import errors, limits, messages, policies
from cloudarium.services.sqs.queues import Queue

_NUMBER = re.compile(r"[0-9]{1,9}")
_BOOLEANS = ("ContentBasedDeduplication", "SqsManagedSseEnabled")
_FIFO_ONLY = ("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")
_CHOICES = {
    "DeduplicationScope": ("messageGroup", "queue"),
    "FifoThroughputLimit": ("perQueue", "perMessageGroupId"),
}
_DOCUMENTS = ("Policy", "RedrivePolicy", "RedriveAllowPolicy")
_COUNTED = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
)


def checked(
    ctx: Context, attributes: dict[str, str], *, fifo: bool, present: dict[str, str] | None = None
) -> dict[str, str]:
    """Return attributes as stored; empty documents are removed by being empty.

    `present` are those that a queue has already. Raises InvalidAttributeName,
    InvalidAttributeValue and InvalidParameterValue.
    """
    for name, value in attributes.items():
        if name in _FIFO_ONLY and not fifo:
            raise errors.InvalidAttributeName(name=name)
        if not _valid(name, value):
            raise errors.InvalidAttributeValue(name=name)
    policies.check(ctx, attributes, fifo=fifo)
    _check_together({**(present or {}), **attributes})
    if is_true(attributes.get("SqsManagedSseEnabled")) and attributes.get("KmsMasterKeyId"):
        raise errors.TwoEncryptions()
    return _normal(attributes)


def is_true(text: str | None) -> bool:
    """Tell whether a boolean attribute is set: clients write `true` or `True`."""
    return text is not None and text.lower() == "true"


def _normal(attributes: dict[str, str]) -> dict[str, str]:
    """Return attributes with booleans in lower case, and one encryption in place of the other.

    SetQueueAttributes' page: only one server-side encryption option per queue.
    """
    result = {
        name: value.lower() if name in (*_BOOLEANS, "FifoQueue") else value
        for name, value in attributes.items()
    }
    if result.get("KmsMasterKeyId"):
        result["SqsManagedSseEnabled"] = "false"
    elif result.get("SqsManagedSseEnabled") == "true":
        result["KmsMasterKeyId"] = ""
    return result


def _check_together(attributes: dict[str, str]) -> None:
    by_group = attributes.get("FifoThroughputLimit") == "perMessageGroupId"
    if by_group and attributes.get("DeduplicationScope") != "messageGroup":
        raise errors.ThroughputOfGroups()


def _valid(name: str, value: str) -> bool:
    if name in limits.NUMBER_ATTRIBUTES:
        _, least, most = limits.NUMBER_ATTRIBUTES[name]
        return _is_between(value, least, most)
    if name in _BOOLEANS:
        return value.lower() in ("true", "false")
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name in _DOCUMENTS:
        return value == "" or json_object(value) is not None
    if name == "FifoQueue":
        return is_true(value)
    if name == "KmsMasterKeyId":
        return True
    raise errors.InvalidAttributeName(name=name)


def _is_between(text: str, least: int, most: int) -> bool:
    return _NUMBER.fullmatch(text) is not None and least <= int(text) <= most


def shown(ctx: Context, queue: Queue, wanted: list[str]) -> dict[str, str]:
    """Return the attributes named in `wanted` (`All` means every one)."""
    everything = {
        "QueueArn": queue.arn,
        "CreatedTimestamp": str(int(queue.created_at)),
        "LastModifiedTimestamp": str(int(queue.modified_at)),
        **{name: number[0] for name, number in limits.NUMBER_ATTRIBUTES.items() if number[0]},
        "SqsManagedSseEnabled": "true",
        **{name: value for name, value in queue.attributes.items() if value},
    }
    if "KmsMasterKeyId" in everything:
        everything = {"KmsDataKeyReusePeriodSeconds": limits.KEY_REUSE_SECONDS, **everything}
    else:
        everything.pop("KmsDataKeyReusePeriodSeconds", None)
    if queue.fifo:
        everything = {
            "FifoQueue": "true",
            "ContentBasedDeduplication": "false",
            "DeduplicationScope": "queue",
            "FifoThroughputLimit": "perQueue",
            **everything,
        }
    every = "All" in wanted
    if every or any(name in wanted for name in _COUNTED):
        everything.update(zip(_COUNTED, map(str, messages.counts(ctx, queue)), strict=True))
    return {name: value for name, value in everything.items() if every or name in wanted}


def known() -> frozenset[str]:
    """Return the names GetQueueAttributes takes."""
    return frozenset(
        {
            "All",
            "QueueArn",
            "CreatedTimestamp",
            "LastModifiedTimestamp",
            *_COUNTED,
            *_BOOLEANS,
            *_FIFO_ONLY,
            *_DOCUMENTS,
            *limits.NUMBER_ATTRIBUTES,
            "KmsMasterKeyId",
        }
    )
