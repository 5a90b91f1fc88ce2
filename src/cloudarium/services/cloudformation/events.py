"""Stack events: written with the change they tell of, and told to EventBridge.

EventBridge's events: "CloudFormation events detail reference", User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.context import Context
from cloudarium.services.cloudformation import notifications, stacks
from cloudarium.services.cloudformation.limits import PAGE
from cloudarium.services.cloudformation.stacks import Stack
from cloudarium.services.cloudformation.template.parameters import MASK

STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass(frozen=True)
class ResourceEvent:
    """What happens to a resource. `properties` are None where AWS leaves them out."""

    logical_id: str
    type: str
    physical_id: str
    status: str
    reason: str | None = None
    properties: Mapping[str, Any] | None = None


def stack_changed(
    ctx: Context, stack: Stack, status: str, reason: str | None = None, token: str | None = None
) -> None:
    """Give a stack a new status: its row, its event, its fact."""
    stacks.set_status(ctx, stack.stack_id, status, reason)
    ctx.signal(("stack", stack.stack_id))
    event = ResourceEvent(stack.name, STACK_TYPE, stack.stack_id, status, reason)
    _append(ctx, stack, ctx.ids.uuid(), event, token)
    details = {"status": status, "status-reason": reason or ""}
    _tell(ctx, stack, "CloudFormation Stack Status Change", {"status-details": details}, token)


def resource_changed(ctx: Context, stack: Stack, event: ResourceEvent, token: str | None) -> None:
    """Record what happens to a resource; `token` is the client's of the stack's operation."""
    middle = "" if event.properties is None else f"{event.status}-"
    event_id = f"{event.logical_id}-{middle}{ctx.ids.uuid()}"
    shown = replace(event, properties=_masked(stack, event.properties))
    _append(ctx, stack, event_id, shown, token)
    detail = {
        "logical-resource-id": event.logical_id,
        "physical-resource-id": event.physical_id,
        "resource-type": event.type,
        "status-details": {"status": event.status, "status-reason": event.reason or ""},
    }
    _tell(ctx, stack, "CloudFormation Resource Status Change", detail, token)


def _masked(stack: Stack, properties: Mapping[str, Any] | None) -> Any:
    """Return properties with the values of NoEcho parameters made unreadable."""
    declared = stack.config.template.parameters
    values = stack.config.parameters
    secrets = [values[name] for name in values if declared[name].no_echo and values[name]]

    def masked(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: masked(item) for key, item in value.items()}
        if isinstance(value, list):
            return [masked(item) for item in value]
        for secret in secrets if isinstance(value, str) else ():
            value = value.replace(secret, MASK)
        return value

    return masked(properties) if secrets else properties


def _append(
    ctx: Context, stack: Stack, event_id: str, event: ResourceEvent, token: str | None
) -> None:
    row = {
        **vars(event),
        "stack_id": stack.stack_id,
        "event_id": event_id,
        "properties": None if event.properties is None else _compact(event.properties),
        "token": token,
        "at": ctx.now,
    }
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    ctx.db.execute(f"INSERT INTO events ({names}) VALUES ({marks})", row)
    notifications.order(ctx, stack, row)


def _compact(properties: Mapping[str, Any]) -> str:
    return json.dumps(properties, separators=(",", ":"))


def _tell(ctx: Context, stack: Stack, kind: str, detail: dict[str, Any], token: str | None) -> None:
    body = {"stack-id": stack.stack_id, **detail, "client-request-token": token or ""}
    ctx.emit(AwsEvent("aws.cloudformation", kind, body, [stack.stack_id]))


def page(ctx: Context, stack: Stack, before: int | None) -> tuple[list[dict[str, Any]], int | None]:
    """Return `StackEvents`, newest first, older than `before`, and where the next page begins."""
    rows = ctx.db.execute(
        "SELECT * FROM events WHERE stack_id = ? AND (? IS NULL OR sequence < ?)"
        " ORDER BY sequence DESC LIMIT ?",
        (stack.stack_id, before, before, PAGE + 1),
    ).fetchall()
    found = [
        {
            "StackId": stack.stack_id,
            "EventId": row["event_id"],
            "StackName": stack.name,
            "LogicalResourceId": row["logical_id"],
            "PhysicalResourceId": row["physical_id"],
            "ResourceType": row["type"],
            "Timestamp": row["at"],
            "ResourceStatus": row["status"],
            "ResourceStatusReason": row["reason"],
            "ResourceProperties": row["properties"],
            "ClientRequestToken": row["token"],
        }
        for row in rows[:PAGE]
    ]
    return found, rows[PAGE - 1]["sequence"] if len(rows) > PAGE else None
