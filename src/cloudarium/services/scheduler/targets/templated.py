"""Templated targets: an ARN stands for one operation.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from cloudarium.core.arn import Arn
from cloudarium.core.errors import AwsError
from cloudarium.services.scheduler import errors

Target = dict[str, Any]
Params = dict[str, Any]
Call = tuple[str, str, Params]
"""A model, an operation and its parameters."""


@dataclass(frozen=True)
class Template:
    """An operation of `model`, and how its parameters are made of a target, a text and a key."""

    model: str
    operation: str
    params: Callable[[Target, Arn, str, str], Params]
    json: bool = False
    parameters: str = ""
    takes_input: bool = True


def check(target: Target, parts: Arn) -> None:
    """Raise ValidationException unless the target is one of a template, with what it needs."""
    template = TEMPLATES.get(parts.service)
    if parts.service == "scheduler":
        raise errors.UnsupportedService(service=parts.service)
    if template is None:
        raise errors.UnsupportedTarget(arn=target["Arn"])
    for name in target:
        if name.endswith("Parameters") and name != template.parameters:
            raise errors.ParametersNotSupported(name=name)
    if parts.service == "events" and "EventBridgeParameters" not in target:
        raise errors.ParametersNeeded(name="EventBridgeParameters")
    if parts.service == "sqs":
        _check_group(target, is_fifo=parts.resource.endswith(".fifo"))
    if "Input" in target and not template.takes_input:
        raise errors.InputNotNeeded(arn=target["Arn"])
    if template.json and "Input" in target and not _is_json(target["Input"]):
        raise errors.InputNotJson()


def _check_group(target: Target, *, is_fifo: bool) -> None:
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    if is_fifo and not group:
        raise errors.ParametersNeeded(name="SqsParameters")
    if group and not is_fifo:
        raise errors.GroupNotValid()


def _is_json(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def call(target: Target, parts: Arn, text: str, key: str) -> Call:
    """Return the call a target stands for; `key` tells it from all others."""
    template = TEMPLATES[parts.service]
    return template.model, template.operation, template.params(target, parts, text, key)


def check_answer(answer: dict[str, Any]) -> None:
    """Raise the error of an event that PutEvents did not take."""
    for entry in answer.get("Entries", []):
        if isinstance(entry, dict) and "ErrorCode" in entry:
            raise AwsError(entry["ErrorCode"], entry.get("ErrorMessage", ""))


def queue_url(arn: str) -> str:
    """Return a URL by which SQS finds the queue."""
    account, name = arn.split(":")[4:6]
    return f"/{account}/{name}"


def _function(target: Target, parts: Arn, text: str, key: str) -> Params:
    return {
        "FunctionName": target["Arn"],
        "InvocationType": "Event",
        "Payload": text.encode(),
    }


def _queue(target: Target, parts: Arn, text: str, key: str) -> Params:
    params = {"QueueUrl": queue_url(target["Arn"]), "MessageBody": text}
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    return {**params, "MessageGroupId": group} if group else params


def _topic(target: Target, parts: Arn, text: str, key: str) -> Params:
    return {"TopicArn": target["Arn"], "Message": text}


def _bus(target: Target, parts: Arn, text: str, key: str) -> Params:
    parameters = target["EventBridgeParameters"]
    entry = {
        "Source": parameters["Source"],
        "DetailType": parameters["DetailType"],
        "Detail": text,
        "EventBusName": target["Arn"],
    }
    return {"Entries": [entry]}


def _build(target: Target, parts: Arn, text: str, key: str) -> Params:
    name = parts.resource.removeprefix("project/")
    return {"projectName": name, "idempotencyToken": key.replace("/", "-")}


def _pipeline(target: Target, parts: Arn, text: str, key: str) -> Params:
    return {"name": parts.resource, "clientRequestToken": key.replace("/", "-")}


TEMPLATES = {
    "lambda": Template("lambda", "Invoke", _function, json=True),
    "sqs": Template("sqs", "SendMessage", _queue, parameters="SqsParameters"),
    "sns": Template("sns", "Publish", _topic),
    "events": Template("events", "PutEvents", _bus, json=True, parameters="EventBridgeParameters"),
    "codebuild": Template("codebuild", "StartBuild", _build, takes_input=False),
    "codepipeline": Template(
        "codepipeline", "StartPipelineExecution", _pipeline, takes_input=False
    ),
}
