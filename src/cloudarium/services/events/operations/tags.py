"""Tags of rules and buses, by ARN."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.events import buses, errors, rules
from cloudarium.services.events.buses import Bus
from cloudarium.services.events.rules import Rule


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add or change tags."""
    resource = _resource(ctx, request["ResourceARN"])
    added = {tag["Key"]: tag["Value"] for tag in request["Tags"]}
    _save(ctx, resource, {**resource.tags, **added})
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags."""
    resource = _resource(ctx, request["ResourceARN"])
    removed = set(request["TagKeys"])
    _save(ctx, resource, {k: v for k, v in resource.tags.items() if k not in removed})
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """Return the tags."""
    tags = _resource(ctx, request["ResourceARN"]).tags
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _resource(ctx: Context, arn: str) -> Rule | Bus:
    kind, _, path = arn.split(":", 5)[-1].partition("/")
    if kind == "event-bus":
        return buses.find(ctx, path)
    bus, _, name = path.rpartition("/")
    rule = rules.named(ctx, bus or buses.DEFAULT, name)
    if rule is None:
        raise errors.ArnNotFound(arn=arn)
    return rule


def _save(ctx: Context, resource: Rule | Bus, tags: dict[str, str]) -> None:
    if isinstance(resource, Rule):
        rules.put(ctx, replace(resource, tags=tags))
    else:
        buses.put(ctx, replace(resource, tags=tags))
