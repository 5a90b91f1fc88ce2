"""Event buses and who may put events on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson

from cloudarium.core import tags
from cloudarium.core.context import Context, Request, Response
from cloudarium.core.documents import json_object
from cloudarium.services.events import buses, dead_letters, errors, rules
from cloudarium.services.events.buses import Bus


def create_event_bus(ctx: Context, request: Request) -> Response:
    """Make a custom bus."""
    name = request["Name"]
    if "/" in name:
        raise errors.BusName()
    if buses.lookup(ctx, name) is not None:
        raise errors.BusExists(name=name)
    dead_letters.check(request)
    given = tags.from_list(request.get("Tags"))
    bus = Bus(ctx.account, ctx.region, name, request.get("Description"), None, given, ctx.now)
    buses.put(ctx, bus)
    return {"EventBusArn": bus.arn, "Description": bus.description}


def describe_event_bus(ctx: Context, request: Request) -> Response:
    """Describe one bus, the default one if none is named."""
    return _shown(buses.find(ctx, buses.name_of(request.get("Name"))))


def update_event_bus(ctx: Context, request: Request) -> Response:
    """Change a bus's description, the default one's if none is named."""
    bus = buses.find(ctx, buses.name_of(request.get("Name")))
    dead_letters.check(request)
    changed = replace(bus, description=request.get("Description", bus.description))
    buses.put(ctx, changed)
    return {"Arn": bus.arn, "Name": bus.name, "Description": changed.description}


def list_event_buses(ctx: Context, request: Request) -> Response:
    """List the buses by name."""
    found = buses.listed(ctx, request.get("NamePrefix", ""))
    return {"EventBuses": [_shown(bus) for bus in found]}


def delete_event_bus(ctx: Context, request: Request) -> Response:
    """Remove a custom bus without rules; one that is not there is deleted already."""
    name = buses.name_of(request["Name"])
    if name == buses.DEFAULT:
        raise errors.DefaultBusStays()
    bus = buses.lookup(ctx, name)
    if bus is not None:
        if rules.of_bus(ctx, name):
            raise errors.BusInUse()
        buses.delete(ctx, bus)
    return {}


def put_permission(ctx: Context, request: Request) -> Response:
    """Let another account put events, by statement or whole policy."""
    bus = buses.find(ctx, buses.name_of(request.get("EventBusName")))
    given = "Policy" in request
    policy = _parsed(request["Policy"]) if given else _with_statement(bus, request)
    buses.put(ctx, replace(bus, policy=policy))
    return {}


def remove_permission(ctx: Context, request: Request) -> Response:
    """Remove one statement, or all permissions."""
    bus = buses.find(ctx, buses.name_of(request.get("EventBusName")))
    if request.get("RemoveAllPermissions"):
        buses.put(ctx, replace(bus, policy=None))
        return {}
    if bus.policy is None:
        raise errors.NoPolicy()
    statements = bus.policy["Statement"]
    kept = [each for each in statements if each.get("Sid") != request.get("StatementId")]
    if len(kept) == len(statements):
        raise errors.StatementNotFound()
    buses.put(ctx, replace(bus, policy={**bus.policy, "Statement": kept} if kept else None))
    return {}


def _parsed(text: str) -> dict[str, Any]:
    policy = json_object(text)
    statements = policy.get("Statement") if policy else None
    statements = [statements] if isinstance(statements, dict) else statements
    if policy is None or not isinstance(statements, list):
        raise errors.InvalidPolicy()
    if not statements or not all(isinstance(each, dict) for each in statements):
        raise errors.InvalidPolicy()
    return {**policy, "Statement": statements}


def _with_statement(bus: Bus, request: Request) -> dict[str, Any]:
    policy = bus.policy or {"Version": "2012-10-17", "Statement": []}
    who = request.get("Principal", "*")
    statement: dict[str, Any] = {
        "Sid": request.get("StatementId"),
        "Effect": "Allow",
        "Principal": "*" if who == "*" else {"AWS": f"arn:aws:iam::{who}:root"},
        "Action": request.get("Action", "events:PutEvents"),
        "Resource": bus.arn,
    }
    if condition := request.get("Condition"):
        statement["Condition"] = {condition["Type"]: {condition["Key"]: condition["Value"]}}
    others = [each for each in policy["Statement"] if each.get("Sid") != statement["Sid"]]
    return {**policy, "Statement": [*others, statement]}


def _shown(bus: Bus) -> Response:
    return {
        "Name": bus.name,
        "Arn": bus.arn,
        "Description": bus.description,
        "Policy": orjson.dumps(bus.policy).decode() if bus.policy else None,
        "CreationTime": bus.created_at,
        "LastModifiedTime": bus.created_at,
    }
