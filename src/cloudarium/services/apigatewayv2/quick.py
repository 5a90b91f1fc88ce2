"""Quick create: an API made of one target, whose route, integration and stage are managed.

Source: CreateApi, `Target`, `RouteKey` and `CredentialsArn`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cloudarium.core.context import Context
from cloudarium.services.apigatewayv2 import deployments, integrations, parts, routes, stages
from cloudarium.services.apigatewayv2.apis import Api

_MANAGED = {"ApiGatewayManaged": True}


def build(ctx: Context, api: Api, given: Mapping[str, Any]) -> None:
    """Give a new API its integration, its route and its stage `$default`."""
    integration = integrations.new(api, _integration(given))
    integration_id = parts.add(ctx, api.id, parts.INTEGRATION, {**integration, **_MANAGED})
    key = given.get("RouteKey") or routes.DEFAULT
    route = routes.new(ctx, api, {"RouteKey": key, "Target": f"integrations/{integration_id}"})
    parts.add(ctx, api.id, parts.ROUTE, {**route, **_MANAGED})
    stage = stages.new(ctx, api, {"StageName": stages.DEFAULT, "AutoDeploy": True})
    stages.put(ctx, stages.with_members(stage, _MANAGED))
    deployments.changed(ctx, api)


def rebuild(ctx: Context, api: Api, given: Mapping[str, Any]) -> None:
    """Change the target and the route key of an API made by quick create."""
    for part_id, found in parts.load(ctx, api.id, parts.INTEGRATION).items():
        if found.get("ApiGatewayManaged") and (given.get("Target") or given.get("CredentialsArn")):
            told = {"Target": found["IntegrationUri"], **given}
            made = {**integrations.new(api, _integration(told)), **_MANAGED}
            parts.put(ctx, api.id, parts.INTEGRATION, part_id, made)
    for part_id, found in parts.load(ctx, api.id, parts.ROUTE).items():
        if found.get("ApiGatewayManaged") and given.get("RouteKey"):
            route = routes.checked(ctx, api, {**found, "RouteKey": given["RouteKey"]}, part_id)
            parts.put(ctx, api.id, parts.ROUTE, part_id, route)


def _integration(given: Mapping[str, Any]) -> dict[str, Any]:
    target = given["Target"]
    made: dict[str, Any] = {"IntegrationUri": target, "CredentialsArn": given.get("CredentialsArn")}
    if target.startswith("arn:"):
        return {**made, "IntegrationType": "AWS_PROXY", "PayloadFormatVersion": "2.0"}
    return {**made, "IntegrationType": "HTTP_PROXY", "IntegrationMethod": "ANY"}
