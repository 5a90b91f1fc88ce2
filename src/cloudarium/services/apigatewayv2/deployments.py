"""Deployments, which are snapshots of an API; how changes reach stages with AutoDeploy."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from typing import Any

from cloudarium.core.context import Context
from cloudarium.gateway import aws_actions
from cloudarium.services.apigatewayv2 import apis, errors, parts, routes, stages
from cloudarium.services.apigatewayv2.serving.served import Served

Document = dict[str, Any]
_UNSUPPORTED = ("apigateway", "apigatewaymanagementapi", "execute-api")
_AUTOMATIC = "Automatic deployment triggered by changes to the Api configuration"


@dataclass(frozen=True)
class Deployment:
    """One deployment; its snapshot is read only to serve it. `document` is the reference's."""

    api_id: str
    id: str
    created_at: float
    document: Document


def snapshot(ctx: Context, api: apis.Api) -> Document:
    """Return everything that decides how the API serves requests, as it now is."""
    return {
        "api": {**api.document, "ApiId": api.id},
        "routes": parts.load(ctx, api.id, parts.ROUTE),
        "integrations": parts.load(ctx, api.id, parts.INTEGRATION),
        "authorizers": parts.load(ctx, api.id, parts.AUTHORIZER),
        "models": parts.load(ctx, api.id, parts.MODEL),
        "routeResponses": parts.load_all(ctx, api.id, parts.ROUTE_RESPONSE),
        "integrationResponses": parts.load_all(ctx, api.id, parts.INTEGRATION_RESPONSE),
    }


def create(
    ctx: Context, api: apis.Api, description: str | None = None, *, automatic: bool = False
) -> Deployment:
    """Take a snapshot of the API. Raises NothingToDeploy if it has no route.

    Raises ServiceUnsupported for integrations with API Gateway itself (public tests on AWS).
    """
    taken = snapshot(ctx, api)
    if not taken["routes"]:
        raise errors.NothingToDeploy()
    for route in taken["routes"].values() if not api.is_http else ():
        integration = taken["integrations"].get(routes.integration_id(route)) or {}
        where = aws_actions.target(integration.get("IntegrationUri") or "")
        if where is not None and where.service in _UNSUPPORTED:
            raise errors.ServiceUnsupported(service=where.service)
    document: Document = {"AutoDeployed": automatic, "DeploymentStatus": "DEPLOYED"}
    if description:
        document["Description"] = description
    deployment = Deployment(api.id, apis.new_id(ctx), ctx.now, document)
    ctx.db.execute(
        "INSERT INTO deployments VALUES (?, ?, ?, ?, ?)",
        (api.id, deployment.id, ctx.now, json.dumps(document), json.dumps(taken)),
    )
    return deployment


def changed(ctx: Context, api: apis.Api) -> None:
    """Deploy the API to its stages with AutoDeploy, and serve it anew after the commit.

    To be called whenever something of an API changed. The deployments made for those stages
    before are forgotten.
    """
    served_anew(ctx, api.id)
    automatic = [one for one in stages.load(ctx, api.id) if one.document.get("AutoDeploy")]
    if not automatic or not parts.load(ctx, api.id, parts.ROUTE):
        return
    deployment = create(ctx, api, _AUTOMATIC, automatic=True)
    for stage in automatic:
        stages.put(ctx, stages.deployed(ctx, stage, deployment.id))
    ctx.db.execute(
        "DELETE FROM deployments WHERE api_id = ? AND json_extract(document, '$.AutoDeployed') "
        "AND id NOT IN (SELECT deployment_id FROM stages WHERE api_id = ? AND deployment_id "
        "IS NOT NULL)",
        (api.id, api.id),
    )


def served_anew(ctx: Context, api_id: str) -> None:
    """Have the API read anew by the data plane once this transaction has committed."""
    served = ctx.state(Served)
    ctx.runtime.store.after_commit(lambda: served.forget(api_id))


def lookup(ctx: Context, api_id: str, deployment_id: str) -> Deployment | None:
    """Return a deployment, if there is one of this id."""
    row = ctx.db.execute(
        "SELECT api_id, id, created_at, document FROM deployments WHERE api_id = ? AND id = ?",
        (api_id, deployment_id),
    ).fetchone()
    return None if row is None else _of_row(row)


def find(ctx: Context, api_id: str, deployment_id: str) -> Deployment:
    """Return the deployment, or raise DeploymentNotFound."""
    deployment = lookup(ctx, api_id, deployment_id)
    if deployment is None:
        raise errors.DeploymentNotFound()
    return deployment


def load(ctx: Context, api_id: str) -> list[Deployment]:
    """Return an API's deployments, the newest first."""
    rows = ctx.db.execute(
        "SELECT api_id, id, created_at, document FROM deployments WHERE api_id = ? "
        "ORDER BY rowid DESC",
        (api_id,),
    )
    return [_of_row(row) for row in rows]


def _of_row(row: sqlite3.Row) -> Deployment:
    return Deployment(row["api_id"], row["id"], row["created_at"], json.loads(row["document"]))


def load_snapshot(ctx: Context, api_id: str, deployment_id: str) -> Document:
    """Return what a deployment took down of its API."""
    row = ctx.db.execute(
        "SELECT snapshot FROM deployments WHERE api_id = ? AND id = ?", (api_id, deployment_id)
    ).fetchone()
    found: Document = json.loads(row["snapshot"])
    return found


def describe(ctx: Context, deployment: Deployment, description: str) -> Deployment:
    """Store another description."""
    document = {**deployment.document, "Description": description}
    ctx.db.execute(
        "UPDATE deployments SET document = ? WHERE api_id = ? AND id = ?",
        (json.dumps(document), deployment.api_id, deployment.id),
    )
    return replace(deployment, document=document)


def delete(ctx: Context, deployment: Deployment) -> None:
    """Delete a deployment. Raises DeploymentActive while a stage points to it."""
    if any(one.deployment_id == deployment.id for one in stages.load(ctx, deployment.api_id)):
        raise errors.DeploymentActive()
    ctx.db.execute(
        "DELETE FROM deployments WHERE api_id = ? AND id = ?", (deployment.api_id, deployment.id)
    )


def answer(deployment: Deployment) -> Document:
    """Return the reference's Deployment."""
    return {
        "DeploymentId": deployment.id,
        "CreatedDate": int(deployment.created_at),
        **deployment.document,
    }
