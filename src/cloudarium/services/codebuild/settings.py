"""What CodeBuild refuses about a project's settings, in its words.

Source: cdk-preflight's rules for CodeBuild, measured on AWS in September 2026.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cloudarium.services.codebuild import errors, sources

_WITHOUT_LOCATION = ("CODEPIPELINE", "NO_SOURCE")
_SUBMODULES = {"S3": "S3", "CODEPIPELINE": "CodePipeline"}


def check(request: Mapping[str, Any]) -> None:
    """Raise InvalidInputException for settings that CodeBuild, or Cloudarium, does not take."""
    _check_limit(request)
    source, artifacts = request["source"], request["artifacts"]
    if (source["type"] == "CODEPIPELINE") != (artifacts["type"] == "CODEPIPELINE"):
        raise errors.invalid_input(
            "when using CodePipeline both sourceType, and artifactType must be set to: CODEPIPELINE"
        )
    _check_source(source)
    _check_secondary_sources(request.get("secondarySources", []))
    if source["type"] == "NO_SOURCE" and not source.get("buildspec"):
        raise errors.BadSource(reason="NO_SOURCE needs an inline buildspec")
    _check_artifacts(artifacts)
    _check_secondary_artifacts(request.get("secondaryArtifacts", []))
    _check_cache(request.get("cache", {}), source["type"])
    logs = request.get("logsConfig", {}).get("s3Logs", {})
    if logs.get("status") == "ENABLED" and not logs.get("location"):
        raise errors.Invalid(
            message="Invalid logsConfig: s3Logs location must be provided if status is 'ENABLED'"
        )


def check_environment(environment: Mapping[str, Any]) -> None:
    """Raise InvalidInputException for an environment that is not taken."""
    kind, compute = environment["type"], environment["computeType"]
    by_lambda = "LAMBDA" in kind
    if compute.startswith("BUILD_LAMBDA") and not by_lambda:
        raise errors.Invalid(message="Invalid compute type provided")
    if compute.startswith("BUILD_GENERAL1") and by_lambda:
        raise errors.Invalid(message=f"Compute type {compute} is not supported for {kind}")
    if environment["privilegedMode"] and by_lambda:
        raise errors.Invalid(message="Cannot specify privilegedMode for lambda compute")
    if environment["privilegedMode"] and kind.startswith("WINDOWS"):
        raise errors.Invalid(message=f"PrivilegedMode is not supported for {kind} projects")
    pulled_by = environment["imagePullCredentialsType"]
    if environment["image"].startswith("aws/codebuild/") and pulled_by != "CODEBUILD":
        raise errors.invalid_input(
            f"cannot use a CodeBuild curated image with imagePullCredentialsType {pulled_by}"
        )
    _check_variables(environment["environmentVariables"])
    if not kind.startswith(("LINUX", "ARM")):
        raise errors.Unsupported(what=f"The environment type {kind}")
    if environment["privilegedMode"]:
        raise errors.Unsupported(what="Privileged mode")


def _check_variables(variables: Sequence[Mapping[str, Any]]) -> None:
    names = [variable["name"] for variable in variables]
    if any(name.startswith("CODEBUILD_") for name in names):
        raise errors.Invalid(message="No user environment variables can start with CODEBUILD_")
    if len(set(names)) != len(names):
        raise errors.Invalid(message="EnvironmentVariable name cannot be duplicated")
    for variable in variables:
        if variable["type"] == "SECRETS_MANAGER":
            raise errors.Unsupported(what=f"The variable type {variable['type']}")


def _check_limit(request: Mapping[str, Any]) -> None:
    if request.get("concurrentBuildLimit", 1) < 1:
        raise errors.Invalid(
            message="Project level concurrent builds limit should be greater than 0"
        )


def _check_source(source: Mapping[str, Any]) -> None:
    kind = source["type"]
    if kind not in _WITHOUT_LOCATION and not source.get("location"):
        raise errors.Invalid(message="Project source location is required")
    if kind == "NO_SOURCE" and source.get("location"):
        raise errors.invalid_input("source location must be empty for source type NO_SOURCE")
    if kind not in sources.SUPPORTED:
        raise errors.Unsupported(what=f"The source type {kind}")
    if "reportBuildStatus" in source:
        raise errors.Invalid(message=f"Source type {kind} does not support ReportBuildStatus")
    if kind in _SUBMODULES and "gitSubmodulesConfig" in source:
        raise errors.Invalid(
            message=f"Git submodules config is not supported for {_SUBMODULES[kind]} source"
        )


def _check_secondary_sources(found: Sequence[Mapping[str, Any]]) -> None:
    for source in found:
        _check_source(source)
    _check_identifiers(found, "sourceIdentifier", "sources")
    places = [source["location"] for source in found if source.get("location")]
    if len(set(places)) != len(places):
        raise errors.invalid_input("conflicting source locations")


def _check_artifacts(artifacts: Mapping[str, Any]) -> None:
    if artifacts["type"] == "S3" and not artifacts.get("location"):
        raise errors.BadArtifacts(reason="location is required")
    if artifacts["type"] == "NO_ARTIFACTS":
        for member in ("location", "encryptionDisabled"):
            if artifacts.get(member):
                raise errors.BadArtifacts(
                    reason=f"artifact type NO_ARTIFACTS should have null {member}"
                )


def _check_secondary_artifacts(found: Sequence[Mapping[str, Any]]) -> None:
    for artifacts in found:
        if artifacts["type"] != "S3":
            raise errors.invalid_input(
                f"artifactType {artifacts['type']} is not allowed for secondaryArtifacts"
            )
        _check_artifacts(artifacts)
    _check_identifiers(found, "artifactIdentifier", "artifacts")


def _check_identifiers(found: Sequence[Mapping[str, Any]], member: str, what: str) -> None:
    identifiers = [each.get(member) for each in found]
    if not all(identifiers):
        raise errors.invalid_input(f"{member} is required for secondary {what}")
    if len(set(identifiers)) != len(identifiers):
        raise errors.invalid_input(f"{member} cannot be duplicated")


def _check_cache(cache: Mapping[str, Any], source: str) -> None:
    if cache.get("type") == "S3" and "/" not in cache.get("location", ""):
        raise errors.Invalid(
            message="Invalid cache: location must be a valid S3 bucket, followed by slash and the "
            "prefix"
        )
    if cache.get("type") == "S3":
        raise errors.Unsupported(what="The cache type S3")
    if cache.get("type") != "LOCAL":
        return
    if not cache.get("modes"):
        raise errors.Invalid(message="At least one mode must be provided for cache type: LOCAL")
    if "LOCAL_SOURCE_CACHE" in cache["modes"] and source == "NO_SOURCE":
        raise errors.Invalid(
            message="Cache mode LOCAL_SOURCE_CACHE is not available for source type NO_SOURCE"
        )
