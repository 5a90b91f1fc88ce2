"""Tags of rules and buses, by ARN."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core import tags
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.events import buses, errors, rules
from cloudarium.services.events.buses import Bus
from cloudarium.services.events.rules import Rule


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add or change tags."""
    resource = _resource(ctx, request["ResourceARN"])
    _save(ctx, resource, {**resource.tags, **tags.from_list(request["Tags"])})
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags."""
    resource = _resource(ctx, request["ResourceARN"])
    removed = set(request["TagKeys"])
    _save(ctx, resource, {k: v for k, v in resource.tags.items() if k not in removed})
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """Return the tags."""
    return {"Tags": tags.to_list(_resource(ctx, request["ResourceARN"]).tags)}


def _resource(ctx: Context, arn: str) -> Rule | Bus:
    kind, _, path = arn.split(":", 5)[-1].partition("/")
    if kind == "event-bus":
        return buses.find(ctx, path)
    bus, _, name = path.rpartition("/")
    rule = rules.lookup(ctx, bus or buses.DEFAULT, name)
    if rule is None:
        raise errors.ArnNotFound(arn=arn)
    return rule


def _save(ctx: Context, resource: Rule | Bus, kept: dict[str, str]) -> None:
    if isinstance(resource, Rule):
        rules.put(ctx, replace(resource, tags=kept))
    else:
        buses.put(ctx, replace(resource, tags=kept))
