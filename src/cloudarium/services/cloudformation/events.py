"""Stack events: written with the change they tell of, and told to EventBridge.

EventBridge's events: "CloudFormation events detail reference", User Guide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cloudarium.contracts.events import AwsEvent
from cloudarium.core.context import Context
from cloudarium.services.cloudformation import notifications, stacks
from cloudarium.services.cloudformation.limits import PAGE
from cloudarium.services.cloudformation.stacks import Stack
from cloudarium.services.cloudformation.template.parameters import MASK

STACK_TYPE = "AWS::CloudFormation::Stack"


def stack_changed(
    ctx: Context, stack: Stack, status: str, reason: str | None = None, token: str | None = None
) -> None:
    """Give a stack a new status: its row, its event, its fact."""
    stacks.set_status(ctx, stack.stack_id, status, reason)
    ctx.signal(("stack", stack.stack_id))
    _append(
        ctx, stack, ctx.ids.uuid(), stack.name, stack.stack_id, STACK_TYPE, status, reason, None,
        token,
    )  # fmt: skip
    details = {"status": status, "status-reason": reason or ""}
    _tell(ctx, stack, "CloudFormation Stack Status Change", {"status-details": details}, token)


def resource_changed(
    ctx: Context,
    stack: Stack,
    logical_id: str,
    resource_type: str,
    status: str,
    *,
    physical_id: str,
    reason: str | None = None,
    properties: Mapping[str, Any] | None = None,
    token: str | None = None,
) -> None:
    """Record what happens to a resource. `properties` are left out where AWS leaves them out."""
    event_id = f"{logical_id}-{ctx.ids.uuid()}"
    if properties is not None:
        event_id = f"{logical_id}-{status}-{ctx.ids.uuid()}"
    _append(
        ctx, stack, event_id, logical_id, physical_id, resource_type, status, reason,
        _masked(stack, properties), token,
    )  # fmt: skip
    detail = {
        "logical-resource-id": logical_id,
        "physical-resource-id": physical_id,
        "resource-type": resource_type,
        "status-details": {"status": status, "status-reason": reason or ""},
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
    ctx: Context,
    stack: Stack,
    event_id: str,
    logical_id: str,
    physical_id: str,
    resource_type: str,
    status: str,
    reason: str | None,
    properties: Mapping[str, Any] | None,
    token: str | None,
) -> None:
    event = {
        "stack_id": stack.stack_id,
        "event_id": event_id,
        "logical_id": logical_id,
        "physical_id": physical_id,
        "type": resource_type,
        "status": status,
        "reason": reason,
        "properties": None if properties is None else _compact(properties),
        "token": token,
        "at": ctx.now,
    }
    names = ", ".join(event)
    marks = ", ".join(f":{name}" for name in event)
    ctx.db.execute(f"INSERT INTO events ({names}) VALUES ({marks})", event)
    notifications.order(ctx, stack, event)


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
