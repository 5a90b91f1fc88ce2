"""Integrations: what answers requests and messages."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigatewayv2 import apis, deployments, errors, integrations, paging, parts


def create_integration(ctx: Context, request: Request) -> Response:
    """Create an integration."""
    api = apis.find(ctx, request["ApiId"])
    integration = integrations.new(api, request)
    integration_id = parts.add(ctx, api.id, parts.INTEGRATION, integration)
    deployments.changed(ctx, api)
    return parts.answer(parts.INTEGRATION, integration_id, integration)


def get_integration(ctx: Context, request: Request) -> Response:
    """Return an integration."""
    api = apis.find(ctx, request["ApiId"])
    found = parts.find(ctx, api.id, parts.INTEGRATION, request["IntegrationId"])
    return parts.answer(parts.INTEGRATION, request["IntegrationId"], found)


def get_integrations(ctx: Context, request: Request) -> Response:
    """Return an API's integrations."""
    api = apis.find(ctx, request["ApiId"])
    found = parts.load(ctx, api.id, parts.INTEGRATION)
    return paging.page(
        request, list(found.items()), lambda one: parts.answer(parts.INTEGRATION, *one)
    )


def update_integration(ctx: Context, request: Request) -> Response:
    """Change an integration."""
    api = apis.find(ctx, request["ApiId"])
    integration_id = request["IntegrationId"]
    before = parts.find(ctx, api.id, parts.INTEGRATION, integration_id)
    told = parts.of_members(request, integrations.MEMBERS)
    said = {"IntegrationSubtype", "IntegrationUri"} & set(told)
    if before.get("IntegrationSubtype") and not said:
        # AWS takes one for what has a URI if its subtype is not said again, as was seen.
        raise errors.IntegrationUriMissing()
    integration = integrations.checked(api, parts.merged(before, told, *integrations.MAPS))
    parts.put(ctx, api.id, parts.INTEGRATION, integration_id, integration)
    deployments.changed(ctx, api)
    return parts.answer(parts.INTEGRATION, integration_id, integration)


def delete_integration(ctx: Context, request: Request) -> None:
    """Delete an integration that no route goes to."""
    api = apis.find(ctx, request["ApiId"])
    integration_id = request["IntegrationId"]
    if parts.find(ctx, api.id, parts.INTEGRATION, integration_id).get("ApiGatewayManaged"):
        raise errors.ManagedKept(action="delete", noun="Integration")
    target = f"integrations/{integration_id}"
    users = parts.using(ctx, api.id, "Target", target)
    if users:
        raise errors.IntegrationInUse(ids=", ".join(users))
    parts.delete(ctx, api.id, parts.INTEGRATION, integration_id)
    deployments.changed(ctx, api)
