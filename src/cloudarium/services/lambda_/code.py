"""Deployment packages: fetched, checked, kept as blobs, unpacked once for the environments."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

from cloudarium.core.blobs import Blob
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.lambda_ import errors, functions, hot, limits, packages
from cloudarium.wire.http import Body, FileBody, HttpRequest, HttpResponse

_FORGET_AFTER = limits.TIMEOUT_SECONDS + 60  # no invocation that began with the code still runs


async def store(ctx: Context, source: dict[str, Any]) -> Blob:
    """Fetch and keep a deployment package; `source` is FunctionCode or UpdateFunctionCode's input.

    S3 is read with the caller's permissions. Raises InvalidParameterValueException,
    RequestEntityTooLargeException and AccessDeniedException.
    """
    if source.get("S3ObjectStorageMode") == "REFERENCE" or source.get("SourceKMSKeyArn"):
        raise errors.invalid(errors.NOT_SUPPORTED.format(name="S3ObjectStorageMode"))
    if source.get("ZipFile") and source.get("S3Bucket"):
        raise errors.invalid(errors.TWO_CODES)
    if bool(source.get("S3Bucket")) != bool(source.get("S3Key")):
        raise errors.invalid(errors.HALF_AN_OBJECT)
    if source.get("S3Bucket") == hot.BUCKET and source.get("S3Key"):
        return await hot.store(ctx, source["S3Key"])
    if "ZipFile" in source:
        data = source["ZipFile"]
        if len(data) > limits.ZIPPED_BYTES:
            raise errors.package_too_large(limits.ZIPPED_BYTES)
    elif source.get("S3Bucket") and source.get("S3Key"):
        data = await _from_s3(ctx, source)
    else:
        raise errors.invalid(errors.NO_CODE)
    packages.check(data)
    return await ctx.blobs.put(data)


async def _from_s3(ctx: Context, source: dict[str, Any]) -> bytes:
    bucket, key = source["S3Bucket"], source["S3Key"]
    params = {"Bucket": bucket, "Key": key}
    if source.get("S3ObjectVersion"):
        params["VersionId"] = source["S3ObjectVersion"]
    try:
        answer = await ctx.call("s3", "GetObject", params, principal=ctx.principal)
    except AwsError as error:
        raise errors.code_not_readable(bucket, key, error) from None
    return await _read(answer["Body"])


async def _read(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, Body):
        return body.read()
    if isinstance(body, FileBody):
        with body.path.open("rb") as file:
            file.seek(body.offset)
            return file.read(body.length)
    return b"".join([part async for part in body])


def _folder(ctx: Context, digest: str) -> Path:
    return ctx.cloud.folder / "lambda" / "code" / digest


async def unpacked(ctx: Context, digest: str) -> Path:
    """The folder with the package's files, unpacked on first use unless it is one (`hot`).

    Raises InvalidZipFileException.
    """
    if in_place := hot.folder_of(ctx, digest):
        return in_place
    folder = _folder(ctx, digest)
    if not folder.exists():
        temporary = folder.with_name(f"{digest}.{ctx.ids.hex(8)}")
        try:
            await asyncio.to_thread(packages.unpack, ctx.blobs.path(digest), temporary)
            if not folder.exists():
                temporary.replace(folder)
        except packages.Broken:
            raise errors.not_unpacked() from None
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    return folder


def let_go(ctx: Context, digest: str) -> None:
    """A version has stopped using this package: remove it later if none uses it then."""
    ctx.schedule("forget_code", {"digest": digest}, at=ctx.now + _FORGET_AFTER, key=digest)


def forget(ctx: Context, payload: dict[str, Any]) -> None:
    """Job: remove a package that no version uses."""
    digest = payload["digest"]
    if not functions.is_code_used(ctx, digest):
        ctx.blobs.delete(digest)
        shutil.rmtree(_folder(ctx, digest), ignore_errors=True)


async def location(ctx: Context, digest: str) -> str:
    """A URL of the package. Who knows the digest knows the content, so it needs no signature."""
    return f"{await ctx.endpoint()}/_cloudarium/lambda/code/{digest}"


async def download(runtime: ServiceRuntime, request: HttpRequest) -> HttpResponse:
    """Serve a package at its `location`."""
    digest = request.path.rpartition("/")[2]
    path = runtime.blobs.path(digest)
    if len(digest) != 64 or not digest.isalnum() or not path.exists():
        return HttpResponse(404)
    headers = [("Content-Type", "application/zip")]
    return HttpResponse(200, headers, FileBody(path, 0, path.stat().st_size))
