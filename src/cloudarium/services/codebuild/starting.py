"""Starting: a project and a request's overrides make a build."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context, Request
from cloudarium.services.codebuild import builds, errors, projects, sources
from cloudarium.services.codebuild.builds import Build
from cloudarium.services.codebuild.projects import Project


def start(ctx: Context, project: Project, request: Request) -> Build:
    """Make and queue a build."""
    build = _described(ctx, project, request)
    builds.insert(ctx, build, request.get("idempotencyToken"))
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
    build = {**fresh, **{name: earlier[name] for name in kept if name in earlier}}
    builds.insert(ctx, build, None)
    ctx.schedule("run", {"id": build["id"]}, key=build["id"])
    return build


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
        "secondarySources": request.get(
            "secondarySourcesOverride", project.get("secondarySources", [])
        ),
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


def _environment(project: Project, request: Request) -> dict[str, Any]:
    environment = dict(project["environment"])
    if "imageOverride" in request:
        environment["image"] = request["imageOverride"]
    if "computeTypeOverride" in request:
        environment["computeType"] = request["computeTypeOverride"]
    variables = {each["name"]: each for each in environment["environmentVariables"]}
    for each in request.get("environmentVariablesOverride", []):
        if each.get("type", "PLAINTEXT") != "PLAINTEXT":
            raise errors.Unsupported(what=f"The variable type {each['type']}")
        variables[each["name"]] = {"type": "PLAINTEXT", **each}
    return {**environment, "environmentVariables": list(variables.values())}


def _initiator(ctx: Context) -> str:
    principal = ctx.principal
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
