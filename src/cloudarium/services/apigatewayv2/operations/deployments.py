"""Deployments: snapshots of APIs."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigatewayv2 import apis, deployments, errors, paging, stages


def create_deployment(ctx: Context, request: Request) -> Response:
    """Take a snapshot of an API, and have a stage serve it if one is named."""
    api = apis.find(ctx, request["ApiId"])
    stage = None
    if request.get("StageName"):
        stage = stages.lookup(ctx, api.id, request["StageName"])
        if stage is None:
            raise errors.DeployedStageMissing(stage=request["StageName"])
        if stage.document.get("AutoDeploy"):
            raise errors.DeploymentOfAutoDeploy()
    deployment = deployments.create(ctx, api, request.get("Description"))
    if stage is not None:
        stages.put(ctx, stages.deployed(ctx, stage, deployment.id))
        deployments.served_anew(ctx, api.id)
    return deployments.answer(deployment)


def get_deployment(ctx: Context, request: Request) -> Response:
    """Return a deployment."""
    api = apis.find(ctx, request["ApiId"])
    return deployments.answer(deployments.find(ctx, api.id, request["DeploymentId"]))


def get_deployments(ctx: Context, request: Request) -> Response:
    """Return an API's deployments, the newest first."""
    api = apis.find(ctx, request["ApiId"])
    return paging.page(request, deployments.load(ctx, api.id), deployments.answer)


def update_deployment(ctx: Context, request: Request) -> Response:
    """Change a deployment's description."""
    api = apis.find(ctx, request["ApiId"])
    deployment = deployments.find(ctx, api.id, request["DeploymentId"])
    if request.get("Description") is not None:
        deployment = deployments.describe(ctx, deployment, request["Description"])
    return deployments.answer(deployment)


def delete_deployment(ctx: Context, request: Request) -> None:
    """Delete a deployment that no stage serves."""
    api = apis.find(ctx, request["ApiId"])
    deployments.delete(ctx, deployments.find(ctx, api.id, request["DeploymentId"]))
