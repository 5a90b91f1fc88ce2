"""A build, from its queue to its end: one job, begun anew after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.services.codebuild import builds, limits
from cloudarium.services.codebuild.builds import Build
from cloudarium.services.codebuild.buildspec import Phase
from cloudarium.services.codebuild.container import Container, Sandboxes
from cloudarium.services.codebuild.errors import PhaseFailed
from cloudarium.services.codebuild.image import Image
from cloudarium.services.codebuild.job import Job
from cloudarium.services.codebuild.progress import Progress

# A phase after whose failure nothing more is run; a failed BUILD is still followed by POST_BUILD.
_DECISIVE = ("install", "pre_build")


async def run(ctx: Context, payload: dict[str, Any]) -> None:
    """Run the build `payload["id"]`, unless it has ended."""
    with ctx.transaction():
        build = builds.lookup(ctx, payload["id"])
    if build is None or build["buildComplete"]:
        return
    progress = Progress(ctx, build)
    progress.restart()
    sandboxes = ctx.state(Sandboxes)
    container = Container(
        sandboxes.sandbox,
        ctx.state(Image),
        sandboxes.folder / build["id"].rpartition(":")[2],
        "/bin/sh",
        limits.MEMORY_MEGABYTES.get(build["environment"]["computeType"], 0),
    )
    sandboxes.running[build["id"]] = container
    try:
        status = await _attempt(ctx, build, progress, container)
    finally:
        del sandboxes.running[build["id"]]
        await asyncio.to_thread(container.close)
    progress.finish(status)


async def _attempt(ctx: Context, build: Build, progress: Progress, container: Container) -> str:
    """Go through the phases; return the build's status."""
    with ctx.transaction():
        container.stopped = builds.stopping(ctx, build)
    job = Job(ctx, build, progress, container)
    try:
        async with asyncio.timeout(build["timeoutInMinutes"] * 60):
            succeeded = await _phases(job, progress)
    except TimeoutError:
        container.stop()
        progress.end("TIMED_OUT", "BUILD_TIMED_OUT", "Build has timed out.")
        return "TIMED_OUT"
    if container.stopped:
        return "STOPPED"
    return "SUCCEEDED" if succeeded else "FAILED"


async def _phases(job: Job, progress: Progress) -> bool:
    succeeded = await _phase(progress, "PROVISIONING", job.provision) and await _phase(
        progress, "DOWNLOAD_SOURCE", job.download
    )
    if not succeeded:
        return False
    for name in ("install", "pre_build", "build", "post_build"):
        phase = job.phase(name)
        if await _phase(progress, name.upper(), _commands(job, phase)):
            continue
        if phase.on_failure == "CONTINUE":
            continue
        succeeded = False
        job.failed()
        if name in _DECISIVE:
            break
    if succeeded:
        succeeded = await _phase(progress, "UPLOAD_ARTIFACTS", job.upload)
    return await _phase(progress, "FINALIZING", job.finalize) and succeeded


def _commands(job: Job, phase: Phase) -> Callable[[], Awaitable[None]]:
    async def run_all() -> None:
        try:
            for command in phase.commands:
                await job.command(command)
        finally:
            for command in phase.finally_:
                await job.command(command)

    return run_all


async def _phase(progress: Progress, name: str, work: Callable[[], Awaitable[None]]) -> bool:
    """Go through one phase; tell whether it succeeded."""
    progress.begin(name)
    try:
        await work()
    except PhaseFailed as failure:
        progress.end("FAILED", failure.code, failure.message)
        return False
    except AwsError as error:
        progress.end("FAILED", "CLIENT_ERROR", f"{error.code}: {error.message}")
        return False
    progress.end("SUCCEEDED")
    return True
