"""Stages: the names under which deployments are served."""

from __future__ import annotations

from dataclasses import replace

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import domains
from cloudarium.gateway.verdicts import Verdicts
from cloudarium.services.apigateway import (
    apis,
    certificates,
    deployments,
    errors,
    parts,
    plans,
    stage_settings,
)
from cloudarium.services.apigateway.serving import cache


def create_stage(ctx: Context, request: Request) -> Response:
    """Create a stage that points to a deployment."""
    api = apis.find(ctx, request["restApiId"])
    name = stage_settings.check_name(request["stageName"])
    given = stage_settings.given(request)
    _check_deployment(ctx, api.id, request["deploymentId"])
    if any(one.name == name for one in deployments.stages(ctx, api.id)):
        raise errors.StageExists()
    _check_documentation(ctx, api.id, request.get("documentationVersion"))
    for member in ("description", "tags", "documentationVersion"):
        if request.get(member):
            given[member] = request[member]
    if request.get("canarySettings"):
        given["canarySettings"] = stage_settings.canary(
            request["canarySettings"], request["deploymentId"]
        )
        _check_deployment(ctx, api.id, given["canarySettings"]["deploymentId"])
    stage = deployments.new_stage(ctx, api.id, name, request["deploymentId"])
    stage = replace(stage, document={**stage.document, **given})
    deployments.put_stage(ctx, stage)
    return deployments.stage_answer(stage)


def get_stage(ctx: Context, request: Request) -> Response:
    """Return a stage."""
    stage = deployments.find_stage(ctx, request["restApiId"], request["stageName"])
    return deployments.stage_answer(stage)


def get_stages(ctx: Context, request: Request) -> Response:
    """Return an API's stages, or those that point to `deploymentId`."""
    api = apis.find(ctx, request["restApiId"])
    wanted = request.get("deploymentId")
    return {
        "item": [
            deployments.stage_answer(stage)
            for stage in deployments.stages(ctx, api.id)
            if not wanted or stage.deployment_id == wanted
        ]
    }


def update_stage(ctx: Context, request: Request) -> Response:
    """Patch a stage."""
    stage = deployments.find_stage(ctx, request["restApiId"], request["stageName"])
    before = {**stage.document, "deploymentId": stage.deployment_id}
    after = stage_settings.patch(before, request.get("patchOperations"))
    deployment_id = after.pop("deploymentId")
    _check_deployment(ctx, stage.api_id, deployment_id)
    if after.get("canarySettings"):
        _check_deployment(ctx, stage.api_id, after["canarySettings"]["deploymentId"])
    if after.get("documentationVersion") != stage.document.get("documentationVersion"):
        _check_documentation(ctx, stage.api_id, after.get("documentationVersion"))
    if after.get("clientCertificateId") != stage.document.get("clientCertificateId"):
        certificates.check(ctx, after.get("clientCertificateId"))
    after["lastUpdatedDate"] = int(ctx.now)
    stage = replace(stage, deployment_id=deployment_id, document=after)
    deployments.put_stage(ctx, stage)
    return deployments.stage_answer(stage)


def delete_stage(ctx: Context, request: Request) -> None:
    """Delete a stage no domain is mapped to; usage plans lose it."""
    stage = deployments.find_stage(ctx, request["restApiId"], request["stageName"])
    if mapped := domains.mapped_to(ctx, stage.api_id, stage.name):
        raise errors.StageMapped(stage=stage.name, domains=", ".join(mapped))
    deployments.delete_stage(ctx, stage)
    plans.forget_stages(ctx, stage.api_id, stage.name)


def flush_stage_cache(ctx: Context, request: Request) -> None:
    """Forget the responses a stage's cache has."""
    stage = deployments.find_stage(ctx, request["restApiId"], request["stageName"])
    ctx.state(cache.Responses).flush(stage.api_id, stage.name)


def flush_stage_authorizers_cache(ctx: Context, request: Request) -> None:
    """Forget the verdicts of a stage's authorizers."""
    stage = deployments.find_stage(ctx, request["restApiId"], request["stageName"])
    ctx.state(Verdicts).flush(stage.api_id, stage.name)


def _check_documentation(ctx: Context, api_id: str, version: str | None) -> None:
    if version and parts.get(ctx, api_id, parts.DOCUMENTATION_VERSION, version) is None:
        raise errors.DocumentationVersionNotFound()


def _check_deployment(ctx: Context, api_id: str, deployment_id: str) -> None:
    if all(one.id != deployment_id for one in deployments.load(ctx, api_id)):
        raise errors.DeploymentInvalid()
