"""Test invocations of methods and authorizers."""

from __future__ import annotations

from cloudarium.core.context import Context, Request, Response
from cloudarium.gateway.router import Router
from cloudarium.services.apigateway import apis, deployments, errors, parts, tree
from cloudarium.services.apigateway.serving import trial
from cloudarium.services.apigateway.serving.compiled import Compiled, Method


async def test_invoke_authorizer(ctx: Context, request: Request) -> Response:
    """Ask an authorizer as it now is; answer what it says of the caller."""
    with ctx.transaction():
        api_id, name = request["restApiId"], request["authorizerId"]
        if parts.get(ctx, api_id, parts.AUTHORIZER, name) is None:
            raise errors.AuthorizerNotFound()
        compiled = Compiled(deployments.snapshot(ctx, apis.find(ctx, api_id)))
    return await trial.authorizer(ctx, compiled, request)


async def test_invoke_method(ctx: Context, request: Request) -> Response:
    """Run a method as it now is; answer its response and the log of how it came about.

    A path that does not fit the resource's gives no path parameters, as on AWS.
    """
    with ctx.transaction():
        resource = tree.find(ctx, request["restApiId"], request["resourceId"])
        document = tree.method(resource, request["httpMethod"])
        if "methodIntegration" not in document:
            raise errors.IntegrationNotFound()
        api = apis.find(ctx, request["restApiId"])
        compiled = Compiled(deployments.snapshot(ctx, api))
    path = (request.get("pathWithQueryString") or resource.path).partition("?")[0]
    found: Router[str] = Router([(resource.path, {"ANY": resource.id})])
    _, parameters = found.find("ANY", path) or ("", {})
    method = Method(resource.id, resource.path, document, compiled.check(document))
    return await trial.run(ctx, compiled, method, parameters, request)
