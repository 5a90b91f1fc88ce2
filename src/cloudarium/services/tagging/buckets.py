"""The tags of S3 buckets, which are replaced as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.core.tags import from_list, to_list

PREFIX = "arn:aws:s3:::"


async def tags(ctx: Context, arn: str, principal: Principal) -> dict[str, str]:
    """Return a bucket's tags."""
    try:
        answer = await ctx.call("s3", "GetBucketTagging", _bucket(arn), principal=principal)
    except AwsError as error:
        if error.code != "NoSuchTagSet":
            raise
        return {}
    return from_list(answer["TagSet"])


async def put(ctx: Context, arn: str, new: Mapping[str, str]) -> None:
    """Add or replace tags."""
    await _replace(ctx, arn, {**await tags(ctx, arn, ctx.principal), **new})


async def remove(ctx: Context, arn: str, keys: Iterable[str]) -> None:
    """Remove tags."""
    old = await tags(ctx, arn, ctx.principal)
    await _replace(ctx, arn, {key: value for key, value in old.items() if key not in set(keys)})


async def _replace(ctx: Context, arn: str, tags: Mapping[str, str]) -> None:
    if tags:
        params = {**_bucket(arn), "Tagging": {"TagSet": to_list(tags)}}
        await ctx.call("s3", "PutBucketTagging", params, principal=ctx.principal)
    else:
        await ctx.call("s3", "DeleteBucketTagging", _bucket(arn), principal=ctx.principal)


def _bucket(arn: str) -> dict[str, str]:
    return {"Bucket": arn.removeprefix(PREFIX)}
