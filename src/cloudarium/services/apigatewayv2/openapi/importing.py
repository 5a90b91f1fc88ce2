"""Making an API what a document defines."""

from __future__ import annotations

from typing import Any

from cloudarium.core.context import Context
from cloudarium.core.errors import AwsError
from cloudarium.gateway import roles
from cloudarium.services.apigatewayv2 import (
    apis,
    authorizers,
    deployments,
    errors,
    integrations,
    parts,
    routes,
)
from cloudarium.services.apigatewayv2.openapi.definition import Definition, RouteDefinition

Document = dict[str, Any]


def apply(ctx: Context, api: apis.Api, definition: Definition) -> None:
    """Put a document's parts in place of the API's own. Raises ImportInvalid with all problems.

    An integration that cannot be is left out with a warning, its route has no target.
    """
    _check_roles(ctx, definition)
    parts.clear(ctx, api.id)
    problems: list[str] = []
    known: dict[str, tuple[str, str]] = {}
    for name, given in definition.authorizers.items():
        try:
            validate(ctx, "CreateAuthorizer", {"ApiId": api.id, **given})
            authorizer = authorizers.new(ctx, api, given)
        except AwsError as error:
            problems.append(f"Unable to create authorizer '{name}': {error.message}")
        else:
            kind = "JWT" if given["AuthorizerType"] == "JWT" else "CUSTOM"
            known[name] = (parts.add(ctx, api.id, parts.AUTHORIZER, authorizer), kind)
    for one in definition.routes:
        try:
            _add(ctx, api, one, known, definition.warnings)
        except AwsError as error:
            problems.append(f"Unable to create route '{one.key}': {error.message}")
    if problems:
        raise errors.ImportInvalid(problems="\n\t".join(problems))
    deployments.changed(ctx, api)


def _check_roles(ctx: Context, definition: Definition) -> None:
    named = {(one.integration or {}).get("CredentialsArn") for one in definition.routes}
    named |= {one.get("AuthorizerCredentialsArn") for one in definition.authorizers.values()}
    roles.check(ctx, named)


def _add(
    ctx: Context,
    api: apis.Api,
    route: RouteDefinition,
    known: dict[str, tuple[str, str]],
    warnings: list[str],
) -> None:
    given: Document = {"RouteKey": route.key, "AuthorizationType": route.kind or "NONE"}
    if route.name:
        given["OperationName"] = route.name
    if route.scheme in known:
        given["AuthorizerId"], given["AuthorizationType"] = known[route.scheme]
        if route.scopes and given["AuthorizationType"] == "JWT":
            given["AuthorizationScopes"] = list(route.scopes)
    if route.integration is not None:
        try:
            validate(ctx, "CreateIntegration", {"ApiId": api.id, **route.integration})
            integration = integrations.new(api, route.integration)
        except AwsError as error:
            reason = f"at path '{route.key}': {error.message.rstrip('.')}. Ignoring."
            warnings.append(f"Unable to create integration for resource {reason}")
        else:
            integration_id = parts.add(ctx, api.id, parts.INTEGRATION, integration)
            given["Target"] = f"integrations/{integration_id}"
    validate(ctx, "CreateRoute", {"ApiId": api.id, **given})
    parts.add(ctx, api.id, parts.ROUTE, routes.new(ctx, api, given))


def validate(ctx: Context, operation: str, params: Document) -> None:
    """Raise unless an operation could be called with what a document says."""
    found = ctx.runtime.operation("apigatewayv2", operation)
    assert found is not None
    found.validate(params)
