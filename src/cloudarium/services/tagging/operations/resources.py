"""Tags of all services' resources: read, filtered, changed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.core.errors import AwsError
from cloudarium.core.tags import to_list
from cloudarium.services.tagging import errors, resources

_PAGE = 100
# What cannot be asked for together with single resources (API_GetResources).
_NOT_WITH_ARNS = (
    "TagFilters",
    "ResourceTypeFilters",
    "ResourcesPerPage",
    "TagsPerPage",
    "PaginationToken",
)


async def get_resources(ctx: Context, request: Request) -> Response:
    """GetResources: those that have tags, by ARN."""
    if "ResourceARNList" in request:
        found = await _named(ctx, request)
    else:
        types = request.get("ResourceTypeFilters") or []
        for each in types:
            if not each or each.count(":") > 1:
                raise errors.InvalidParameter(message=errors.NO_TYPE.format(type=each))
        found = await resources.tagged(ctx, types)
    filters = request.get("TagFilters") or []
    shown = [
        {"ResourceARN": arn, "Tags": to_list(tags)}
        for arn, tags in found.items()
        if all(_fits(each, tags) for each in filters)
    ]
    return _page(request, "ResourceTagMappingList", shown, request.get("ResourcesPerPage") or _PAGE)


async def _named(ctx: Context, request: Request) -> dict[str, dict[str, str]]:
    for name in _NOT_WITH_ARNS:
        if request.get(name):
            raise errors.InvalidParameter(message=errors.TOGETHER.format(name=name))
    found = {}
    for arn in request["ResourceARNList"]:
        try:
            tags = await resources.tags_at(ctx, arn)
        except AwsError:
            continue  # a resource that is not there is not in the answer
        if tags:
            found[arn] = tags
    return found


def _fits(wanted: dict[str, Any], tags: dict[str, str]) -> bool:
    key, values = wanted.get("Key"), wanted.get("Values")
    return key in tags and (not values or tags[key] in values)


def _page(request: Request, member: str, items: list[Any], size: int) -> Response:
    token = request.get("PaginationToken") or None
    shown, following = pages.page(items, token, size, errors.NoSuchToken())
    return {"PaginationToken": following or "", member: shown}


async def get_tag_keys(ctx: Context, request: Request) -> Response:
    """GetTagKeys: the keys of all tags."""
    keys = {key for tags in (await resources.tagged(ctx)).values() for key in tags}
    return _page(request, "TagKeys", sorted(keys), _PAGE)


async def get_tag_values(ctx: Context, request: Request) -> Response:
    """GetTagValues: the values that a key has."""
    key = request["Key"]
    found = await resources.tagged(ctx)
    return _page(request, "TagValues", sorted({t[key] for t in found.values() if key in t}), _PAGE)


async def tag_resources(ctx: Context, request: Request) -> Response:
    """TagResources: what the caller may not tag is told of."""
    return await _each(request, lambda arn: resources.put(ctx, arn, request["Tags"]))


async def untag_resources(ctx: Context, request: Request) -> Response:
    """UntagResources."""
    return await _each(request, lambda arn: resources.remove(ctx, arn, request["TagKeys"]))


async def _each(request: Request, change: Callable[[str], Coroutine[Any, Any, None]]) -> Response:
    failed = {}
    for arn in request["ResourceARNList"]:
        try:
            await change(arn)
        except AwsError as error:
            code = (
                "InternalServiceException" if error.status >= 500 else "InvalidParameterException"
            )
            failed[arn] = {
                "StatusCode": error.status,
                "ErrorCode": code,
                "ErrorMessage": error.message,
            }
    return {"FailedResourcesMap": failed}
