"""The CodeBuild build and test actions."""

from __future__ import annotations

import json
from typing import Any

from cloudarium.services.codepipeline import artifacts
from cloudarium.services.codepipeline.work import Done, Failure, Outcome, Waiting, Work

# A build tells by an event when it has ended; this is the net under that.
_ASK_AGAIN_SECONDS = 5.0


async def step(work: Work) -> Outcome:
    """Start the build, or look how it stands."""
    if work.action.external_id is None:
        return await _start(work)
    params = {"ids": [work.action.external_id]}
    answer = await work.call("codebuild", "BatchGetBuilds", params)
    if not answer["builds"]:
        raise Failure("JobFailed", f"The build {work.action.external_id} does not exist.")
    build = answer["builds"][0]
    status = build["buildStatus"]
    if status == "IN_PROGRESS":
        return Waiting(_ASK_AGAIN_SECONDS)
    if status == "SUCCEEDED":
        return Done(
            variables={
                one["name"]: one["value"] for one in build.get("exportedEnvironmentVariables", [])
            }
        )
    raise Failure("JobFailed", _reason(status, build))


async def _start(work: Work) -> Outcome:
    params: dict[str, Any] = {
        "projectName": work.configuration["ProjectName"],
        "idempotencyToken": work.action.id,
        "environmentVariablesOverride": _variables(work),
        **_sources(work),
        **_artifacts(work),
    }
    answer = await work.call("codebuild", "StartBuild", params)
    build_id = answer["build"]["id"]
    url = (
        f"https://{work.region}.console.aws.amazon.com/codebuild/home"
        f"?region={work.region}#/builds/{build_id}/view/new"
    )
    return Waiting(_ASK_AGAIN_SECONDS, external_id=build_id, external_url=url)


def _variables(work: Work) -> list[dict[str, str]]:
    text = work.configuration.get("EnvironmentVariables", "[]")
    try:
        given = json.loads(text)
        return [
            {
                "name": one["name"],
                "value": str(one["value"]),
                "type": one.get("type", "PLAINTEXT"),
            }
            for one in given
        ]
    except (ValueError, TypeError, KeyError):
        raise Failure(
            "ConfigurationError", f"The EnvironmentVariables are not valid JSON: {text}"
        ) from None


def _sources(work: Work) -> dict[str, Any]:
    """The primary source and the other inputs, all from the artifact bucket."""
    names = [one["name"] for one in work.declared["inputArtifacts"]]
    primary = work.configuration.get("PrimarySource", names[0])
    if primary not in names:
        raise Failure("ConfigurationError", f"The PrimarySource {primary} is not an input.")
    sources: dict[str, Any] = {
        "sourceTypeOverride": "S3",
        "sourceLocationOverride": _location(work, primary),
    }
    others = [name for name in names if name != primary]
    if others:
        sources["secondarySourcesOverride"] = [
            {"type": "S3", "location": _location(work, name), "sourceIdentifier": name}
            for name in others
        ]
    return sources


def _location(work: Work, name: str) -> str:
    location = artifacts.find(work.action.inputs, name)
    return f"{location['bucket']}/{location['key']}"


def _artifacts(work: Work) -> dict[str, Any]:
    """One output is the build's artifact, several are its secondary ones, by their names."""
    outputs = [_artifact(one) for one in work.action.outputs]
    if not outputs:
        return {"artifactsOverride": {"type": "NO_ARTIFACTS"}}
    if len(outputs) == 1:
        return {"artifactsOverride": outputs[0]}
    return {
        "artifactsOverride": {"type": "NO_ARTIFACTS"},
        "secondaryArtifactsOverride": [
            {**output, "artifactIdentifier": one["name"]}
            for output, one in zip(outputs, work.action.outputs, strict=True)
        ],
    }


def _artifact(detail: dict[str, Any]) -> dict[str, Any]:
    path, _, name = detail["s3location"]["key"].rpartition("/")
    return {
        "type": "S3",
        "location": detail["s3location"]["bucket"],
        "path": path,
        "name": name,
        "namespaceType": "NONE",
        "packaging": "ZIP",
        "overrideArtifactName": False,
    }


def _reason(status: str, build: dict[str, Any]) -> str:
    """Return why a build did not succeed: its status and the phase that failed."""
    text = f"Build terminated with state: {status}"
    for phase in build.get("phases", []):
        contexts = phase.get("contexts", [])
        if phase.get("phaseStatus") not in (None, "SUCCEEDED") and contexts:
            code, message = contexts[0].get("statusCode"), contexts[0].get("message")
            return f"{text}. Phase: {phase['phaseType']}, Code: {code}, Message: {message}"
    return text
