"""Stages: the names under which deployments are served."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway import siblings
from cloudarium.services.apigatewayv2 import apis, deployments, domains, errors, paging, stages


def create_stage(ctx: Context, request: Request) -> Response:
    """Create a stage."""
    api = apis.find(ctx, request["ApiId"])
    return _put(ctx, api, stages.new(ctx, api, request), request)


def get_stage(ctx: Context, request: Request) -> Response:
    """Return a stage."""
    return stages.answer(stages.find(ctx, request["ApiId"], request["StageName"]))


def get_stages(ctx: Context, request: Request) -> Response:
    """Return an API's stages."""
    api = apis.find(ctx, request["ApiId"])
    return paging.page(request, stages.load(ctx, api.id), stages.answer)


def update_stage(ctx: Context, request: Request) -> Response:
    """Change a stage."""
    api = apis.find(ctx, request["ApiId"])
    stage = stages.find(ctx, api.id, request["StageName"])
    stage = stages.changed(ctx, api, stage, request)
    stage = stages.with_members(stage, {"LastUpdatedDate": int(ctx.now)})
    return _put(ctx, api, stage, request)


def _put(ctx: Context, api: apis.Api, stage: stages.Stage, request: Request) -> Response:
    """Store a stage with the deployment a request names, or the newest changes."""
    deployment_id = request.get("DeploymentId")
    if deployment_id:
        if stage.document.get("AutoDeploy"):
            raise errors.DeploymentOfAutoDeploy()
        if deployments.lookup(ctx, api.id, deployment_id) is None:
            raise errors.StageDeploymentInvalid()
        stage = stages.deployed(ctx, stage, deployment_id)
    stages.put(ctx, stage)
    if request.get("AutoDeploy"):
        deployments.changed(ctx, api)
    deployments.served_anew(ctx, api.id)
    return stages.answer(stages.find(ctx, api.id, stage.name))


def delete_stage(ctx: Context, request: Request) -> None:
    """Delete a stage that no domain name is mapped to."""
    stage = stages.find(ctx, request["ApiId"], request["StageName"])
    if mapped := domains.mapped_to(ctx, stage.api_id, stage.name):
        raise errors.StageMapped(stage=stage.name, domains=", ".join(mapped))
    stages.delete(ctx, stage)
    siblings.run(ctx, siblings.REST, "plans:forget_stages", stage.api_id, stage.name)
    deployments.served_anew(ctx, stage.api_id)


def delete_access_log_settings(ctx: Context, request: Request) -> None:
    """Stop a stage's access log."""
    stage = stages.find(ctx, request["ApiId"], request["StageName"])
    stage.document.pop("AccessLogSettings", None)
    stages.put(ctx, stage)
    deployments.served_anew(ctx, stage.api_id)


def delete_route_settings(ctx: Context, request: Request) -> None:
    """Take a route's settings of a stage away."""
    stage = stages.find(ctx, request["ApiId"], request["StageName"])
    if stage.document["RouteSettings"].pop(request["RouteKey"], None) is None:
        raise errors.SettingsNotFound(route_key=request["RouteKey"])
    stages.put(ctx, stage)
    deployments.served_anew(ctx, stage.api_id)
