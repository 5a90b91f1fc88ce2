"""SQS's CloudFormation resource types."""

from __future__ import annotations

from typing import Any

import orjson

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.sqs.errors import QueueDoesNotExist

_REPLACING = ("QueueName", "FifoQueue")
_ATTRIBUTES = (
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoQueue",
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _attributes(properties: dict[str, Any]) -> dict[str, str]:
    found = {name: _text(properties[name]) for name in _ATTRIBUTES if name in properties}
    if found.get("FifoQueue") == "false":
        del found["FifoQueue"]
    return found


async def _described(resource: ResourceRequest, url: str) -> Resource:
    answer = await resource.call(
        "sqs", "GetQueueAttributes", {"QueueUrl": url, "AttributeNames": ["QueueArn"]}
    )
    arn = answer["Attributes"]["QueueArn"]
    return Resource(url, {"Arn": arn, "QueueName": arn.rpartition(":")[2], "QueueUrl": url})


async def _create(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    suffix = ".fifo" if _text(properties.get("FifoQueue", False)) == "true" else ""
    name = properties.get("QueueName") or resource.generated_name(80 - len(suffix)) + suffix
    params = {
        "QueueName": name,
        "Attributes": _attributes(properties),
        "tags": tags.of_resource(resource),
    }
    answer = await resource.call("sqs", "CreateQueue", params)
    return await _described(resource, answer["QueueUrl"])


async def _update(resource: ResourceRequest) -> Resource:
    url = resource.physical_id
    attributes = _attributes(resource.properties)
    for name in _attributes(resource.previous):
        attributes.setdefault(name, "")
    attributes.pop("FifoQueue", None)
    if changed := {name: value for name, value in attributes.items() if value or "Policy" in name}:
        await resource.call("sqs", "SetQueueAttributes", {"QueueUrl": url, "Attributes": changed})
    return await _described(resource, url)


async def _delete(resource: ResourceRequest) -> None:
    try:
        await resource.call("sqs", "DeleteQueue", {"QueueUrl": resource.physical_id})
    except AwsError as error:
        if not QueueDoesNotExist.matches(error):
            raise


QUEUE = ResourceType(
    name="AWS::SQS::Queue",
    properties={
        name: Property(replaces=name in _REPLACING) for name in ("QueueName", "Tags", *_ATTRIBUTES)
    },
    create=_create,
    update=_update,
    delete=_delete,
    attributes=("Arn", "QueueName", "QueueUrl"),
)


async def _set_policy(resource: ResourceRequest, queues: list[str], policy: str) -> None:
    for url in queues:
        await resource.call(
            "sqs", "SetQueueAttributes", {"QueueUrl": url, "Attributes": {"Policy": policy}}
        )


async def _put_policy(resource: ResourceRequest) -> Resource:
    queues = resource.properties["Queues"]
    dropped = [url for url in resource.previous.get("Queues", []) if url not in queues]
    await _set_policy(resource, dropped, "")
    await _set_policy(resource, queues, _text(resource.properties["PolicyDocument"]))
    return Resource(resource.physical_id or resource.generated_name(128))


async def _delete_policy(resource: ResourceRequest) -> None:
    try:
        await _set_policy(resource, resource.properties["Queues"], "")
    except AwsError as error:
        if not QueueDoesNotExist.matches(error):
            raise


QUEUE_POLICY = ResourceType(
    name="AWS::SQS::QueuePolicy",
    properties={
        "PolicyDocument": Property(required=True),
        "Queues": Property(required=True),
    },
    create=_put_policy,
    update=_put_policy,
    delete=_delete_policy,
    attributes=("Id",),
)
