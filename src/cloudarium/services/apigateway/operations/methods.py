"""Methods and their responses."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.services.apigateway import definitions, errors, parts, tree
from cloudarium.services.apigateway.patches import Patches, element, entry, flag, text

_METHOD = Patches(
    {
        "/authorizationType": text("authorizationType"),
        "/authorizerId": text("authorizerId"),
        "/apiKeyRequired": flag("apiKeyRequired"),
        "/operationName": text("operationName"),
        "/requestValidatorId": text("requestValidatorId"),
        "/requestParameters/*": entry(
            "requestParameters", absent=errors.ParameterNotFound, is_flag=True
        ),
        "/requestModels/*": entry("requestModels", absent=errors.ContentTypeNotFound),
        "/authorizationScopes/*": element("authorizationScopes"),
    }
)
_RESPONSE = Patches(
    {
        "/responseParameters/*": entry(
            "responseParameters", absent=errors.ParameterNotFound, is_flag=True
        ),
        "/responseModels/*": entry("responseModels", absent=errors.ContentTypeNotFound),
    }
)


def put_method(ctx: Context, request: Request) -> Response:
    """Add a method to a resource."""
    http_method = definitions.http_method(request["httpMethod"])
    resource = tree.find(ctx, request["restApiId"], request["resourceId"])
    if http_method in resource.methods:
        raise errors.MethodExists()
    method = definitions.method(request, http_method, parts.known(ctx, resource.api_id))
    resource.methods[http_method] = method
    tree.save_methods(ctx, resource)
    return method


def get_method(ctx: Context, request: Request) -> Response:
    """Return a method with its responses and integration."""
    return _find(ctx, request)[1]


def update_method(ctx: Context, request: Request) -> Response:
    """Patch a method."""
    resource, method = _find(ctx, request)
    patched = _METHOD.apply(method, request.get("patchOperations"))
    definitions.check_method(patched, parts.known(ctx, resource.api_id))
    resource.methods[method["httpMethod"]] = patched
    tree.save_methods(ctx, resource)
    return patched


def delete_method(ctx: Context, request: Request) -> None:
    """Delete a method."""
    resource, method = _find(ctx, request)
    del resource.methods[method["httpMethod"]]
    tree.save_methods(ctx, resource)


def put_method_response(ctx: Context, request: Request) -> Response:
    """Declare a response of a method."""
    resource, method = _find(ctx, request)
    responses = method.setdefault("methodResponses", {})
    if request["statusCode"] in responses:
        raise errors.ResponseExists()
    response = {"statusCode": request["statusCode"]}
    for member in ("responseParameters", "responseModels"):
        if request.get(member) is not None:
            response[member] = request[member]
    definitions.check_method_response(response, parts.load(ctx, resource.api_id, parts.MODEL))
    responses[request["statusCode"]] = response
    tree.save_methods(ctx, resource)
    return response


def get_method_response(ctx: Context, request: Request) -> Response:
    """Return a response a method declares."""
    return _find_response(ctx, request)[2]


def update_method_response(ctx: Context, request: Request) -> Response:
    """Patch a response a method declares."""
    resource, method, response = _find_response(ctx, request)
    patched = _RESPONSE.apply(response, request.get("patchOperations"))
    definitions.check_method_response(patched, parts.load(ctx, resource.api_id, parts.MODEL))
    method["methodResponses"][request["statusCode"]] = patched
    tree.save_methods(ctx, resource)
    return patched


def delete_method_response(ctx: Context, request: Request) -> None:
    """Delete a response a method declares."""
    resource, method, _ = _find_response(ctx, request)
    del method["methodResponses"][request["statusCode"]]
    if not method["methodResponses"]:
        del method["methodResponses"]
    tree.save_methods(ctx, resource)


def _find(ctx: Context, request: Request) -> tuple[tree.Resource, Response]:
    resource = tree.find(ctx, request["restApiId"], request["resourceId"])
    return resource, tree.method(resource, request["httpMethod"])


def _find_response(ctx: Context, request: Request) -> tuple[tree.Resource, Response, Response]:
    resource, method = _find(ctx, request)
    response = method.get("methodResponses", {}).get(request["statusCode"])
    if response is None:
        raise errors.ResponseNotFound()
    return resource, method, response
