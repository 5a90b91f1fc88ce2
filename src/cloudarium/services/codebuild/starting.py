"""Starting: a project and a request's overrides make a build."""

from __future__ import annotations

import re
from typing import Any

from cloudarium.core.arn import parse
from cloudarium.core.context import Context, Request
from cloudarium.services.codebuild import builds, errors, projects, roles, sources
from cloudarium.services.codebuild.builds import Build
from cloudarium.services.codebuild.projects import Project

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,127}")


def start(ctx: Context, project: Project, request: Request) -> Build:
    """Make and queue a build. Raises InvalidInputException if its role cannot be assumed."""
    roles.check(ctx, str(request.get("serviceRoleOverride", project["serviceRole"])))
    return _queued(ctx, _described(ctx, project, request), request.get("idempotencyToken"))


def _queued(ctx: Context, build: Build, token: str | None) -> Build:
    builds.insert(ctx, build, token)
    builds.announce_state(ctx, build)
    ctx.schedule("run", {"id": build["id"]}, key=build["id"])
    return build


def again(ctx: Context, project: Project, earlier: Build) -> Build:
    """Make and queue a build like an earlier one."""
    fresh = _described(ctx, project, {"projectName": project["name"]})
    kept = (
        "source",
        "secondarySources",
        "environment",
        "sourceVersion",
        "artifactsRequested",
        "secondaryArtifactsRequested",
    )
    return _queued(
        ctx, {**fresh, **{name: earlier[name] for name in kept if name in earlier}}, None
    )


def _described(ctx: Context, project: Project, request: Request) -> Build:
    uuid = ctx.ids.uuid()
    identifier = f"{project['name']}:{uuid}"
    source = _source(project, request)
    artifacts = request.get("artifactsOverride", project["artifacts"])
    build: Build = {
        "id": identifier,
        "arn": ctx.arn(f"build/{identifier}"),
        "buildNumber": projects.next_number(ctx, project["name"]),
        "projectName": project["name"],
        "startTime": ctx.now,
        "currentPhase": "QUEUED",
        "buildStatus": "IN_PROGRESS",
        "buildComplete": False,
        "phases": [],
        "source": source,
        "secondarySources": _secondary_sources(project, request),
        "artifacts": {"location": ""},
        "artifactsRequested": artifacts,
        "secondaryArtifactsRequested": request.get(
            "secondaryArtifactsOverride", project.get("secondaryArtifacts", [])
        ),
        "cache": request.get("cacheOverride", project["cache"]),
        "environment": _environment(project, request),
        "serviceRole": request.get("serviceRoleOverride", project["serviceRole"]),
        "timeoutInMinutes": request.get("timeoutInMinutesOverride", project["timeoutInMinutes"]),
        "queuedTimeoutInMinutes": project["queuedTimeoutInMinutes"],
        "initiator": _initiator(ctx),
        "encryptionKey": project["encryptionKey"],
        "logs": _logs(ctx, project, request, uuid),
    }
    version = request.get("sourceVersion", project.get("sourceVersion"))
    if version:
        build["sourceVersion"] = version
    return build


def _source(project: Project, request: Request) -> dict[str, Any]:
    source = dict(project["source"])
    overrides = {
        "type": "sourceTypeOverride",
        "location": "sourceLocationOverride",
        "buildspec": "buildspecOverride",
    }
    source.update({key: request[name] for key, name in overrides.items() if name in request})
    if source["type"] not in sources.SUPPORTED:
        raise errors.Unsupported(what=f"The source type {source['type']}")
    if source["type"] == "CODEPIPELINE":
        raise errors.BadSource(
            reason="A build of a project whose source is CODEPIPELINE is started by its pipeline"
        )
    return source


def _secondary_sources(project: Project, request: Request) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = project.get("secondarySources", [])
    if "secondarySourcesOverride" in request:
        found = request["secondarySourcesOverride"]
    for source in found:
        # It becomes the name of the folder the source is fetched into.
        if not _IDENTIFIER.fullmatch(source.get("sourceIdentifier", "")):
            raise errors.BadSource(reason="A secondary source needs a valid sourceIdentifier")
    return found


def _environment(project: Project, request: Request) -> dict[str, Any]:
    environment = dict(project["environment"])
    if "imageOverride" in request:
        environment["image"] = request["imageOverride"]
    if "computeTypeOverride" in request:
        environment["computeType"] = request["computeTypeOverride"]
    variables = {each["name"]: each for each in environment["environmentVariables"]}
    for each in request.get("environmentVariablesOverride", []):
        if each.get("type") == "SECRETS_MANAGER":
            raise errors.Unsupported(what="The variable type SECRETS_MANAGER")
        variables[each["name"]] = {"type": "PLAINTEXT", **each}
    return {**environment, "environmentVariables": list(variables.values())}


def _initiator(ctx: Context) -> str:
    """Who starts the build: a pipeline or rule on whose behalf its role does, or the caller."""
    source, principal = parse(str(ctx.conditions.get("aws:SourceArn", ""))), ctx.principal
    if source is not None and source.service == "codepipeline":
        return f"codepipeline/{source.resource}"
    if source is not None and source.service == "events":
        return source.resource
    if principal.kind == "role":
        return principal.arn.split("assumed-role/")[-1]
    return principal.arn.rpartition(":")[2] if principal.kind == "user" else principal.name


def _logs(ctx: Context, project: Project, request: Request, uuid: str) -> dict[str, Any]:
    config: dict[str, Any] = request.get("logsConfigOverride") or project.get("logsConfig", {})
    cloudwatch = {"status": "ENABLED", **config.get("cloudWatchLogs", {})}
    group = cloudwatch.get("groupName", f"/aws/codebuild/{project['name']}")
    prefix = cloudwatch.get("streamName")
    stream = f"{prefix}/{uuid}" if prefix else uuid
    return {
        "groupName": group,
        "streamName": stream,
        "cloudWatchLogsArn": ctx.arn(f"log-group:{group}:log-stream:{stream}", "logs"),
        "cloudWatchLogs": cloudwatch,
    }
