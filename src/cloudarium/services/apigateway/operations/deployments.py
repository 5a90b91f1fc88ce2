"""Deployments: snapshots of an API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import apis, deployments, errors, paging, stage_settings
from cloudarium.services.apigateway.patches import Patches, text

_PATCHES = Patches({"/description": text("description", ("replace", "remove"))})


def create_deployment(ctx: Context, request: Request) -> Response:
    """Take a snapshot of an API; with a `stageName`, point that stage to it."""
    api = apis.find(ctx, request["restApiId"])
    given = stage_settings.given(request)
    name = request.get("stageName")
    if request.get("canarySettings"):
        _check_canary(ctx, api, name)
    if name:
        stage_settings.check_name(name)
    deployment = deployments.create(ctx, api, request.get("description"))
    if name and request.get("canarySettings"):
        _set_canary(ctx, deployment, name, request["canarySettings"])
    elif name:
        _point(ctx, deployment, name, given, request.get("stageDescription"))
    return deployments.answer(deployment)


def _check_canary(ctx: Context, api: apis.Api, name: str | None) -> None:
    if not name:
        raise errors.CanaryStageMissing(name="null" if name is None else name)
    if all(stage.name != name for stage in deployments.stages(ctx, api.id)):
        raise errors.CanaryStageUnknown(name=name)


def _point(
    ctx: Context,
    deployment: deployments.Deployment,
    name: str,
    given: dict[str, Any],
    description: str | None,
) -> None:
    known = {one.name: one for one in deployments.stages(ctx, deployment.api_id)}
    stage = known.get(name) or deployments.new_stage(ctx, deployment.api_id, name, deployment.id)
    document = {**stage.document, **given, "lastUpdatedDate": int(ctx.now)}
    if description:
        document["description"] = description
    deployments.put_stage(ctx, replace(stage, deployment_id=deployment.id, document=document))


def _set_canary(
    ctx: Context, deployment: deployments.Deployment, name: str, given: dict[str, Any]
) -> None:
    """Make the deployment the canary of a stage that is there."""
    stage = deployments.find_stage(ctx, deployment.api_id, name)
    settings = stage_settings.canary(given, deployment.id)
    document = {**stage.document, "canarySettings": settings, "lastUpdatedDate": int(ctx.now)}
    deployments.put_stage(ctx, replace(stage, document=document))


def get_deployment(ctx: Context, request: Request) -> Response:
    """Return a deployment, with a summary of its methods if `embed` says `apisummary`."""
    deployment = deployments.find(ctx, request["restApiId"], request["deploymentId"])
    answer = deployments.answer(deployment)
    if "apisummary" in (request.get("embed") or ()):
        answer["apiSummary"] = deployments.summary(ctx, deployment)
    return answer


def get_deployments(ctx: Context, request: Request) -> Response:
    """Return a page of an API's deployments."""
    api = apis.find(ctx, request["restApiId"])
    found = sorted(deployments.load(ctx, api.id), key=lambda one: one.id)
    return paging.page(request, found, lambda one: one.id, deployments.answer)


def update_deployment(ctx: Context, request: Request) -> Response:
    """Change a deployment's description."""
    deployment = deployments.find(ctx, request["restApiId"], request["deploymentId"])
    before = deployments.answer(deployment)
    after = _PATCHES.apply(before, request.get("patchOperations"))
    return deployments.answer(deployments.describe(ctx, deployment, after.get("description")))


def delete_deployment(ctx: Context, request: Request) -> None:
    """Delete a deployment no stage points to."""
    if apis.get(ctx, request["restApiId"]) is None:
        raise errors.DeploymentNotFound()
    deployments.delete(ctx, deployments.find(ctx, request["restApiId"], request["deploymentId"]))
