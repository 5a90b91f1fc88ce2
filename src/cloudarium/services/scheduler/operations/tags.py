"""Tags of schedule groups, by ARN; schedules have none."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core import tags
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.scheduler import groups
from cloudarium.services.scheduler.groups import Group


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add or change tags."""
    group = _group(ctx, request)
    groups.put(ctx, replace(group, tags={**group.tags, **tags.from_list(request["Tags"])}))
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags."""
    group, gone = _group(ctx, request), set(request["TagKeys"])
    kept = {key: value for key, value in group.tags.items() if key not in gone}
    groups.put(ctx, replace(group, tags=kept))
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """Return the tags."""
    return {"Tags": tags.to_list(_group(ctx, request).tags)}


def _group(ctx: Context, request: Request) -> Group:
    return groups.find(ctx, request["ResourceArn"].rpartition("/")[2])
