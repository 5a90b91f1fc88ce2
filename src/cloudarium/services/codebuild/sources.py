"""Where a build's source comes from."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloudarium.functions.processes import Lines
from cloudarium.services.codebuild import files
from cloudarium.services.codebuild.errors import PhaseFailed
from cloudarium.wire.http import content

if TYPE_CHECKING:
    from cloudarium.services.codebuild.job import Job

SUPPORTED = ("CODECOMMIT", "CODEPIPELINE", "NO_SOURCE", "S3")
_HELPER = "!aws codecommit credential-helper $@"


async def fetch(job: Job, source: dict[str, Any], folder: Path) -> None:
    """Fetch a source into `folder`. Raises PhaseFailed."""
    if source["type"] == "S3":
        await _fetch_s3(job, source, folder)
    elif source["type"] == "CODECOMMIT":
        await _clone(job, source["location"], folder)


async def _fetch_s3(job: Job, source: dict[str, Any], folder: Path) -> None:
    bucket, _, key = source["location"].removeprefix("arn:aws:s3:::").partition("/")
    params = {"Bucket": bucket, "Key": key}
    answer = await job.ctx.call("s3", "GetObject", params, principal=job.role)
    # CodePipeline marks its source artifacts with the commit they were made of.
    revision = answer.get("Metadata", {}).get("codepipeline-artifact-revision-id")
    if revision and source is job.build["source"]:
        job.resolve(revision)
    data = await content(answer["Body"])
    await asyncio.to_thread(files.unzip, data, folder)


async def _clone(job: Job, location: str, folder: Path) -> None:
    """Clone with the real git, in the container, under the build's role."""
    place = shlex.quote(f"{job.container.seen}/{folder.name}")
    version = job.build.get("sourceVersion") or "HEAD"
    options = f"-c credential.helper={shlex.quote(_HELPER)} -c credential.UseHttpPath=true"
    command = (
        f"git {options} clone --quiet {shlex.quote(location)} {place} && "
        f"git -C {place} checkout --quiet {shlex.quote(version)} && "
        f"git -C {place} rev-parse HEAD"
    )
    lines = Lines()
    status = await job.container.run(command, lines)
    output = b"\n".join(lines.kept).decode("utf-8", "replace")
    if status != 0:
        raise PhaseFailed("GIT_CLONE_FAILED", f"Git clone failed: {output.strip()}")
    job.resolve(output.split()[-1])


def specification(source: dict[str, Any], folder: Path) -> str:
    """Return the text of the build specification: given inline, or a file of the source."""
    given = source.get("buildspec", "")
    if "\n" in given or given.lstrip().startswith(("version", "{")):
        return str(given)
    path = (folder / (given or "buildspec.yml")).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise PhaseFailed("YAML_FILE_ERROR", "YAML file does not exist")
    return path.read_text(errors="replace")
