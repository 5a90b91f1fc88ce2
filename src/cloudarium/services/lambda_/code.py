"""Deployment packages: fetched, checked, kept as blobs, unpacked once for the environments."""

from __future__ import annotations

import asyncio
import io
import shutil
import stat
import zipfile
from pathlib import Path
from typing import Any

from cloudarium.core.blobs import Blob
from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.core.runtime import ServiceRuntime
from cloudarium.services.lambda_ import errors, functions, hot, limits
from cloudarium.wire.http import Body, FileBody, HttpRequest, HttpResponse

_FORGET_AFTER = limits.TIMEOUT_SECONDS + 60  # no invocation that began with the code still runs
_EXECUTABLE = 0o111


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
    _check(data)
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


def _check(data: bytes) -> None:
    if not data:
        raise errors.invalid(errors.EMPTY_ZIP)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except zipfile.BadZipFile:
        raise errors.invalid(errors.BAD_ZIP) from None
    if not entries:
        raise errors.invalid(errors.EMPTY_ZIP)
    if sum(entry.file_size for entry in entries) > limits.UNZIPPED_BYTES:
        raise errors.invalid(errors.UNZIPPED_TOO_LARGE.format(limit=limits.UNZIPPED_BYTES))


def _folder(ctx: Context, digest: str) -> Path:
    return ctx.cloud.folder / "lambda" / "code" / digest


async def unpacked(ctx: Context, digest: str) -> Path:
    """The folder with the package's files, unpacked on first use unless it is one (`hot`)."""
    if in_place := hot.folder_of(ctx, digest):
        return in_place
    folder = _folder(ctx, digest)
    if not folder.exists():
        temporary = folder.with_name(f"{digest}.{ctx.ids.hex(8)}")
        await asyncio.to_thread(_unpack, ctx.blobs.path(digest), temporary)
        if folder.exists():
            shutil.rmtree(temporary)
        else:
            temporary.replace(folder)
    return folder


def _unpack(package: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    links = []
    with zipfile.ZipFile(package) as source:
        for entry in source.infolist():
            mode = entry.external_attr >> 16
            if stat.S_ISLNK(mode):
                links.append((entry, source.read(entry).decode()))
                continue
            path = Path(source.extract(entry, folder))
            if path.is_file():
                # AWS's files are read-only, and readable by all whatever the archive says.
                path.chmod(0o444 | (mode & _EXECUTABLE))
    # Links come last: no file can be written through one, to somewhere else.
    for entry, target in links:
        place = folder / entry.filename
        if ".." not in place.parts and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)


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
