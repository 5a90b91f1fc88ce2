"""Builds: start, stop, describe, delete."""

from __future__ import annotations

from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codebuild import builds, errors, limits, projects, starting
from cloudarium.services.codebuild.builds import Build
from cloudarium.services.codebuild.container import Sandboxes

_INTERNAL = ("artifactsRequested", "secondaryArtifactsRequested")


def start_build(ctx: Context, request: Request) -> Response:
    """Queue a build; one already started with the same token is answered again."""
    project = projects.find(ctx, request["projectName"])
    token = request.get("idempotencyToken")
    known = builds.with_token(ctx, project["name"], token) if token else None
    build = known or starting.start(ctx, project, request)
    return {"build": _shown(build)}


def retry_build(ctx: Context, request: Request) -> Response:
    """Start a finished build once more, as it was."""
    earlier = builds.find(ctx, request.get("id", ""))
    project = projects.find(ctx, earlier["projectName"])
    return {"build": _shown(starting.again(ctx, project, earlier))}


def stop_build(ctx: Context, request: Request) -> Response:
    """Stop a build that is under way."""
    build = builds.find(ctx, request["id"])
    if not build["buildComplete"]:
        builds.request_stop(ctx, build)
        container = ctx.state(Sandboxes).running.get(build["id"])
        if container is not None:
            container.stop()
        build = {**build, "buildStatus": "STOPPED"}
    return {"build": _shown(build)}


def batch_get_builds(ctx: Context, request: Request) -> Response:
    """Describe builds; those that do not exist are listed apart."""
    found = {identifier: builds.lookup(ctx, identifier) for identifier in request["ids"]}
    return {
        "builds": [_shown(build) for build in found.values() if build],
        "buildsNotFound": [identifier for identifier, build in found.items() if build is None],
    }


def list_builds(ctx: Context, request: Request) -> Response:
    """List build ids, newest first unless asked otherwise."""
    return _page(ctx, request, None)


def list_builds_for_project(ctx: Context, request: Request) -> Response:
    """List a project's build ids, newest first unless asked otherwise."""
    project = projects.find(ctx, request["projectName"])
    return _page(ctx, request, project["name"])


def batch_delete_builds(ctx: Context, request: Request) -> Response:
    """Remove finished builds."""
    deleted, kept = [], []
    for identifier in request["ids"]:
        build = builds.lookup(ctx, identifier)
        if build is None:
            continue
        if build["buildComplete"]:
            builds.delete(ctx, build)
            deleted.append(build["arn"])
        else:
            kept.append({"id": build["arn"], "statusCode": "BUILD_IN_PROGRESS"})
    answer: Response = {"buildsDeleted": deleted} if deleted else {}
    if kept:
        answer["buildsNotDeleted"] = kept
    return answer


def _page(ctx: Context, request: Request, project: str | None) -> Response:
    ids = builds.ids(ctx, project, descending=request.get("sortOrder") != "ASCENDING")
    invalid = errors.InvalidNextToken()
    page, token = pages.page(ids, request.get("nextToken"), limits.MAX_NAMES, invalid)
    return {"ids": page, "nextToken": token}


def _shown(build: Build) -> dict[str, Any]:
    return {name: value for name, value in build.items() if name not in _INTERNAL}
