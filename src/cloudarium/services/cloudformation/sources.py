"""Where a template comes from: the request's body, or an object in S3."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.identity import Principal
from cloudarium.services.cloudformation import limits
from cloudarium.services.cloudformation.errors import invalid
from cloudarium.wire.http import content

_VIRTUAL_HOST = re.compile(r"(?P<bucket>[a-z0-9][a-z0-9.-]+)\.s3[.-](?:[a-z0-9-]+\.)*[a-z]+")
# The last one is what LocalStack's tools call this machine.
_PATH_HOST = re.compile(r"(?:s3[.-].*|localhost|127\.0\.0\.1|\[::1\]|localhost\.localstack\.cloud)")


async def submitted(ctx: Context, request: dict[str, Any]) -> str | None:
    """Return the template text a request brings, or None if it brings none."""
    body, url = request.get("TemplateBody"), request.get("TemplateURL")
    if body is not None and url is not None:
        raise invalid("Only one of TemplateBody or TemplateURL can be specified.")
    if url is not None:
        return await fetched(ctx, url, ctx.principal)
    if body is not None and len(body.encode()) > limits.TEMPLATE_BODY_BYTES:
        raise invalid(
            f"1 validation error detected: Value '{body}' at 'templateBody' failed to satisfy "
            "constraint: Member must have length less than or equal to "
            f"{limits.TEMPLATE_BODY_BYTES}"
        )
    return body


async def fetched(ctx: Context, url: str, principal: Principal) -> str:
    """Return the template at an S3 address, read as `principal`."""
    bucket, key = location(url)
    try:
        answer = await ctx.call(
            "s3", "GetObject", {"Bucket": bucket, "Key": key}, principal=principal
        )
    except AwsError as error:
        raise invalid(f"S3 error: {error.message}") from None
    if answer["ContentLength"] > limits.TEMPLATE_URL_BYTES:
        raise invalid("Template may not exceed 1000000 bytes in size.")
    return (await content(answer["Body"])).decode(errors="replace")


def location(url: str) -> tuple[str, str]:
    """Return the bucket and key of an S3 address, in virtual-hosted or path style, or `s3://`."""
    parts = urlsplit(url)
    path = unquote(parts.path.lstrip("/"))
    host = parts.hostname or ""
    if parts.scheme == "s3":
        return host, path
    if parts.scheme not in ("http", "https"):
        raise invalid("TemplateURL must be a supported URL.")
    if _PATH_HOST.fullmatch(host) and "/" in path:
        bucket, _, key = path.partition("/")
        return bucket, key
    if (match := _VIRTUAL_HOST.fullmatch(host)) and path:
        return match["bucket"], path
    raise invalid("TemplateURL must be a supported URL.")
