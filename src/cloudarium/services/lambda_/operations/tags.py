"""Tags of functions, event source mappings and code signing configurations."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.lambda_ import errors, tagging


def tag_resource(ctx: Context, request: Request) -> Response:
    """TagResource."""
    found = tagging.find(ctx, request["Resource"])
    if not request["Tags"]:
        raise errors.invalid(errors.NO_TAGS)
    found.put(tagging.checked({**found.tags, **request["Tags"]}))
    return {}


def untag_resource(ctx: Context, request: Request) -> Response:
    """UntagResource."""
    found = tagging.find(ctx, request["Resource"])
    found.put({key: tag for key, tag in found.tags.items() if key not in request["TagKeys"]})
    return {}


def list_tags(ctx: Context, request: Request) -> Response:
    """ListTags."""
    return {"Tags": tagging.find(ctx, request["Resource"]).tags}
