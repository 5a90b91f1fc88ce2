"""Tags of groups and sampling rules, by ARN."""

from __future__ import annotations

from cloudarium.core import tags
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.xray import errors, groups, rules, tagging
from cloudarium.services.xray.groups import Group
from cloudarium.services.xray.rules import Rule


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add or change tags."""
    found = _find(ctx, request["ResourceARN"])
    _set(ctx, found, tagging.added(found.tags, request["Tags"]))
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags."""
    found = _find(ctx, request["ResourceARN"])
    _set(ctx, found, tagging.removed(found.tags, request["TagKeys"]))
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """List the tags."""
    return {"Tags": tags.to_list(_find(ctx, request["ResourceARN"]).tags)}


def _find(ctx: Context, arn: str) -> Group | Rule:
    group = groups.by_arn(ctx, arn)
    if group is not None:
        return group
    for rule in rules.listed(ctx):
        if rule.arn == arn:
            return rule
    raise errors.ResourceNotFound(members={"ResourceName": arn}, arn=arn)


def _set(ctx: Context, found: Group | Rule, wanted: dict[str, str]) -> None:
    if isinstance(found, Group):
        groups.set_tags(ctx, found, wanted)
    else:
        rules.set_tags(ctx, found, wanted)
