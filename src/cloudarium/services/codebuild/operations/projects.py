"""Projects: create, change, describe, delete."""

from __future__ import annotations

import shutil
from typing import Any

from cloudarium.core import pages
from cloudarium.core.context import Context, Request, Response
from cloudarium.services.codebuild import errors, limits, projects, roles, settings

_SETTINGS = (
    "artifacts",
    "cache",
    "concurrentBuildLimit",
    "description",
    "encryptionKey",
    "environment",
    "logsConfig",
    "queuedTimeoutInMinutes",
    "secondaryArtifacts",
    "secondarySources",
    "serviceRole",
    "source",
    "sourceVersion",
    "tags",
    "timeoutInMinutes",
)
_REFUSED = (
    "vpcConfig",
    "badgeEnabled",
    "fileSystemLocations",
    "buildBatchConfig",
    "secondarySourceVersions",
    "autoRetryLimit",
)
# Of artifacts in S3. Source: the AWS CLI's examples of `create-project`.
_ARTIFACTS = {"namespaceType": "NONE", "packaging": "NONE", "encryptionDisabled": False}


def create_project(ctx: Context, request: Request) -> Response:
    """Make a project."""
    name = request["name"]
    if projects.lookup(ctx, name) is not None:
        raise errors.ProjectExists(arn=projects.arn(ctx, name))
    project: dict[str, Any] = {
        "name": name,
        "arn": projects.arn(ctx, name),
        "cache": {"type": "NO_CACHE"},
        "timeoutInMinutes": limits.DEFAULT_TIMEOUT_MINUTES,
        "queuedTimeoutInMinutes": limits.DEFAULT_QUEUED_MINUTES,
        "encryptionKey": f"arn:aws:kms:{ctx.region}:{ctx.account}:alias/aws/s3",
        "badge": {"badgeEnabled": False},
        "tags": [],
        "created": ctx.now,
        "lastModified": ctx.now,
        **_checked(request),
    }
    roles.check(ctx, project["serviceRole"])
    projects.put(ctx, project)
    return {"project": project}


def update_project(ctx: Context, request: Request) -> Response:
    """Change what the request names."""
    project = projects.find(ctx, request["name"])
    changed = {**project, **_checked({**project, **request}), "lastModified": ctx.now}
    if "serviceRole" in request:
        roles.check(ctx, request["serviceRole"])
    projects.put(ctx, changed)
    return {"project": changed}


def delete_project(ctx: Context, request: Request) -> Response:
    """Remove a project and its cache; one that is not there is deleted already."""
    projects.delete(ctx, request["name"].rpartition("/")[2])
    return {}


def batch_get_projects(ctx: Context, request: Request) -> Response:
    """Describe projects; those that do not exist are listed apart."""
    found = {name: projects.lookup(ctx, name) for name in request["names"]}
    return {
        "projects": [project for project in found.values() if project],
        "projectsNotFound": [name for name, project in found.items() if project is None],
    }


def list_projects(ctx: Context, request: Request) -> Response:
    """List the names of projects."""
    names = projects.names(ctx, descending=request.get("sortOrder") == "DESCENDING")
    invalid = errors.InvalidNextToken()
    page, token = pages.page(names, request.get("nextToken"), limits.MAX_NAMES, invalid)
    return {"projects": page, "nextToken": token}


async def invalidate_project_cache(ctx: Context, request: Request) -> Response:
    """Forget what a project's builds have cached."""
    with ctx.transaction():
        project = projects.find(ctx, request["projectName"])
    folder = ctx.cloud.folder / "run" / "cache" / ctx.account / ctx.region / project["name"]
    shutil.rmtree(folder, ignore_errors=True)
    return {}


def _checked(request: Request) -> dict[str, Any]:
    """Return the settings a request names. Raises InvalidInputException."""
    for name in _REFUSED:
        if request.get(name):
            raise errors.Unsupported(what=name)
    settings.check(request)
    environment = {
        "computeType": "BUILD_GENERAL1_SMALL",
        "environmentVariables": [],
        "privilegedMode": False,
        "imagePullCredentialsType": "CODEBUILD",
        **request["environment"],
    }
    environment["environmentVariables"] = [
        {"type": "PLAINTEXT", **variable} for variable in environment["environmentVariables"]
    ]
    settings.check_environment(environment)
    given = {name: request[name] for name in _SETTINGS if name in request}
    if request["source"]["type"] == "S3":
        given["source"] = {"insecureSsl": False, **request["source"]}
    if request["artifacts"]["type"] == "S3":
        defaults = {**_ARTIFACTS, "name": request["name"]}
        given["artifacts"] = {**defaults, **request["artifacts"]}
    return {**given, "environment": environment}
