"""Custom resources: a function makes them and answers to an address it is given.

Requests and answers: "Custom resource request and response reference", User Guide. On AWS the
address is a presigned one of S3; here it is one of this cloud's own.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.documents import json_object
from cloudarium.core.identity import service_principal
from cloudarium.core.resources import Resource, ResourceRequest, ResourceType
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.cloudformation.deployment.handlers import Failed, Request, own
from cloudarium.services.cloudformation.template.parameters import text
from cloudarium.wire.http import HttpRequest, HttpResponse

PATH = "/_aws/cloudformation/responses/"

_LONGEST_ANSWER = 4096


async def receive(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Keep what a custom resource answers with its PUT."""
    body = request.body.read()
    secret = request.path.removeprefix(PATH)
    if request.method != "PUT" or len(body) > _LONGEST_ANSWER:
        return HttpResponse(400)
    ctx = runtime.context("", "", service_principal(runtime.service.principal, ""))
    with ctx.transaction() as db:
        db.execute(
            "INSERT OR IGNORE INTO responses VALUES (?, ?, ?)",
            (secret, body.decode(errors="replace"), ctx.now),
        )
    await runtime.store.durable()
    return HttpResponse(200)


async def _create(resource: ResourceRequest) -> Resource:
    return _made(await _asked(own(resource), "Create"), resource)


async def _update(resource: ResourceRequest) -> Resource:
    return _made(await _asked(own(resource), "Update"), resource)


async def _delete(resource: ResourceRequest) -> None:
    await _asked(own(resource), "Delete")


def _made(answer: dict[str, Any], resource: ResourceRequest) -> Resource:
    physical_id = answer.get("PhysicalResourceId") or resource.physical_id
    if not physical_id:
        raise Failed("Invalid PhysicalResourceId")
    return Resource(str(physical_id), answer.get("Data") or {})


async def _asked(request: Request, kind: str) -> dict[str, Any]:
    """Invoke the function behind a custom resource and return its answer."""
    token = str(request.properties.get("ServiceToken", ""))
    if not token.startswith("arn:aws:lambda:"):
        raise Failed("Invalid ServiceToken: only Lambda functions can make custom resources.")
    secret = hashlib.sha256(f"response/{request.key}".encode()).hexdigest()
    event = {
        "RequestType": kind,
        "RequestId": _request_id(secret),
        "ResponseURL": f"{await request.ctx.endpoint()}{PATH}{secret}",
        "ResourceType": request.resource_type,
        "LogicalResourceId": request.logical_id,
        "StackId": request.stack_id,
        "ServiceToken": token,
        "ResourceProperties": _strings(request.properties),
    }
    if request.physical_id:
        event["PhysicalResourceId"] = request.physical_id
    if kind == "Update":
        event["OldResourceProperties"] = _strings(request.previous)
    invocation = {
        "FunctionName": token,
        "InvocationType": "Event",
        "Payload": json.dumps(event).encode(),
    }
    await request.call("lambda", "Invoke", invocation)
    return await _answer(request, secret)


def _request_id(secret: str) -> str:
    """Return the request's id, a UUID ("Custom resource request objects", User Guide)."""
    return "-".join((secret[:8], secret[8:12], secret[12:16], secret[16:20], secret[20:32]))


async def _answer(request: Request, secret: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def answered() -> bool:
        body = _kept(request.ctx, secret)
        if body is not None:
            found.update(_parsed(body))
        return body is not None

    await request.poll(answered)
    if found.get("Status") != "SUCCESS":
        raise Failed(
            "Received response status [FAILED] from custom resource. "
            f"Message returned: {found.get('Reason', '')} (RequestId: {_request_id(secret)})"
        )
    return found


def _kept(ctx: Context, secret: str) -> str | None:
    with ctx.transaction() as db:
        row = db.execute("SELECT body FROM responses WHERE secret = ?", (secret,)).fetchone()
    return None if row is None else str(row["body"])


def _parsed(body: str) -> dict[str, Any]:
    answer = json_object(body)
    if answer is None:
        return {"Status": "FAILED", "Reason": "Invalid response object"}
    return answer


def _strings(value: Any) -> Any:
    """Return properties as a custom resource gets them: every scalar a string."""
    if isinstance(value, dict):
        return {key: _strings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_strings(item) for item in value]
    return text(value)


CUSTOM_RESOURCE = ResourceType(
    name="AWS::CloudFormation::CustomResource",
    properties={},
    create=_create,
    update=_update,
    delete=_delete,
)
