"""AWS::SNS::Topic, AWS::SNS::Subscription and AWS::SNS::TopicPolicy."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.core import tags
from cloudarium.core.errors import AwsError
from cloudarium.core.resources import Property, Resource, ResourceRequest, ResourceType
from cloudarium.services.sns import errors, limits

_TOPIC_ATTRIBUTES = (
    "DisplayName",
    "SignatureVersion",
    "DeliveryPolicy",
    "ContentBasedDeduplication",
    "FifoThroughputScope",
)
_SUBSCRIPTION_ATTRIBUTES = (
    "DeliveryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RawMessageDelivery",
    "RedrivePolicy",
)


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _attributes(properties: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: _text(properties[name]) for name in names if name in properties}


def _endpoints(properties: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["Protocol"], each["Endpoint"]) for each in properties.get("Subscription") or []]


async def _create_topic(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    fifo = _text(properties.get("FifoTopic", False)) == "true"
    name = properties.get("TopicName") or _generated(resource, ".fifo" if fifo else "")
    arn = f"arn:aws:sns:{resource.region}:{resource.account}:{name}"
    params = {
        "Name": name,
        "Attributes": _attributes(properties, (*_TOPIC_ATTRIBUTES, "FifoTopic")),
        "Tags": tags.to_list(tags.of_resource(resource)),
    }
    await resource.call("sns", "CreateTopic", params)
    for protocol, endpoint in _endpoints(properties):
        await _subscribe(resource, arn, protocol, endpoint, {})
    return _topic(arn)


def _generated(resource: ResourceRequest, suffix: str) -> str:
    return resource.generated_name(limits.TOPIC_NAME_LENGTH - len(suffix)) + suffix


def _topic(arn: str) -> Resource:
    return Resource(arn, {"TopicArn": arn, "TopicName": arn.rpartition(":")[2]})


async def _subscribe(
    resource: ResourceRequest, topic: str, protocol: str, endpoint: str, attributes: dict[str, str]
) -> str:
    answer = await resource.call(
        "sns",
        "Subscribe",
        {
            "TopicArn": topic,
            "Protocol": protocol,
            "Endpoint": endpoint,
            "Attributes": attributes,
            "ReturnSubscriptionArn": True,
        },
    )
    return str(answer["SubscriptionArn"])


async def _update_topic(resource: ResourceRequest) -> Resource:
    arn = resource.physical_id
    new = _attributes(resource.properties, _TOPIC_ATTRIBUTES)
    old = _attributes(resource.previous, _TOPIC_ATTRIBUTES)
    for name in _TOPIC_ATTRIBUTES:
        if new.get(name) != old.get(name):
            params = {"AttributeName": name, "AttributeValue": new.get(name, "")}
            await resource.call("sns", "SetTopicAttributes", {"TopicArn": arn, **params})
    wanted, had = _endpoints(resource.properties), _endpoints(resource.previous)
    for protocol, endpoint in wanted:
        if (protocol, endpoint) not in had:
            await _subscribe(resource, arn, protocol, endpoint, {})
    for protocol, endpoint in had:
        if (protocol, endpoint) not in wanted:
            found = await _subscribe(resource, arn, protocol, endpoint, {})
            await resource.call("sns", "Unsubscribe", {"SubscriptionArn": found})
    await _update_tags(resource, arn)
    return _topic(arn)


async def _update_tags(resource: ResourceRequest, arn: str) -> None:
    gone, changed = tags.changes(resource)
    if gone:
        await resource.call("sns", "UntagResource", {"ResourceArn": arn, "TagKeys": gone})
    if changed:
        params = {"ResourceArn": arn, "Tags": tags.to_list(changed)}
        await resource.call("sns", "TagResource", params)


async def _delete_topic(resource: ResourceRequest) -> None:
    await resource.call("sns", "DeleteTopic", {"TopicArn": resource.physical_id})


TOPIC = ResourceType(
    name="AWS::SNS::Topic",
    properties={
        "TopicName": Property(replaces=True),
        "DisplayName": Property(),
        "DeliveryPolicy": Property(),
        "FifoTopic": Property(replaces=True),
        "ContentBasedDeduplication": Property(),
        "FifoThroughputScope": Property(),
        "SignatureVersion": Property(),
        "Subscription": Property(),
        "Tags": Property(),
    },
    create=_create_topic,
    update=_update_topic,
    delete=_delete_topic,
    attributes=("TopicArn", "TopicName"),
)


async def _create_subscription(resource: ResourceRequest) -> Resource:
    properties = resource.properties
    attributes = _attributes(properties, _SUBSCRIPTION_ATTRIBUTES)
    topic, protocol = properties["TopicArn"], properties["Protocol"]
    arn = await _subscribe(resource, topic, protocol, properties["Endpoint"], attributes)
    return Resource(arn, {"Arn": arn})


async def _update_subscription(resource: ResourceRequest) -> Resource:
    arn = resource.physical_id
    new = _attributes(resource.properties, _SUBSCRIPTION_ATTRIBUTES)
    old = _attributes(resource.previous, _SUBSCRIPTION_ATTRIBUTES)
    for name in _order(new):
        if new.get(name) != old.get(name):
            params = {"AttributeName": name, "AttributeValue": new.get(name, "")}
            await resource.call(
                "sns", "SetSubscriptionAttributes", {"SubscriptionArn": arn, **params}
            )
    return Resource(arn, {"Arn": arn})


def _order(new: dict[str, str]) -> tuple[str, ...]:
    """The scope goes first where it allows the policy: nested policies need MessageBody."""
    first = ("FilterPolicyScope",) if new.get("FilterPolicyScope") == "MessageBody" else ()
    return first + tuple(name for name in _SUBSCRIPTION_ATTRIBUTES if name not in first)


async def _delete_subscription(resource: ResourceRequest) -> None:
    await resource.call("sns", "Unsubscribe", {"SubscriptionArn": resource.physical_id})


SUBSCRIPTION = ResourceType(
    name="AWS::SNS::Subscription",
    properties={
        "TopicArn": Property(required=True, replaces=True),
        "Protocol": Property(required=True, replaces=True),
        "Endpoint": Property(replaces=True),
        **{name: Property() for name in _SUBSCRIPTION_ATTRIBUTES},
    },
    create=_create_subscription,
    update=_update_subscription,
    delete=_delete_subscription,
    attributes=("Arn",),
)


async def _put_policy(resource: ResourceRequest) -> Resource:
    policy = _text(resource.properties["PolicyDocument"])
    for topic in resource.properties["Topics"]:
        await _set_policy(resource, topic, policy)
    for topic in resource.previous.get("Topics") or []:
        if topic not in resource.properties["Topics"]:
            await _set_policy(resource, topic, "")
    name = resource.physical_id or resource.generated_name()
    return Resource(name, {"Id": name})


async def _set_policy(resource: ResourceRequest, topic: str, policy: str) -> None:
    params = {"TopicArn": topic, "AttributeName": "Policy", "AttributeValue": policy}
    await resource.call("sns", "SetTopicAttributes", params)


async def _delete_policy(resource: ResourceRequest) -> None:
    """A topic without a policy of its own has the default one again."""
    for topic in resource.properties.get("Topics") or []:
        try:
            await _set_policy(resource, topic, "")
        except AwsError as error:
            if not errors.NotFound.matches(error):
                raise


TOPIC_POLICY = ResourceType(
    name="AWS::SNS::TopicPolicy",
    properties={
        "PolicyDocument": Property(required=True),
        "Topics": Property(required=True),
    },
    create=_put_policy,
    update=_put_policy,
    delete=_delete_policy,
    attributes=("Id",),
)
