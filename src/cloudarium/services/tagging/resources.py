"""Resources and their tags, asked of the services they are of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.identity import root
from cloudarium.core.tags import from_list, to_list
from cloudarium.services.tagging import buckets, errors
from cloudarium.services.tagging.catalogue import KINDS, Kind, Tags, tags_of

# Whose resources are listed in this region.
_HOME_OF_GLOBAL = "us-east-1"


async def tagged(ctx: Context, types: Iterable[str] = ()) -> dict[str, dict[str, str]]:
    """Return the tags of all resources that have any, by ARN, or of those of some types."""
    wanted = set(types)
    found = {}
    for kind in KINDS:
        if wanted and not wanted & {kind.type, kind.type.partition(":")[0]}:
            continue
        if kind.is_global and ctx.region != _HOME_OF_GLOBAL:
            continue
        async for arn in _arns(ctx, kind):
            if tags := await tags_at(ctx, arn):
                found[arn] = tags
    return dict(sorted(found.items()))


async def _arns(ctx: Context, kind: Kind) -> AsyncIterator[str]:
    asked: list[dict[str, Any]] = [{}]
    if kind.within:
        operation, items, name, member = kind.within
        others = Kind(kind.type, operation, items, name)
        asked = [{member: each} async for each in _listed(ctx, others, {})]
    for params in asked:
        async for value in _listed(ctx, kind, params):
            yield kind.arn.format(
                value=value,
                name=value.rpartition("/")[2],
                service=kind.type.partition(":")[0],
                region=ctx.region,
                account=ctx.account,
            )


async def _listed(ctx: Context, kind: Kind, params: dict[str, Any]) -> AsyncIterator[str]:
    """Yield what a listing operation tells, page by page; the account itself may see it all."""
    given, told = kind.page
    if kind.type == "iam:policy":
        params = {**params, "Scope": "Local"}
    while True:
        answer = await ctx.call(kind.model, kind.operation, params, principal=root(ctx.account))
        for item in answer.get(kind.items) or ():
            yield item[kind.member] if kind.member else item
        if not answer.get(told):
            return
        params = {**params, given: answer[told]}


async def tags_at(ctx: Context, arn: str) -> dict[str, str]:
    """Return a resource's tags. Raises the service's error, or InvalidParameterException."""
    if arn.startswith(buckets.PREFIX):
        return await buckets.tags(ctx, arn, root(ctx.account))
    api = _api(arn)
    answer = await ctx.call(
        api.model, api.operations[0], _named(api, arn), principal=root(ctx.account)
    )
    found = answer.get(api.told) or {}
    return dict(found) if api.pairs is None else from_list(found, api.pairs)


async def put(ctx: Context, arn: str, tags: Mapping[str, str]) -> None:
    """Add or replace tags, as the caller. Raises as `tags_at`."""
    if arn.startswith(buckets.PREFIX):
        await buckets.put(ctx, arn, tags)
        return
    api = _api(arn)
    given = dict(tags) if api.pairs is None else to_list(tags, api.pairs)
    params = {**_named(api, arn), api.given: given}
    await ctx.call(api.model, api.operations[1], params, principal=ctx.principal)


async def remove(ctx: Context, arn: str, keys: list[str]) -> None:
    """Remove tags, as the caller. Raises as `tags_at`."""
    if arn.startswith(buckets.PREFIX):
        await buckets.remove(ctx, arn, keys)
        return
    api = _api(arn)
    params = {**_named(api, arn), api.keys: keys}
    await ctx.call(api.model, api.operations[2], params, principal=ctx.principal)


def _api(arn: str) -> Tags:
    api = tags_of(arn)
    if api is None:
        raise errors.InvalidParameter(message=errors.NOT_TAGGED_HERE.format(arn=arn))
    return api


def _named(api: Tags, arn: str) -> dict[str, Any]:
    return {api.resource: api.name(arn), **dict(api.more)}
