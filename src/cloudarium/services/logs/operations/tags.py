"""Log group tags, by ARN and by the older operations' group name."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.logs import errors, limits, log_groups
from cloudarium.services.logs.log_groups import LogGroup


def tag_resource(ctx: Context, request: Request) -> Response:
    """Add or change tags of the group with an ARN."""
    _add(ctx, _by_arn(ctx, request["resourceArn"]), request["tags"])
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """Remove tags of the group with an ARN."""
    _remove(ctx, _by_arn(ctx, request["resourceArn"]), request["tagKeys"])
    return {}


def list_tags_for_resource(ctx: Context, request: Request) -> Response:
    """Return the tags of the group with an ARN."""
    return {"tags": _by_arn(ctx, request["resourceArn"]).tags}


def tag_log_group(ctx: Context, request: Request) -> Response:
    """Add or change tags of a group."""
    _add(ctx, log_groups.find(ctx, request["logGroupName"]), request["tags"])
    return {}


def untag_log_group(ctx: Context, request: Request) -> Response:
    """Remove tags of a group."""
    _remove(ctx, log_groups.find(ctx, request["logGroupName"]), request["tags"])
    return {}


def list_tags_log_group(ctx: Context, request: Request) -> Response:
    """Return a group's tags."""
    return {"tags": log_groups.find(ctx, request["logGroupName"]).tags}


def _by_arn(ctx: Context, arn: str) -> LogGroup:
    group = log_groups.named(ctx, log_groups.name_of(arn))
    if group is None or not arn.startswith("arn:"):
        raise errors.ResourceNotFound()
    return group


def _add(ctx: Context, group: LogGroup, tags: dict[str, str]) -> None:
    merged = {**group.tags, **tags}
    if len(merged) > limits.MAX_TAGS:
        raise errors.TooManyTags(limit=limits.MAX_TAGS)
    log_groups.set_tags(ctx, group, merged)


def _remove(ctx: Context, group: LogGroup, keys: list[str]) -> None:
    kept = {key: value for key, value in group.tags.items() if key not in set(keys)}
    log_groups.set_tags(ctx, group, kept)
