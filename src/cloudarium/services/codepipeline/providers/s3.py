"""The S3 actions: a version of an object as a source, and files deployed to a bucket.

Source: "Amazon S3 source action reference", "Amazon S3 deploy action reference", User Guide.
"""

from __future__ import annotations

import asyncio
import io
import mimetypes
import zipfile
from collections.abc import Iterator
from typing import Any

from cloudarium.core.errors import AwsError
from cloudarium.services.codepipeline import artifacts, limits
from cloudarium.services.codepipeline.work import Done, Failure, Outcome, Work
from cloudarium.wire.http import Body, content

# The object metadata that says what a version is about (ArtifactRevision, API reference).
_SUMMARY = "codepipeline-artifact-revision-summary"


async def step(work: Work) -> Outcome:
    """Fetch the object, or deploy the artifact."""
    if work.declared["actionTypeId"]["category"] == "Source":
        return await _fetch(work)
    return await _deploy(work)


async def _fetch(work: Work) -> Done:
    """Store the version the execution asks for, or the latest, as the action's artifact."""
    bucket, revisions = work.configuration["S3Bucket"], work.execution.revisions
    name = work.action.name
    key = revisions.get(f"{name}:S3_OBJECT_KEY") or work.configuration["S3ObjectKey"]
    versioning = await work.call("s3", "GetBucketVersioning", {"Bucket": bucket})
    if versioning.get("Status") != "Enabled":
        raise Failure(
            "ConfigurationError",
            f"The source bucket {bucket} does not have versioning enabled. Enable versioning, and "
            "then try again.",
        )
    answer = await _object(work, bucket, key, revisions.get(name))
    version, etag = answer["VersionId"], answer["ETag"].strip('"')
    output = work.declared["outputArtifacts"][0]["name"]
    await artifacts.write(work, output, await content(answer["Body"]), version)
    summary = answer.get("Metadata", {}).get(_SUMMARY) or f"Amazon S3 version id: {version}"
    revision = {
        "name": output,
        "revisionId": version,
        "revisionChangeIdentifier": etag,
        "revisionSummary": summary,
        "created": work.ctx.now,
        "revisionUrl": f"https://console.aws.amazon.com/s3/home?region={work.region}#",
    }
    variables = {"BucketName": bucket, "ETag": etag, "ObjectKey": key, "VersionId": version}
    return Done(variables, revision, external_id=version, summary=summary)


async def _object(work: Work, bucket: str, key: str, version: str | None) -> dict[str, Any]:
    params = {"Bucket": bucket, "Key": key}
    if version is not None:
        params["VersionId"] = version
    try:
        return await work.call("s3", "GetObject", params)
    except AwsError as error:
        if error.code not in ("NoSuchKey", "NoSuchVersion"):
            raise
        raise Failure(
            "ConfigurationError",
            f"The object with key '{key}' does not exist in the source bucket {bucket}. "
            f"{error.message}",
        ) from error


async def _deploy(work: Work) -> Done:
    """Put the artifact, or each of its files, into the bucket."""
    data = await _artifact(work)
    key = work.configuration.get("ObjectKey", "")
    role = await work.principal()
    if work.configuration["Extract"] == "false":
        found: Iterator[tuple[str, bytes]] = iter([(key, data)])
    else:
        prefix = f"{key.strip('/')}/" if key.strip("/") else ""
        found = _files(data, prefix)
    while (one := await asyncio.to_thread(next, found, None)) is not None:
        params = _put(work, *one)
        await work.ctx.call("s3", "PutObject", params, principal=role, region=work.region)
    return Done(summary="Deployment Succeeded")


async def _artifact(work: Work) -> bytes:
    location = artifacts.find(work.action.inputs, work.declared["inputArtifacts"][0]["name"])
    params = {"Bucket": location["bucket"], "Key": location["key"]}
    answer = await work.call("s3", "GetObject", params)
    return await content(answer["Body"])


def _files(data: bytes, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Yield the key and content of each file of a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                if info.file_size > limits.DEPLOYED_FILE_BYTES:
                    raise Failure("ConfigurationError", f"The file {info.filename} is too large")
                yield prefix + info.filename.lstrip("/"), archive.read(info)
    except (RuntimeError, zipfile.BadZipFile) as error:
        raise Failure("ConfigurationError", f"The artifact is no zip file: {error}") from None


def _put(work: Work, key: str, data: bytes) -> dict[str, Any]:
    kind = mimetypes.MimeTypes().guess_type(key)[0] or "application/octet-stream"
    params: dict[str, Any] = {
        "Bucket": work.configuration["BucketName"],
        "Key": key,
        "Body": Body(data),
        "ContentType": kind,
    }
    for member, name in (("ACL", "CannedACL"), ("CacheControl", "CacheControl")):
        if name in work.configuration:
            params[member] = work.configuration[name]
    return params
