"""Deployments, which are snapshots of an API, and the stages that point to them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from cloudarium.core.context import Context
from cloudarium.gateway import roles
from cloudarium.services.apigateway import apis, errors, parts, tree
from cloudarium.services.apigateway.serving.stages import ServedStages

Document = dict[str, Any]


@dataclass(frozen=True)
class Deployment:
    """One deployment; its snapshot is read only to serve it."""

    api_id: str
    id: str
    created_at: float
    description: str | None


@dataclass(frozen=True)
class Stage:
    """One stage. `document` is the reference's Stage without its name and deployment."""

    api_id: str
    name: str
    deployment_id: str
    document: Document


def snapshot(ctx: Context, api: apis.Api) -> Document:
    """Return everything that decides how the API serves requests, as it now is."""
    return {
        "api": {**api.settings, "id": api.id},
        "resources": [
            {"id": one.id, "path": one.path, "methods": one.methods}
            for one in tree.load(ctx, api.id).values()
        ],
        "models": {
            name: model["schema"] for name, model in parts.load(ctx, api.id, parts.MODEL).items()
        },
        "validators": parts.load(ctx, api.id, parts.VALIDATOR),
        "authorizers": parts.load(ctx, api.id, parts.AUTHORIZER),
        "gatewayResponses": parts.load(ctx, api.id, parts.GATEWAY_RESPONSE),
    }


def create(ctx: Context, api: apis.Api, description: str | None) -> Deployment:
    """Take a snapshot of the API.

    Raises if it has no method, or one without integration, or is private without a policy, or if
    it has a policy and an integration is called as the caller (public reports of SAM's APIs).
    """
    endpoint = api.settings.get("endpointConfiguration") or {}
    if endpoint.get("types") == ["PRIVATE"] and not api.settings.get("policy"):
        raise errors.PolicyMissing()
    taken = snapshot(ctx, api)
    methods = [one for each in taken["resources"] for one in each["methods"].values()]
    if not methods:
        raise errors.NothingToDeploy()
    if any("methodIntegration" not in one for one in methods):
        raise errors.IntegrationMissing()
    if api.settings.get("policy") and any(
        one["methodIntegration"].get("credentials") == roles.CALLER for one in methods
    ):
        raise errors.CallerWithPolicy()
    deployment = Deployment(api.id, apis.new_id(ctx), ctx.now, description)
    ctx.db.execute(
        "INSERT INTO deployments VALUES (?, ?, ?, ?, ?)",
        (api.id, deployment.id, deployment.created_at, description, json.dumps(taken)),
    )
    return deployment


def find(ctx: Context, api_id: str, deployment_id: str) -> Deployment:
    """Return the deployment, or raise DeploymentNotFound."""
    row = ctx.db.execute(
        "SELECT api_id, id, created_at, description FROM deployments WHERE api_id = ? AND id = ?",
        (api_id, deployment_id),
    ).fetchone()
    if row is None or apis.get(ctx, api_id) is None:
        raise errors.DeploymentNotFound()
    return Deployment(*row)


def load(ctx: Context, api_id: str) -> list[Deployment]:
    """Return an API's deployments, the oldest first."""
    rows = ctx.db.execute(
        "SELECT api_id, id, created_at, description FROM deployments WHERE api_id = ? "
        "ORDER BY rowid",
        (api_id,),
    )
    return [Deployment(*row) for row in rows]


def describe(ctx: Context, deployment: Deployment, description: str | None) -> Deployment:
    """Store another description."""
    ctx.db.execute(
        "UPDATE deployments SET description = ? WHERE api_id = ? AND id = ?",
        (description, deployment.api_id, deployment.id),
    )
    return find(ctx, deployment.api_id, deployment.id)


def delete(ctx: Context, deployment: Deployment) -> None:
    """Delete a deployment. Raises DeploymentActive while a stage points to it."""
    for one in stages(ctx, deployment.api_id):
        canary = one.document.get("canarySettings") or {}
        if deployment.id not in (one.deployment_id, canary.get("deploymentId")):
            continue
        raise errors.DeploymentActive()
    ctx.db.execute(
        "DELETE FROM deployments WHERE api_id = ? AND id = ?", (deployment.api_id, deployment.id)
    )


def load_snapshot(ctx: Context, api_id: str, deployment_id: str) -> Document:
    """Return what a deployment took down of its API."""
    row = ctx.db.execute(
        "SELECT snapshot FROM deployments WHERE api_id = ? AND id = ?", (api_id, deployment_id)
    ).fetchone()
    found: Document = json.loads(row["snapshot"])
    return found


def summary(ctx: Context, deployment: Deployment) -> Document:
    """Return the reference's `apiSummary`: path -> HTTP method -> how it is protected."""
    taken = load_snapshot(ctx, deployment.api_id, deployment.id)
    return {
        one["path"]: {
            name: {
                "authorizationType": method["authorizationType"],
                "apiKeyRequired": method["apiKeyRequired"],
            }
            for name, method in one["methods"].items()
        }
        for one in taken["resources"]
        if one["methods"]
    }


def answer(deployment: Deployment) -> Document:
    """Return the reference's Deployment."""
    shown: Document = {"id": deployment.id, "createdDate": int(deployment.created_at)}
    if deployment.description:
        shown["description"] = deployment.description
    return shown


def stages(ctx: Context, api_id: str) -> list[Stage]:
    """Return an API's stages by name."""
    rows = ctx.db.execute("SELECT * FROM stages WHERE api_id = ? ORDER BY name", (api_id,))
    return [
        Stage(row["api_id"], row["name"], row["deployment_id"], json.loads(row["document"]))
        for row in rows
    ]


def find_stage(ctx: Context, api_id: str, name: str) -> Stage:
    """Return the stage, or raise StageNotFound."""
    if apis.get(ctx, api_id) is not None:
        for stage in stages(ctx, api_id):
            if stage.name == name:
                return stage
    raise errors.StageNotFound()


def put_stage(ctx: Context, stage: Stage) -> None:
    """Store a stage, replacing one of the same name."""
    ctx.db.execute(
        "INSERT OR REPLACE INTO stages VALUES (?, ?, ?, ?)",
        (stage.api_id, stage.name, stage.deployment_id, json.dumps(stage.document)),
    )
    served_anew(ctx, stage.api_id)


def delete_stage(ctx: Context, stage: Stage) -> None:
    """Delete a stage."""
    ctx.db.execute("DELETE FROM stages WHERE api_id = ? AND name = ?", (stage.api_id, stage.name))
    served_anew(ctx, stage.api_id)


def served_anew(ctx: Context, api_id: str) -> None:
    """Have the API's stages read anew once this transaction has committed."""
    served = ctx.state(ServedStages)
    ctx.runtime.store.after_commit(lambda: served.forget(api_id))


def new_stage(ctx: Context, api_id: str, name: str, deployment_id: str) -> Stage:
    """Return a stage as it is when nothing else is said; it is not stored."""
    document = {
        "cacheClusterEnabled": False,
        "cacheClusterStatus": "NOT_AVAILABLE",
        "methodSettings": {},
        "tracingEnabled": False,
        "createdDate": int(ctx.now),
        "lastUpdatedDate": int(ctx.now),
    }
    return Stage(api_id, name, deployment_id, document)


def stage_answer(stage: Stage) -> Document:
    """Return the reference's Stage."""
    document = dict(stage.document)
    if not document.get("tags"):
        document.pop("tags", None)
    return {"deploymentId": stage.deployment_id, "stageName": stage.name, **document}
