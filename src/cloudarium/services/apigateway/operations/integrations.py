"""Integrations and their responses."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import definitions, errors, limits, tree
from cloudarium.services.apigateway.patches import Patches, Rule, element, entry, is_true, text


def _timeout(document: Response, op: str, key: str, value: str | None) -> None:
    if not (value or "").isdigit():
        raise errors.TimeoutInvalid(most=limits.INTEGRATION_TIMEOUT_MS)
    document["timeoutInMillis"] = int(value or 0)


def _tls(document: Response, op: str, key: str, value: str | None) -> None:
    document["tlsConfig"] = {"insecureSkipVerification": is_true(value)}


_INTEGRATION = Patches(
    {
        "/httpMethod": text("httpMethod"),
        "/uri": text("uri"),
        "/credentials": text("credentials", ("add", "replace", "remove")),
        "/connectionType": text("connectionType"),
        "/connectionId": text("connectionId"),
        "/passthroughBehavior": text("passthroughBehavior"),
        "/contentHandling": text("contentHandling"),
        "/timeoutInMillis": Rule(_timeout),
        "/responseTransferMode": text("responseTransferMode"),
        "/integrationTarget": text("integrationTarget"),
        "/tlsConfig/insecureSkipVerification": Rule(_tls),
        "/cacheNamespace": text("cacheNamespace"),
        "/cacheKeyParameters/*": element("cacheKeyParameters"),
        "/requestParameters/*": entry("requestParameters", absent=errors.ParameterNotFound),
        "/requestTemplates/*": entry("requestTemplates", absent=errors.ContentTypeNotFound),
    }
)
_RESPONSE = Patches(
    {
        "/selectionPattern": text("selectionPattern"),
        "/contentHandling": text("contentHandling"),
        "/responseParameters/*": entry("responseParameters", absent=errors.ParameterNotFound),
        "/responseTemplates/*": entry("responseTemplates", absent=errors.ContentTypeNotFound),
    }
)


def put_integration(ctx: Context, request: Request) -> Response:
    """Set what answers a method; an integration that was there is replaced."""
    resource = tree.find(ctx, request["restApiId"], request["resourceId"])
    method = tree.method(resource, request["httpMethod"])
    integration = definitions.integration(request, resource.id)
    method["methodIntegration"] = integration
    definitions.check_cache_keys(method)
    tree.save_methods(ctx, resource)
    return integration


def get_integration(ctx: Context, request: Request) -> Response:
    """Return a method's integration with its responses."""
    return _find(ctx, request)[1]


def update_integration(ctx: Context, request: Request) -> Response:
    """Patch an integration."""
    resource, integration = _find(ctx, request)
    patched = _INTEGRATION.apply(integration, request.get("patchOperations"))
    patched.setdefault("cacheKeyParameters", [])
    definitions.check_integration(patched)
    method = resource.methods[request["httpMethod"]]
    method["methodIntegration"] = patched
    definitions.check_cache_keys(method)
    tree.save_methods(ctx, resource)
    return patched


def delete_integration(ctx: Context, request: Request) -> None:
    """Delete a method's integration."""
    resource, _ = _find(ctx, request)
    del resource.methods[request["httpMethod"]]["methodIntegration"]
    tree.save_methods(ctx, resource)


def put_integration_response(ctx: Context, request: Request) -> Response:
    """Set how one result of an integration becomes the method's response."""
    resource, integration = _find(ctx, request)
    response = {"statusCode": request["statusCode"]}
    for member in ("selectionPattern", "contentHandling", "responseParameters"):
        if request.get(member) is not None:
            response[member] = request[member]
    if request.get("responseTemplates") is not None:
        templates = request["responseTemplates"]
        response["responseTemplates"] = {kind: text or None for kind, text in templates.items()}
    _check_response(resource, request, response)
    integration.setdefault("integrationResponses", {})[request["statusCode"]] = response
    tree.save_methods(ctx, resource)
    return response


def get_integration_response(ctx: Context, request: Request) -> Response:
    """Return how one result of an integration becomes the method's response."""
    return _find_response(ctx, request)[2]


def update_integration_response(ctx: Context, request: Request) -> Response:
    """Patch an integration response."""
    resource, integration, response = _find_response(ctx, request)
    patched = _RESPONSE.apply(response, request.get("patchOperations"))
    _check_response(resource, request, patched)
    integration["integrationResponses"][request["statusCode"]] = patched
    tree.save_methods(ctx, resource)
    return patched


def delete_integration_response(ctx: Context, request: Request) -> None:
    """Delete an integration response."""
    resource = tree.find(ctx, request["restApiId"], request["resourceId"])
    # A missing method counts as a missing integration here, and only here.
    integration = resource.methods.get(request["httpMethod"], {}).get("methodIntegration")
    if integration is None:
        raise errors.IntegrationNotFound()
    if request["statusCode"] not in integration.get("integrationResponses", {}):
        raise errors.ResponseNotFound()
    del integration["integrationResponses"][request["statusCode"]]
    if not integration["integrationResponses"]:
        del integration["integrationResponses"]
    tree.save_methods(ctx, resource)


def _find(ctx: Context, request: Request) -> tuple[tree.Resource, Response]:
    resource = tree.find(ctx, request["restApiId"], request["resourceId"])
    method = tree.method(resource, request["httpMethod"])
    if "methodIntegration" not in method:
        raise errors.IntegrationNotFound()
    return resource, method["methodIntegration"]


def _find_response(ctx: Context, request: Request) -> tuple[tree.Resource, Response, Response]:
    resource, integration = _find(ctx, request)
    response = integration.get("integrationResponses", {}).get(request["statusCode"])
    if response is None:
        raise errors.ResponseNotFound()
    return resource, integration, response


def _check_response(resource: tree.Resource, request: Request, response: Response) -> None:
    method = resource.methods[request["httpMethod"]]
    declared = method.get("methodResponses", {}).get(request["statusCode"], {})
    definitions.check_integration_response(response, declared)
