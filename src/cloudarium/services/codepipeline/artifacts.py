"""Artifacts: zip files in the pipeline's S3 bucket, handed from action to action."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.codepipeline import actions, limits
from cloudarium.services.codepipeline.executions import Execution
from cloudarium.services.codepipeline.work import Failure, Work
from cloudarium.wire.http import Body, content

# The object metadata that tells a build which commit its source is.
REVISION = "codepipeline-artifact-revision-id"


def store(ctx: Context, pipeline: dict[str, Any]) -> dict[str, Any]:
    """Return the ArtifactStore a pipeline uses in this region."""
    found: dict[str, Any] = pipeline.get("artifactStore") or pipeline["artifactStores"][ctx.region]
    return found


def allotted(
    ctx: Context, pipeline: dict[str, Any], declared: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return an ArtifactDetail with a new place for every output of an action."""
    folder = pipeline["name"][: limits.PIPELINE_NAME_IN_KEY]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    bucket = store(ctx, pipeline)["location"]
    outputs = []
    for artifact in declared["outputArtifacts"]:
        name = artifact["name"]
        key = f"{folder}/{name[: limits.ARTIFACT_NAME_IN_KEY]}/{ctx.ids.token(7, letters)}.zip"
        outputs.append({"name": name, "s3location": {"bucket": bucket, "key": key}})
    return outputs


def inputs(ctx: Context, execution: Execution, declared: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the ArtifactDetail of every input of an action: what made it in this execution."""
    known = {
        artifact["name"]: artifact
        for action in actions.of_execution(ctx, execution.id)
        if action.status == "Succeeded"
        for artifact in action.outputs
    }
    return [known[one["name"]] for one in declared["inputArtifacts"] if one["name"] in known]


def find(details: list[dict[str, Any]], name: str) -> dict[str, str]:
    """Return the S3 location of the artifact `name`. Raises Failure if it is not among them."""
    for artifact in details:
        if artifact["name"] == name:
            location: dict[str, str] = artifact["s3location"]
            return location
    raise Failure("ConfigurationError", f"The artifact {name} is not an input of this action.")


async def read_file(work: Work, reference: str) -> bytes:
    """Return a file of an input artifact, given as `<artifact>::<path>`."""
    name, _, path = reference.partition("::")
    location = find(work.action.inputs, name)
    params = {"Bucket": location["bucket"], "Key": location["key"]}
    try:
        answer = await work.call("s3", "GetObject", params)
    except AwsError as error:
        raise Failure(
            "ConfigurationError",
            f"Unable to access the artifact with Amazon S3 object key '{location['key']}' located "
            f"in the Amazon S3 artifact bucket '{location['bucket']}'. {error.message}",
        ) from error
    data = await content(answer["Body"])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo(path).file_size <= limits.FILE_BYTES:
                return archive.read(path)
    except (KeyError, RuntimeError, zipfile.BadZipFile):
        raise Failure(
            "ConfigurationError", f"File [{path}] does not exist in artifact [{name}]"
        ) from None
    raise Failure("ConfigurationError", f"File [{path}] is larger than {limits.FILE_BYTES} bytes")


async def write(work: Work, name: str, data: bytes, revision: str | None = None) -> None:
    """Put an output artifact's zip file into its place; a source's says which revision it is."""
    location = find(work.action.outputs, name)
    params: dict[str, Any] = {
        "Bucket": location["bucket"],
        "Key": location["key"],
        "Body": Body(data),
        "ContentType": "application/zip",
    }
    if revision is not None:
        params["Metadata"] = {REVISION: revision}
    try:
        await work.call("s3", "PutObject", params)
    except AwsError as error:
        raise Failure(
            "PermissionError",
            f"Unable to upload the artifact '{name}' to the Amazon S3 artifact bucket "
            f"'{location['bucket']}'. {error.message}",
        ) from error


def zipped(name: str, content: bytes) -> bytes:
    """Return a zip file of one file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()
